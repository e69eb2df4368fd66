// Package store holds the types, interfaces and errors of persistence. The implementations are store/sqlite and
// store/postgres (the truth) and store/redis (speed). Every implementation runs the one suite in store/storetest.
package store

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// Attribution says who makes a change, why and when. Times come from the caller, never from the database.
type Attribution struct {
	Actor  Actor
	Reason string
	At     time.Time
	// Request makes sure that the write is applied once, even if it is requested several times. It is nil if the
	// write may not be requested again. See Requests.
	Request *Request
	// Checked has, for each environment, the revision at which the caller checked two things: nothing refers to what
	// the write takes away, and everything that the write refers to exists. It is nil if the write needs no such
	// check. See Store.
	Checked map[EnvironmentRef]int64
}

// AnyVersion as the guard of a write means that the write may overwrite any current version.
const AnyVersion int64 = 0

// Store is the truth. It is safe for concurrent use.
//
// Every write is one transaction. It holds the new state, the raised revision of each environment that it touches,
// and one Change for each of these revisions. It raises a revision under the lock of the environment's row, so that
// revisions commit in order and without gaps. After the commit the change is announced on the bus that the store was
// opened with. A write of several environments locks them in the order of their keys.
//
// A write that is guarded by ifVersion fails with a ConflictError if the current version is another one. Then it
// changes nothing. A read of something that does not exist gives ErrNotFound.
//
// The store does not check references, for instance from a flag to its prerequisites. The caller checks them before
// the write. Another write could come in between, so the caller sets Checked in the Attribution. The write then fails
// with ErrMoved, and changes nothing, in two cases: it touches an environment that has changed since the revision in
// Checked, or one that is not in Checked because it is new. Changes that take nothing away and refer to nothing new,
// such as the switching of a flag, do not count.
type Store interface {
	Projects
	Flags
	Segments
	Deployments
	Releases
	ReleasePolicies
	Instances
	Measurements
	Credentials
	History
	Leases
	Requests
	Webhooks

	// Ping tells whether the store can be reached.
	Ping(ctx context.Context) error
	// Close waits for what is under way and closes the store.
	Close() error
}

// Projects stores projects and their environments.
type Projects interface {
	// CreateProject makes no Change, for there is no environment yet that could have it.
	CreateProject(ctx context.Context, p Project, by Attribution) (Project, error)
	Project(ctx context.Context, key string) (Project, error)
	ListProjects(ctx context.Context) ([]Project, error)
	UpdateProject(ctx context.Context, p Project, ifVersion int64, by Attribution) (Project, error)

	// CreateEnvironment also gives every flag of the project a configuration there: off, serving its off variation
	// as in the project's first environment by position, without targets or rules.
	CreateEnvironment(ctx context.Context, e Environment, by Attribution) (Environment, error)
	Environment(ctx context.Context, ref EnvironmentRef) (Environment, error)
	// ListEnvironments orders by position, then key; an empty project means those of all projects.
	ListEnvironments(ctx context.Context, project string) ([]Environment, error)
	UpdateEnvironment(ctx context.Context, e Environment, ifVersion int64, by Attribution) (Environment, error)
}

