package main

import (
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// redacted replaces a secret in the output.
const redacted = "xxxxx"

// credentials matches the user and password in front of the host of an address.
var credentials = regexp.MustCompile(`(://)[^/\s"'@?#]*@`)

// secretName matches the names of settings, and of parameters of an address, that hold a secret.
var secretName = regexp.MustCompile(
	`(?i)(token|secret|password|passwd|pwd|pass|keys?|headers|authorization|credential)$`,
)

// redaction takes secrets out of everything that is written for people. It removes the secrets of the settings
// wherever they stand, and the user and password in front of the host of any address.
type redaction struct{ replace *strings.Replacer }

// newRedaction learns the secrets from the environment and the arguments of the process.
func newRedaction(environ, args []string) *redaction {
	var secrets []string
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, environmentPrefix) && !strings.HasPrefix(name, "OTEL_") &&
			!strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			continue
		}
		secrets = append(secrets, secretsOf(name, value)...)
	}
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		if !strings.HasPrefix(arg, "-") {
			name, value = "", arg
			if i > 0 && strings.HasPrefix(args[i-1], "--") {
				name = args[i-1]
			}
		} else if !joined {
			continue
		}
		secrets = append(secrets, secretsOf(name, value)...)
	}
	return &redaction{strings.NewReplacer(replacements(secrets)...)}
}

// secretsOf are the secrets in a value: the whole value, or the secrets in an address.
func secretsOf(name, value string) (secrets []string) {
	if secretName.MatchString(name) {
		for _, part := range append(strings.FieldsFunc(value, func(c rune) bool { return c == ',' || c == ' ' }), value) {
			_, after, _ := strings.Cut(part, "=")
			secrets = append(secrets, part, after)
			if decoded, err := url.QueryUnescape(after); err == nil {
				secrets = append(secrets, decoded)
				_, token, _ := strings.Cut(decoded, " ")
				secrets = append(secrets, token)
			}
		}
	}
	// The address is split by hand, because an address that cannot be parsed may hold a password too.
	if _, rest, found := strings.Cut(value, "://"); found {
		if at := strings.LastIndexByte(rest, '@'); at >= 0 {
			_, password, _ := strings.Cut(rest[:at], ":")
			secrets = append(secrets, password, rest[:at])
			if decoded, err := url.PathUnescape(password); err == nil {
				secrets = append(secrets, decoded)
			}
		}
	}
	if _, query, found := strings.Cut(value, "?"); found {
		for pair := range strings.FieldsFuncSeq(query, func(c rune) bool { return c == '&' || c == '#' }) {
			parameter, secret, _ := strings.Cut(pair, "=")
			if decoded, err := url.QueryUnescape(secret); secretName.MatchString(parameter) {
				secrets = append(secrets, secret)
				if err == nil {
					secrets = append(secrets, decoded)
				}
			}
		}
	}
	return secrets
}

// minSecret is the shortest secret that is replaced everywhere. Shorter texts may be parts of words.
const minSecret = 4

// replacements are pairs for a Replacer, the longest first. They include the escaped forms that logs write.
func replacements(secrets []string) (pairs []string) {
	var forms []string
	for _, secret := range secrets {
		if len(secret) < minSecret {
			continue
		}
		quoted := strconv.Quote(secret)
		forms = append(forms, secret, quoted[1:len(quoted)-1], url.QueryEscape(secret), url.PathEscape(secret))
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, redacted)
	}
	return pairs
}

// text is the text without secrets.
func (r *redaction) text(text string) string {
	return credentials.ReplaceAllString(r.replace.Replace(text), "${1}"+redacted+"@")
}

// writer takes secrets out of what is written to w. It writes each message in one piece.
func (r *redaction) writer(w io.Writer) io.Writer { return redactingWriter{r, w} }

type redactingWriter struct {
	redaction *redaction
	to        io.Writer
}

// Write writes all of p, or fails.
func (w redactingWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.redaction.text(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
