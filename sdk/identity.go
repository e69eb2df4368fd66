package tidegate

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path"
	"regexp"
	"runtime/debug"
	"strings"
	"unicode"
	"unicode/utf8"
)

// identity is what a process says about itself. Without the name of a service it says nothing.
type identity struct {
	service, version, instance string
	shadow                     bool
}

// maxIdentity is how many bytes the server takes of each part of an identity.
const maxIdentity = 256

// check returns an error for an identity that cannot be sent: the server would refuse every request with it.
func (id identity) check() error {
	for _, part := range []struct{ name, value string }{
		{"name of the service", id.service}, {"version of the service", id.version}, {"instance id", id.instance},
	} {
		if len(part.value) > maxIdentity || !utf8.ValidString(part.value) || strings.ContainsFunc(part.value, unicode.IsControl) {
			return fmt.Errorf("the %s %.40q may have %d bytes, in UTF-8 and without control characters", part.name, part.value, maxIdentity)
		}
	}
	return nil
}

// The environment variables that OpenTelemetry's SDKs read.
const (
	envServiceName        = "OTEL_SERVICE_NAME"
	envResourceAttributes = "OTEL_RESOURCE_ATTRIBUTES"
)

// majorVersion matches the last element of a module's path, from the second major version on.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// processIdentity reads OpenTelemetry's environment variables. Where they say nothing, it takes what the binary says
// about itself. getenv may be os.Getenv; build may be nil.
func processIdentity(getenv func(string) string, build *debug.BuildInfo) identity {
	attributes := resourceAttributes(getenv(envResourceAttributes))
	id := identity{
		service: getenv(envServiceName), version: attributes["service.version"], instance: attributes["service.instance.id"],
	}
	if id.service == "" {
		id.service = attributes["service.name"]
	}
	if id.instance == "" {
		id.instance = randomInstance()
	}
	if build == nil {
		return id
	}
	if id.service == "" {
		id.service = commandName(build)
	}
	if id.version == "" && build.Main.Version != "(devel)" {
		id.version = strings.TrimPrefix(build.Main.Version, "v")
	}
	return id
}

// resourceAttributes reads pairs key=value that are separated by commas. The values may be percent-encoded. A text
// that is not of this form counts as empty, as OpenTelemetry's specification asks.
func resourceAttributes(text string) map[string]string {
	attributes := make(map[string]string)
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		if !ok || err != nil {
			return nil
		}
		attributes[strings.TrimSpace(key)] = decoded
	}
	return attributes
}

// commandName is the name that `go install` gives the binary.
func commandName(build *debug.BuildInfo) string {
	full := build.Path
	if full == "" {
		full = build.Main.Path
	}
	name := path.Base(full)
	if majorVersion.MatchString(name) {
		name = path.Base(path.Dir(full))
	}
	if name == "." || name == "/" || name == "command-line-arguments" {
		return ""
	}
	return name
}

// randomInstance is the host's name, which people know, and a random part. The random part is needed because a host
// may run many processes, and because a container that is started again keeps its name.
func randomInstance() string {
	suffix := strings.ToLower(rand.Text()[:8])
	host, err := os.Hostname()
	if err != nil {
		return suffix // the name is for people only
	}
	return host + "-" + suffix
}