// Flags stores flags and their configuration in each environment.
type Flags interface {
	// CreateFlag stores the flag with the same first configuration in every environment of its project.
	CreateFlag(ctx context.Context, f Flag, config evaluator.FlagConfig, by Attribution) (Flag, error)
	// Flag also gives a flag that is archived.
	Flag(ctx context.Context, project, key string) (Flag, error)
	// ListFlags orders by key.
	ListFlags(ctx context.Context, project string, filter FlagFilter) ([]Flag, error)
	UpdateFlag(ctx context.Context, f Flag, ifVersion int64, by Attribution) (Flag, error)
	// ArchiveFlag takes the flag out of every environment; its key stays taken.
	ArchiveFlag(ctx context.Context, project, key string, ifVersion int64, by Attribution) error

	FlagConfig(ctx context.Context, ref FlagRef) (FlagConfig, error)
	// ListFlagConfigs gives the configurations of all unarchived flags, of one environment or, where ref.Environment
	// is empty, of all of the project, by flag key.
	ListFlagConfigs(ctx context.Context, ref EnvironmentRef) ([]FlagConfig, error)
	UpdateFlagConfig(
		ctx context.Context,
		ref FlagRef,
		config evaluator.FlagConfig,
		ifVersion int64,
		by Attribution,
	) (FlagConfig, error)
	// SetKill kills a flag, or with nil restores it. It gives the configuration, whose version stays. Nothing changes
	// where the flag is killed, or not killed, already: the first kill is the one that is remembered.
	SetKill(ctx context.Context, ref FlagRef, kill *release.Kill, by Attribution) (FlagConfig, error)
	// SetFleetLatch records where availability of scope fleet stands; nothing changes where it already stands so.
	SetFleetLatch(ctx context.Context, ref FlagRef, latch release.Latch, by Attribution) error
}

// FlagFilter limits a list of flags. The zero value means the first page of all that are not archived.
type FlagFilter struct {
	// Archived asks for the archived flags instead of the others.
	Archived bool
	// After is the key of the flag after which the page begins.
	After string
	// Limit is the greatest number of flags; 0 means no limit.
	Limit int
}

// Segments stores segments. A write raises the revision of every environment of the project.
type Segments interface {
	CreateSegment(ctx context.Context, s Segment, by Attribution) (Segment, error)
	Segment(ctx context.Context, project, key string) (Segment, error)
	ListSegments(ctx context.Context, project string) ([]Segment, error)
	UpdateSegment(ctx context.Context, s Segment, ifVersion int64, by Attribution) (Segment, error)
	ArchiveSegment(ctx context.Context, project, key string, ifVersion int64, by Attribution) error
}

// Deployments stores deployments.
type Deployments interface {
	// PutDeployment stores a report. A report with the source and external id of a known deployment is merged into it
	// (release.Merge); one that changes nothing is not a Change. Changed tells which.
	PutDeployment(ctx context.Context, d Deployment, by Attribution) (stored Deployment, changed bool, err error)
	Deployment(ctx context.Context, ref EnvironmentRef, id string) (Deployment, error)
	// ListDeployments gives the newest first, by the time they started and then id.
	ListDeployments(ctx context.Context, ref EnvironmentRef, filter DeploymentFilter) ([]Deployment, error)
}

// DeploymentFilter limits a list of deployments.
type DeploymentFilter struct {
	// Service and Strategy are those of the deployments. If one is not set, any value is accepted.
	Service  string
	Strategy release.Strategy
	// Before is the id of the deployment after which the page begins, in the order of the list.
	Before string
	// Limit is the greatest number of deployments; 0 means no limit.
	Limit int
}

// recentDeployments is how many deployments, the newest first, are read to find one or to know which versions run.
// Older deployments do not affect what runs now.
const recentDeployments = 100

// Recent selects the recent deployments of a service. An empty service selects those of all services.
func Recent(service string) DeploymentFilter {
	return DeploymentFilter{Service: service, Limit: recentDeployments}
}

// WithoutEnvironment gives the deployments alone, in the same order, for decisions about one environment.
func WithoutEnvironment(stored []Deployment) []release.Deployment {
	deployments := make([]release.Deployment, len(stored))
	for i, d := range stored {
		deployments[i] = d.Deployment
	}
	return deployments
}

// Releases stores the releases of flags.
type Releases interface {
	// PutRelease stores r and, where config is not nil, the flag's configuration, in one transaction: one Change for
	// each, and one revision for each. ifVersion guards the release (AnyVersion also where there is none yet),
	// config.IfVersion the configuration. State.ConfigVersion of what is stored becomes the version of the written
	// configuration.
	PutRelease(ctx context.Context, r Release, config *ConfigWrite, ifVersion int64, by Attribution) (Release, error)
	Release(ctx context.Context, ref FlagRef) (Release, error)
	// ListReleases gives those of one environment, by flag key.
	ListReleases(ctx context.Context, ref EnvironmentRef) ([]Release, error)
	// ListOpenReleases gives every release, of all environments, that is pending, progressing or paused, for the
	// control loop.
	ListOpenReleases(ctx context.Context) ([]Release, error)
}

