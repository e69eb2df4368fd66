package hooks

import (
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
)

// tool reads the events of one kind of tool. It decides nothing that needs more than the event.
type tool interface {
	// signs tells that senders sign their events with the secret. Such a secret is stored as it is.
	signs() bool
	// event names what the request says about its payload outside of it. The name is kept with the payload.
	event(r *http.Request) string
	// read translates a payload. If something is wrong with it, the error is a problem that names the field.
	read(event string, payload []byte, names *names) (reading, error)
}

// toolOf gives the tool of a kind, or nil for one that is unknown.
func toolOf(kind openapi.WebhookKind) tool {
	switch kind {
	case openapi.WebhookKindGithub:
		return github{}
	case openapi.WebhookKindArgocd:
		return argoCD{}
	case openapi.WebhookKindArgoRollouts:
		return argoRollouts{}
	case openapi.WebhookKindFlagger:
		return flagger{}
	case openapi.WebhookKindCodedeploy:
		return codeDeploy{}
	case openapi.WebhookKindGeneric:
		return generic{}
	}
	return nil
}

// Signs tells whether senders of the kind sign their events, so that the secret has to be stored as it is.
func Signs(kind openapi.WebhookKind) bool {
	t := toolOf(kind)
	return t != nil && t.signs()
}

// reading is what an event says.
type reading struct {
	reports []report
	// note says why there is nothing to do, if there are neither reports nor a question.
	note string
	// question is set if the sender asks and does not report.
	question *question
}

// report is a deployment in the tool's words.
type report struct {
	service, environment named
	// deployment has no service yet.
	deployment release.Deployment
	// at is when it happened, as the sender says; zero where it does not say.
	at time.Time
	// reason is kept with the change.
	reason string
	// identity says what the external id stands for.
	identity identity
	// oneOf are versions. The deployment is one of them, but the event does not say which.
	oneOf []string
	// family is a common beginning of the external ids of several deployments, which take turns. The report is about
	// the one that is under way, even if that has another version. If family is empty, the report is about the
	// version that it names.
	family string
}

// named is a name in the tool's words, and where in the payload it is. It may hold several forms of the name: the
// full one, such as a repository with its owner, comes first, and the short one comes last. Patterns may match
// either.
type named struct {
	names   []string
	pointer string
}

// name makes a named. The last text is the short form of the name.
func name(pointer string, texts ...string) named { return named{texts, pointer} }

func (n named) short() string { return n.names[len(n.names)-1] }

// identity is what an external id, or the lack of a version, means.
type identity int

const (
	// ofDeployment: each deployment has an external id of its own.
	ofDeployment identity = iota
	// ofContent: the external id stands for what is deployed, which may be deployed again later.
	ofContent
	// ofUnderWay: the event names no version. It is about the deployment of the service that is under way.
	ofUnderWay
)

// question is asked by a sender that acts upon the status of the answer.
type question struct {
	service, environment named
	// version is empty if the sender does not say it. Then it is the version of the deployment that is under way.
	version string
	// rollback asks whether to roll back; otherwise the question is whether to go on.
	rollback bool
}
