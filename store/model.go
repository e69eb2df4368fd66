package store

import (
	"encoding/json"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// Project owns flags and segments.
type Project struct {
	Key       string    `json:"key"`
	Name      string    `json:"name"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
}

// EnvironmentRef names an environment of a project.
type EnvironmentRef struct {
	Project     string `json:"project"`
	Environment string `json:"environment"`
}

// FlagRef names a flag in an environment.
type FlagRef struct {
	EnvironmentRef
	Flag string
}

// Environment owns the configuration of its project's flags, SDK keys, deployments and a revision.
type Environment struct {
	EnvironmentRef
	Name string `json:"name"`
	// Production environments ask for confirmation in the web app.
	Production bool `json:"production"`
	// Position orders the environments of a project on pages.
	Position int64 `json:"position"`
	// AllowedOrigins are the web origins whose pages may evaluate flags here; empty is every origin. They hold no spaces.
	AllowedOrigins []string `json:"allowedOrigins,omitempty"`
	Version        int64    `json:"version"`
	// Revision is raised by one with every Change of the environment.
	Revision  int64     `json:"revision"`
	CreatedAt time.Time `json:"createdAt"`
	// Freezes are the times when no release starts or takes a step in the environment.
	Freezes []release.Freeze `json:"freezes,omitempty"`
}

// Purpose is why a flag exists (Hodgson's categories, and migration).
type Purpose string

// The purposes of flags.
const (
	PurposeRelease     Purpose = "release"
	PurposeExperiment  Purpose = "experiment"
	PurposeOperational Purpose = "operational"
	PurposePermission  Purpose = "permission"
	PurposeMigration   Purpose = "migration"
)

// Flag is the definition of a flag, the same in every environment.
type Flag struct {
	Project     string                `json:"project"`
	Key         string                `json:"key"`
	Name        string                `json:"name"`
	Description string                `json:"description"`
	Type        evaluator.Type        `json:"type"`
	Purpose     Purpose               `json:"purpose"`
	Variations  []evaluator.Variation `json:"variations"`
	ClientSide  bool                  `json:"clientSide"`
	Tags        []string              `json:"tags"`
	Owner       string                `json:"owner"`
	// Archived flags are gone from every snapshot; their keys are never used again.
	Archived  bool      `json:"archived"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// FlagConfig is a flag in one environment.
type FlagConfig struct {
	FlagRef
	Config    evaluator.FlagConfig
	FleetOpen bool
	// FleetWarning says how the fleet contradicts an availability of scope fleet. It is "" if there is no
	// contradiction.
	FleetWarning string
	// Kill is set while the flag is killed. The flag is then served as if it were off.
	Kill    *release.Kill
	Version int64
	// Revision is the environment's revision at which the flag last changed there.
	Revision  int64
	UpdatedAt time.Time
	UpdatedBy string
}

// Segment is a project's named set of contexts.
type Segment struct {
	Project     string                  `json:"project"`
	Key         string                  `json:"key"`
	Name        string                  `json:"name"`
	Description string                  `json:"description"`
	Included    []string                `json:"included"`
	Excluded    []string                `json:"excluded"`
	Rules       []evaluator.SegmentRule `json:"rules"`
	// Archived segments are gone from every snapshot; their keys are never used again.
	Archived  bool      `json:"archived"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Deployment is a release.Deployment in its environment.
type Deployment struct {
	EnvironmentRef
	release.Deployment
}

// Release is a release.Release in its environment. A flag has at most one at a time there; earlier ones are in the
// Changes.
type Release struct {
	EnvironmentRef
	release.Release
	UpdatedAt time.Time
}

// PresenceTTL is how long an instance counts as alive after it was last seen.
const PresenceTTL = 30 * time.Second

// ReleasePolicy is a release.Policy of a project.
type ReleasePolicy struct {
	Project     string `json:"project"`
	Key         string `json:"key"`
	Name        string `json:"name"`
	Description string `json:"description"`
	release.Policy
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Instance is one live process of a service.
type Instance struct {
	EnvironmentRef
	Service    string
	InstanceID string
	Version    string
	StartedAt  time.Time
	SeenAt     time.Time
	// Revision is the revision of the environment that the instance had when it was seen. It is 0 if that is not
	// known.
	Revision int64
	// Shadow instances evaluate flags for traffic whose answers nobody sees. They count for nothing.
	Shadow bool
	// Doubtful instances may be gone: at the moment it cannot be found out. It is not stored.
	Doubtful bool
}

// Measurement is what one replica has measured of a release in a span of time.
type Measurement struct {
	EnvironmentRef
	// Release is the id of the release.
	Release   string
	WrittenAt time.Time
	release.Measurement
}

// SDKKeyKind says what an SDK key may read.
type SDKKeyKind string

// Server keys read rules, snapshots and streams and send events; client keys evaluate client-side flags by OFREP and
// never see a rule.
const (
	SDKKeyServer SDKKeyKind = "server"
	SDKKeyClient SDKKeyKind = "client"
)

// SDKKey lets an application evaluate the flags of one environment. Only the SHA-256 of the key is stored.
type SDKKey struct {
	EnvironmentRef
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Kind SDKKeyKind `json:"kind"`
	// Prefix is the beginning of the key, enough to recognise it on a page.
	Prefix    string    `json:"prefix"`
	Hash      []byte    `json:"-"`
	CreatedAt time.Time `json:"createdAt"`
	// RevokedAt is when the key stopped working; nil while it works.
	RevokedAt *time.Time `json:"revokedAt,omitempty"`
	// AllowedOrigins are those of the environment. They are filled in only where the working keys of all are listed.
	AllowedOrigins []string `json:"allowedOrigins,omitempty"`
}

// Role is what the bearer of an access token or a session may do. Each role includes the rights of the roles before
// it.
type Role string

// The roles.
const (
	RoleViewer   Role = "viewer"
	RoleEditor   Role = "editor"
	RoleReleaser Role = "releaser"
	RoleAdmin    Role = "admin"
)

// AccessToken lets a person's tool or CI use the REST API. Only the SHA-256 of the token is stored.
type AccessToken struct {
	ID   string
	Name string
	Role Role
	// Project and Environment limit the token; empty means all.
	Project     string
	Environment string
	Prefix      string
	Hash        []byte
	CreatedAt   time.Time
	ExpiresAt   *time.Time
	RevokedAt   *time.Time
}

// User is a person who signs in to the web app.
type User struct {
	ID        string
	Name      string
	Role      Role
	CreatedAt time.Time
}

// TokenSession is a browser that has signed in with an access token. Only the SHA-256 of its secret is stored.
type TokenSession struct {
	Hash []byte
	// Token is the id of the access token.
	Token     string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Session is a signed-in browser. While OneTime is set, it is a sign-in link that was not used yet. Only the SHA-256
// of its secret is stored.
type Session struct {
	Hash      []byte
	UserID    string
	OneTime   bool
	CreatedAt time.Time
	ExpiresAt time.Time
}

// ActorKind is what sort of actor made a change.
type ActorKind string

// The kinds of actors.
const (
	ActorUser    ActorKind = "user"
	ActorToken   ActorKind = "token"
	ActorHook    ActorKind = "hook"
	ActorRelease ActorKind = "release"
	ActorSystem  ActorKind = "system"
)

// Actor is who made a change.
type Actor struct {
	Kind ActorKind
	Name string
}

// ChangeKind is what a change is about.
type ChangeKind string

// The kinds of changes.
const (
	ChangeProject       ChangeKind = "project"
	ChangeEnvironment   ChangeKind = "environment"
	ChangeFlag          ChangeKind = "flag"
	ChangeFlagConfig    ChangeKind = "flagConfig"
	ChangeSegment       ChangeKind = "segment"
	ChangeSDKKey        ChangeKind = "sdkKey"
	ChangeRelease       ChangeKind = "release"
	ChangeKill          ChangeKind = "kill"
	ChangeReleasePolicy ChangeKind = "releasePolicy"
	ChangeDeployment    ChangeKind = "deployment"
	ChangeWebhook       ChangeKind = "webhook"
)

// Change is one step of an environment's revision. This one table is the audit log, the outbox and the history.
type Change struct {
	EnvironmentRef
	Revision int64
	At       time.Time
	Actor    Actor
	Kind     ChangeKind
	// Key is that of the flag, segment, SDK key, deployment, … that changed.
	Key string
	// Reason is the comment of the person, or the reason that the release gives.
	Reason string
	// Before and After are the JSON documents: a Project, Environment, Flag, Segment, SDKKey, Webhook or
	// ReleasePolicy of this package, an evaluator.FlagConfig, a release.Release, a release.Kill or a
	// release.Deployment. Before is nil if there was none, and After is nil if there is none.
	Before json.RawMessage
	After  json.RawMessage
}

// Subject is what one Change is about.
type Subject struct {
	Revision int64
	Kind     ChangeKind
	Key      string
}

// Cursor is a place in an environment's history. Cursors of different epochs cannot be compared.
type Cursor struct {
	Epoch    string
	Revision int64
}