// ReleasePolicies stores the release policies of projects. Every project has those of release.StandardPolicies, at
// version 1, until they are changed or deleted.
type ReleasePolicies interface {
	// CreateReleasePolicy may take a key again whose policy was deleted.
	CreateReleasePolicy(ctx context.Context, p ReleasePolicy, by Attribution) (ReleasePolicy, error)
	ReleasePolicy(ctx context.Context, project, key string) (ReleasePolicy, error)
	// ListReleasePolicies orders by key.
	ListReleasePolicies(ctx context.Context, project string) ([]ReleasePolicy, error)
	UpdateReleasePolicy(ctx context.Context, p ReleasePolicy, ifVersion int64, by Attribution) (ReleasePolicy, error)
	DeleteReleasePolicy(ctx context.Context, project, key string, ifVersion int64, by Attribution) error
}

// ConfigWrite is a new configuration of the flag that a release belongs to.
type ConfigWrite struct {
	Config    evaluator.FlagConfig
	IfVersion int64
}

// Instances stores the presence of the fleet. It is no part of the revision and makes no Changes.
type Instances interface {
	PutInstances(ctx context.Context, instances []Instance) error
	// ListInstances gives the instances that were seen at or after since, by service, version and id.
	ListInstances(ctx context.Context, ref EnvironmentRef, since time.Time) ([]Instance, error)
	DeleteInstances(ctx context.Context, before time.Time) error
}

// Measurements stores what replicas have measured of releases. It is no part of the revision and makes no Changes.
type Measurements interface {
	// PutMeasurements stores all of them or none. One that is there already (of the same release, observer, step and
	// beginning) stays as it is, so the write may be repeated.
	PutMeasurements(ctx context.Context, measurements []Measurement) error
	// ListMeasurements gives those of one release, by beginning, step and observer.
	ListMeasurements(ctx context.Context, ref EnvironmentRef, releaseID string) ([]Measurement, error)
	// ListNewMeasurements gives those of all releases that were written at or after since, in the same order.
	ListNewMeasurements(ctx context.Context, since time.Time) ([]Measurement, error)
	DeleteMeasurements(ctx context.Context, before time.Time) error
}

// Credentials stores keys, tokens, users and sessions. Secrets are stored as SHA-256 alone.
type Credentials interface {
	CreateSDKKey(ctx context.Context, k SDKKey, by Attribution) error
	// ListSDKKeys gives the keys of one environment, revoked ones too; the zero ref means the working keys of all.
	ListSDKKeys(ctx context.Context, ref EnvironmentRef) ([]SDKKey, error)
	RevokeSDKKey(ctx context.Context, ref EnvironmentRef, id string, by Attribution) error

	CreateAccessToken(ctx context.Context, t AccessToken) error
	// PutAccessToken stores t whether or not its id is known; it presets the bootstrap token.
	PutAccessToken(ctx context.Context, t AccessToken) error
	AccessTokenByHash(ctx context.Context, hash []byte) (AccessToken, error)
	ListAccessTokens(ctx context.Context) ([]AccessToken, error)
	RevokeAccessToken(ctx context.Context, id string, at time.Time) error

	CreateUser(ctx context.Context, u User) error
	User(ctx context.Context, id string) (User, error)
	ListUsers(ctx context.Context) ([]User, error)

	CreateSession(ctx context.Context, s Session) error
	// Session gives a session that has not expired at now, and is not a sign-in link.
	Session(ctx context.Context, hash []byte, now time.Time) (Session, error)
	// CountSessions gives the number of sessions that have not expired at now, sign-in links not among them.
	CountSessions(ctx context.Context, now time.Time) (int64, error)
	// RedeemSession deletes an unexpired sign-in link and stores the session of its user, in one transaction: a link
	// works once. session.UserID is filled in from the link.
	RedeemSession(ctx context.Context, linkHash []byte, session Session) (Session, error)
	DeleteSession(ctx context.Context, hash []byte) error
	CreateTokenSession(ctx context.Context, s TokenSession) error
	// TokenSession gives a session that has not expired at now, and its access token as it is now, revoked or not.
	TokenSession(ctx context.Context, hash []byte, now time.Time) (TokenSession, AccessToken, error)
	DeleteTokenSession(ctx context.Context, hash []byte) error
	// DeleteExpiredSessions deletes those of both kinds.
	DeleteExpiredSessions(ctx context.Context, now time.Time) error
}

// History reads the past and the present of an environment, for replicas and for people.
type History interface {
	// ListChanges gives the newest first.
	ListChanges(ctx context.Context, ref EnvironmentRef, filter ChangeFilter) ([]Change, error)
	// ListSubjects gives what has changed after a revision, oldest first, at most limit of them: the same as ListChanges
	// without reading what things were and became.
	ListSubjects(ctx context.Context, ref EnvironmentRef, after int64, limit int) ([]Subject, error)
	// Cursor is the current place of the environment.
	Cursor(ctx context.Context, ref EnvironmentRef) (Cursor, error)
	// Definition is what a snapshot is compiled from, consistent at one revision.
	Definition(ctx context.Context, ref EnvironmentRef) (evaluator.Definition, error)
	// Patch gives what changed after revision from, consistent at one revision. From above the current revision is
	// ErrNotFound.
	Patch(ctx context.Context, ref EnvironmentRef, from int64) (evaluator.Patch, error)
}

// ChangeFilter limits a list of changes.
type ChangeFilter struct {
	Kind ChangeKind
	Key  string
	// Before is a revision. The page begins with the newest change below it. 0 means that it begins with the newest
	// change.
	Before int64
	// Limit is the greatest number of changes; 0 means no limit.
	Limit int
}

// LeaseTolerance is how far the clocks of two replicas may differ. If they differ by more, one may take the lease of
// another that is alive.
const LeaseTolerance = time.Minute

// Leases lets one of several replicas lead.
type Leases interface {
	// AcquireLease takes or renews the named lease for holder until the time given and tells whether holder has it. A
	// lease that ended before now may be taken by anyone, and so may one that ends later than until by more than
	// LeaseTolerance: who set it had a wrong clock, and may be gone.
	AcquireLease(ctx context.Context, name, holder string, now, until time.Time) (bool, error)
	// ReleaseLease gives it up, if holder has it.
	ReleaseLease(ctx context.Context, name, holder string) error
}

// Announcement says that an environment has reached a revision. It is a hint: it may be lost, late or repeated.
type Announcement struct {
	EnvironmentRef
	Revision int64 `json:"revision"`
}

// Bus carries announcements between replicas. The database is the truth. Replicas also poll it, in case the bus
// fails.
type Bus interface {
	// Announce sends a; it must not block longer than ctx.
	Announce(ctx context.Context, a Announcement) error
	// Listen calls heard, one call at a time, until ctx ends, whose error it gives, and reconnects by itself. After each
	// (re)connection it calls heard with the zero Announcement, which means: anything may have changed.
	Listen(ctx context.Context, heard func(Announcement)) error
}

// SnapshotCache keeps the newest encoded evaluator.Definition of each environment.
type SnapshotCache interface {
	// PutSnapshot stores def unless a newer revision of the same epoch is there.
	PutSnapshot(ctx context.Context, def evaluator.Definition) error
	// Snapshot gives ErrNotFound where there is none that this format version can read.
	Snapshot(ctx context.Context, ref EnvironmentRef) (evaluator.Definition, error)
}
