package observe

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// The operations of a store.Store, each measured under its own name. One that is missing here would still work, through
// the embedded interface, but unseen; a test finds it.

func (s *Store) Ping(ctx context.Context) error {
	return s.do(ctx, "Ping", func(ctx context.Context) error { return s.Store.Ping(ctx) })
}

func (s *Store) CreateProject(ctx context.Context, p store.Project, by store.Attribution) (store.Project, error) {
	return get(ctx, s, "CreateProject", func(ctx context.Context) (store.Project, error) {
		return s.Store.CreateProject(ctx, p, by)
	})
}

func (s *Store) Project(ctx context.Context, key string) (store.Project, error) {
	return get(ctx, s, "Project", func(ctx context.Context) (store.Project, error) {
		return s.Store.Project(ctx, key)
	})
}

func (s *Store) ListProjects(ctx context.Context) ([]store.Project, error) {
	return get(ctx, s, "ListProjects", func(ctx context.Context) ([]store.Project, error) {
		return s.Store.ListProjects(ctx)
	})
}

func (s *Store) UpdateProject(ctx context.Context, p store.Project, ifVersion int64, by store.Attribution) (store.Project, error) {
	return get(ctx, s, "UpdateProject", func(ctx context.Context) (store.Project, error) {
		return s.Store.UpdateProject(ctx, p, ifVersion, by)
	})
}

func (s *Store) CreateEnvironment(ctx context.Context, e store.Environment, by store.Attribution) (store.Environment, error) {
	return get(ctx, s, "CreateEnvironment", func(ctx context.Context) (store.Environment, error) {
		return s.Store.CreateEnvironment(ctx, e, by)
	})
}

func (s *Store) Environment(ctx context.Context, ref store.EnvironmentRef) (store.Environment, error) {
	return get(ctx, s, "Environment", func(ctx context.Context) (store.Environment, error) {
		return s.Store.Environment(ctx, ref)
	})
}

func (s *Store) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	return get(ctx, s, "ListEnvironments", func(ctx context.Context) ([]store.Environment, error) {
		return s.Store.ListEnvironments(ctx, project)
	})
}

func (s *Store) UpdateEnvironment(ctx context.Context, e store.Environment, ifVersion int64, by store.Attribution) (store.Environment, error) {
	return get(ctx, s, "UpdateEnvironment", func(ctx context.Context) (store.Environment, error) {
		return s.Store.UpdateEnvironment(ctx, e, ifVersion, by)
	})
}

func (s *Store) CreateFlag(ctx context.Context, f store.Flag, config evaluator.FlagConfig, by store.Attribution) (store.Flag, error) {
	return get(ctx, s, "CreateFlag", func(ctx context.Context) (store.Flag, error) {
		return s.Store.CreateFlag(ctx, f, config, by)
	})
}

func (s *Store) Flag(ctx context.Context, project, key string) (store.Flag, error) {
	return get(ctx, s, "Flag", func(ctx context.Context) (store.Flag, error) {
		return s.Store.Flag(ctx, project, key)
	})
}

func (s *Store) ListFlags(ctx context.Context, project string, filter store.FlagFilter) ([]store.Flag, error) {
	return get(ctx, s, "ListFlags", func(ctx context.Context) ([]store.Flag, error) {
		return s.Store.ListFlags(ctx, project, filter)
	})
}

func (s *Store) UpdateFlag(ctx context.Context, f store.Flag, ifVersion int64, by store.Attribution) (store.Flag, error) {
	return get(ctx, s, "UpdateFlag", func(ctx context.Context) (store.Flag, error) {
		return s.Store.UpdateFlag(ctx, f, ifVersion, by)
	})
}

func (s *Store) ArchiveFlag(ctx context.Context, project, key string, ifVersion int64, by store.Attribution) error {
	return s.do(ctx, "ArchiveFlag", func(ctx context.Context) error { return s.Store.ArchiveFlag(ctx, project, key, ifVersion, by) })
}

func (s *Store) FlagConfig(ctx context.Context, ref store.FlagRef) (store.FlagConfig, error) {
	return get(ctx, s, "FlagConfig", func(ctx context.Context) (store.FlagConfig, error) {
		return s.Store.FlagConfig(ctx, ref)
	})
}

func (s *Store) ListFlagConfigs(ctx context.Context, ref store.EnvironmentRef) ([]store.FlagConfig, error) {
	return get(ctx, s, "ListFlagConfigs", func(ctx context.Context) ([]store.FlagConfig, error) {
		return s.Store.ListFlagConfigs(ctx, ref)
	})
}

func (s *Store) UpdateFlagConfig(ctx context.Context, ref store.FlagRef, config evaluator.FlagConfig, ifVersion int64, by store.Attribution) (store.FlagConfig, error) {
	return get(ctx, s, "UpdateFlagConfig", func(ctx context.Context) (store.FlagConfig, error) {
		return s.Store.UpdateFlagConfig(ctx, ref, config, ifVersion, by)
	})
}

func (s *Store) SetFleetGate(ctx context.Context, ref store.FlagRef, gate release.Gate, by store.Attribution) error {
	return s.do(ctx, "SetFleetGate", func(ctx context.Context) error { return s.Store.SetFleetGate(ctx, ref, gate, by) })
}

func (s *Store) CreateSegment(ctx context.Context, segment store.Segment, by store.Attribution) (store.Segment, error) {
	return get(ctx, s, "CreateSegment", func(ctx context.Context) (store.Segment, error) {
		return s.Store.CreateSegment(ctx, segment, by)
	})
}

func (s *Store) Segment(ctx context.Context, project, key string) (store.Segment, error) {
	return get(ctx, s, "Segment", func(ctx context.Context) (store.Segment, error) {
		return s.Store.Segment(ctx, project, key)
	})
}

func (s *Store) ListSegments(ctx context.Context, project string) ([]store.Segment, error) {
	return get(ctx, s, "ListSegments", func(ctx context.Context) ([]store.Segment, error) {
		return s.Store.ListSegments(ctx, project)
	})
}

func (s *Store) UpdateSegment(ctx context.Context, segment store.Segment, ifVersion int64, by store.Attribution) (store.Segment, error) {
	return get(ctx, s, "UpdateSegment", func(ctx context.Context) (store.Segment, error) {
		return s.Store.UpdateSegment(ctx, segment, ifVersion, by)
	})
}

func (s *Store) ArchiveSegment(ctx context.Context, project, key string, ifVersion int64, by store.Attribution) error {
	return s.do(ctx, "ArchiveSegment", func(ctx context.Context) error { return s.Store.ArchiveSegment(ctx, project, key, ifVersion, by) })
}

func (s *Store) Deployment(ctx context.Context, ref store.EnvironmentRef, id string) (store.Deployment, error) {
	return get(ctx, s, "Deployment", func(ctx context.Context) (store.Deployment, error) {
		return s.Store.Deployment(ctx, ref, id)
	})
}

func (s *Store) ListDeployments(ctx context.Context, ref store.EnvironmentRef, filter store.DeploymentFilter) ([]store.Deployment, error) {
	return get(ctx, s, "ListDeployments", func(ctx context.Context) ([]store.Deployment, error) {
		return s.Store.ListDeployments(ctx, ref, filter)
	})
}

func (s *Store) Release(ctx context.Context, ref store.FlagRef) (store.Release, error) {
	return get(ctx, s, "Release", func(ctx context.Context) (store.Release, error) {
		return s.Store.Release(ctx, ref)
	})
}

func (s *Store) ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error) {
	return get(ctx, s, "ListReleases", func(ctx context.Context) ([]store.Release, error) {
		return s.Store.ListReleases(ctx, ref)
	})
}

func (s *Store) ListOpenReleases(ctx context.Context) ([]store.Release, error) {
	return get(ctx, s, "ListOpenReleases", func(ctx context.Context) ([]store.Release, error) {
		return s.Store.ListOpenReleases(ctx)
	})
}

func (s *Store) PutInstances(ctx context.Context, instances []store.Instance) error {
	return s.do(ctx, "PutInstances", func(ctx context.Context) error { return s.Store.PutInstances(ctx, instances) })
}

func (s *Store) ListInstances(ctx context.Context, ref store.EnvironmentRef, since time.Time) ([]store.Instance, error) {
	return get(ctx, s, "ListInstances", func(ctx context.Context) ([]store.Instance, error) {
		return s.Store.ListInstances(ctx, ref, since)
	})
}

func (s *Store) DeleteInstances(ctx context.Context, before time.Time) error {
	return s.do(ctx, "DeleteInstances", func(ctx context.Context) error { return s.Store.DeleteInstances(ctx, before) })
}

func (s *Store) CreateSDKKey(ctx context.Context, k store.SDKKey, by store.Attribution) error {
	return s.do(ctx, "CreateSDKKey", func(ctx context.Context) error { return s.Store.CreateSDKKey(ctx, k, by) })
}

func (s *Store) ListSDKKeys(ctx context.Context, ref store.EnvironmentRef) ([]store.SDKKey, error) {
	return get(ctx, s, "ListSDKKeys", func(ctx context.Context) ([]store.SDKKey, error) {
		return s.Store.ListSDKKeys(ctx, ref)
	})
}

func (s *Store) RevokeSDKKey(ctx context.Context, ref store.EnvironmentRef, id string, by store.Attribution) error {
	return s.do(ctx, "RevokeSDKKey", func(ctx context.Context) error { return s.Store.RevokeSDKKey(ctx, ref, id, by) })
}

func (s *Store) CreateAccessToken(ctx context.Context, t store.AccessToken) error {
	return s.do(ctx, "CreateAccessToken", func(ctx context.Context) error { return s.Store.CreateAccessToken(ctx, t) })
}

func (s *Store) PutAccessToken(ctx context.Context, t store.AccessToken) error {
	return s.do(ctx, "PutAccessToken", func(ctx context.Context) error { return s.Store.PutAccessToken(ctx, t) })
}

func (s *Store) AccessTokenByHash(ctx context.Context, hash []byte) (store.AccessToken, error) {
	return get(ctx, s, "AccessTokenByHash", func(ctx context.Context) (store.AccessToken, error) {
		return s.Store.AccessTokenByHash(ctx, hash)
	})
}

func (s *Store) ListAccessTokens(ctx context.Context) ([]store.AccessToken, error) {
	return get(ctx, s, "ListAccessTokens", func(ctx context.Context) ([]store.AccessToken, error) {
		return s.Store.ListAccessTokens(ctx)
	})
}

func (s *Store) RevokeAccessToken(ctx context.Context, id string, at time.Time) error {
	return s.do(ctx, "RevokeAccessToken", func(ctx context.Context) error { return s.Store.RevokeAccessToken(ctx, id, at) })
}

func (s *Store) CreateUser(ctx context.Context, u store.User) error {
	return s.do(ctx, "CreateUser", func(ctx context.Context) error { return s.Store.CreateUser(ctx, u) })
}

func (s *Store) User(ctx context.Context, id string) (store.User, error) {
	return get(ctx, s, "User", func(ctx context.Context) (store.User, error) {
		return s.Store.User(ctx, id)
	})
}

func (s *Store) ListUsers(ctx context.Context) ([]store.User, error) {
	return get(ctx, s, "ListUsers", func(ctx context.Context) ([]store.User, error) {
		return s.Store.ListUsers(ctx)
	})
}

func (s *Store) CreateSession(ctx context.Context, session store.Session) error {
	return s.do(ctx, "CreateSession", func(ctx context.Context) error { return s.Store.CreateSession(ctx, session) })
}

func (s *Store) Session(ctx context.Context, hash []byte, now time.Time) (store.Session, error) {
	return get(ctx, s, "Session", func(ctx context.Context) (store.Session, error) {
		return s.Store.Session(ctx, hash, now)
	})
}

func (s *Store) CountSessions(ctx context.Context, now time.Time) (int64, error) {
	return get(ctx, s, "CountSessions", func(ctx context.Context) (int64, error) {
		return s.Store.CountSessions(ctx, now)
	})
}

func (s *Store) RedeemSession(ctx context.Context, linkHash []byte, session store.Session) (store.Session, error) {
	return get(ctx, s, "RedeemSession", func(ctx context.Context) (store.Session, error) {
		return s.Store.RedeemSession(ctx, linkHash, session)
	})
}

func (s *Store) DeleteSession(ctx context.Context, hash []byte) error {
	return s.do(ctx, "DeleteSession", func(ctx context.Context) error { return s.Store.DeleteSession(ctx, hash) })
}

func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) error {
	return s.do(ctx, "DeleteExpiredSessions", func(ctx context.Context) error { return s.Store.DeleteExpiredSessions(ctx, now) })
}

func (s *Store) ListChanges(ctx context.Context, ref store.EnvironmentRef, filter store.ChangeFilter) ([]store.Change, error) {
	return get(ctx, s, "ListChanges", func(ctx context.Context) ([]store.Change, error) {
		return s.Store.ListChanges(ctx, ref, filter)
	})
}

func (s *Store) ListSubjects(ctx context.Context, ref store.EnvironmentRef, after int64, limit int) ([]store.Subject, error) {
	return get(ctx, s, "ListSubjects", func(ctx context.Context) ([]store.Subject, error) {
		return s.Store.ListSubjects(ctx, ref, after, limit)
	})
}

func (s *Store) Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error) {
	return get(ctx, s, "Cursor", func(ctx context.Context) (store.Cursor, error) {
		return s.Store.Cursor(ctx, ref)
	})
}

func (s *Store) Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	return get(ctx, s, "Definition", func(ctx context.Context) (evaluator.Definition, error) {
		return s.Store.Definition(ctx, ref)
	})
}

func (s *Store) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	return get(ctx, s, "Patch", func(ctx context.Context) (evaluator.Patch, error) {
		return s.Store.Patch(ctx, ref, from)
	})
}

func (s *Store) AcquireLease(ctx context.Context, name, holder string, now, until time.Time) (bool, error) {
	return get(ctx, s, "AcquireLease", func(ctx context.Context) (bool, error) {
		return s.Store.AcquireLease(ctx, name, holder, now, until)
	})
}

func (s *Store) ReleaseLease(ctx context.Context, name, holder string) error {
	return s.do(ctx, "ReleaseLease", func(ctx context.Context) error { return s.Store.ReleaseLease(ctx, name, holder) })
}

func (s *Store) Receipt(ctx context.Context, id []byte) (store.Receipt, error) {
	return get(ctx, s, "Receipt", func(ctx context.Context) (store.Receipt, error) {
		return s.Store.Receipt(ctx, id)
	})
}

func (s *Store) PutAnswer(ctx context.Context, r store.Request, answer []byte, at time.Time) error {
	return s.do(ctx, "PutAnswer", func(ctx context.Context) error { return s.Store.PutAnswer(ctx, r, answer, at) })
}

func (s *Store) DeleteReceipts(ctx context.Context, before time.Time) error {
	return s.do(ctx, "DeleteReceipts", func(ctx context.Context) error { return s.Store.DeleteReceipts(ctx, before) })
}

func (s *Store) CreateWebhook(ctx context.Context, w store.Webhook, by store.Attribution) (store.Webhook, error) {
	return get(ctx, s, "CreateWebhook", func(ctx context.Context) (store.Webhook, error) {
		return s.Store.CreateWebhook(ctx, w, by)
	})
}

func (s *Store) Webhook(ctx context.Context, id string) (store.Webhook, error) {
	return get(ctx, s, "Webhook", func(ctx context.Context) (store.Webhook, error) {
		return s.Store.Webhook(ctx, id)
	})
}

func (s *Store) ListWebhooks(ctx context.Context, project string) ([]store.Webhook, error) {
	return get(ctx, s, "ListWebhooks", func(ctx context.Context) ([]store.Webhook, error) {
		return s.Store.ListWebhooks(ctx, project)
	})
}

func (s *Store) UpdateWebhook(ctx context.Context, w store.Webhook, ifVersion int64, by store.Attribution) (store.Webhook, error) {
	return get(ctx, s, "UpdateWebhook", func(ctx context.Context) (store.Webhook, error) {
		return s.Store.UpdateWebhook(ctx, w, ifVersion, by)
	})
}

func (s *Store) DeleteWebhook(ctx context.Context, id string, ifVersion int64, by store.Attribution) error {
	return s.do(ctx, "DeleteWebhook", func(ctx context.Context) error { return s.Store.DeleteWebhook(ctx, id, ifVersion, by) })
}

func (s *Store) AddDelivery(ctx context.Context, d store.Delivery, keep int) error {
	return s.do(ctx, "AddDelivery", func(ctx context.Context) error { return s.Store.AddDelivery(ctx, d, keep) })
}

func (s *Store) Delivery(ctx context.Context, webhook, id string) (store.Delivery, error) {
	return get(ctx, s, "Delivery", func(ctx context.Context) (store.Delivery, error) {
		return s.Store.Delivery(ctx, webhook, id)
	})
}

func (s *Store) ListDeliveries(ctx context.Context, webhook string) ([]store.Delivery, error) {
	return get(ctx, s, "ListDeliveries", func(ctx context.Context) ([]store.Delivery, error) {
		return s.Store.ListDeliveries(ctx, webhook)
	})
}

func (s *Store) SetKill(ctx context.Context, ref store.FlagRef, kill *release.Kill, by store.Attribution) (store.FlagConfig, error) {
	return get(ctx, s, "SetKill", func(ctx context.Context) (store.FlagConfig, error) {
		return s.Store.SetKill(ctx, ref, kill, by)
	})
}

func (s *Store) CreateReleasePolicy(ctx context.Context, p store.ReleasePolicy, by store.Attribution) (store.ReleasePolicy, error) {
	return get(ctx, s, "CreateReleasePolicy", func(ctx context.Context) (store.ReleasePolicy, error) {
		return s.Store.CreateReleasePolicy(ctx, p, by)
	})
}

func (s *Store) ReleasePolicy(ctx context.Context, project, key string) (store.ReleasePolicy, error) {
	return get(ctx, s, "ReleasePolicy", func(ctx context.Context) (store.ReleasePolicy, error) {
		return s.Store.ReleasePolicy(ctx, project, key)
	})
}

func (s *Store) ListReleasePolicies(ctx context.Context, project string) ([]store.ReleasePolicy, error) {
	return get(ctx, s, "ListReleasePolicies", func(ctx context.Context) ([]store.ReleasePolicy, error) {
		return s.Store.ListReleasePolicies(ctx, project)
	})
}

func (s *Store) UpdateReleasePolicy(ctx context.Context, p store.ReleasePolicy, ifVersion int64, by store.Attribution) (store.ReleasePolicy, error) {
	return get(ctx, s, "UpdateReleasePolicy", func(ctx context.Context) (store.ReleasePolicy, error) {
		return s.Store.UpdateReleasePolicy(ctx, p, ifVersion, by)
	})
}

func (s *Store) DeleteReleasePolicy(ctx context.Context, project, key string, ifVersion int64, by store.Attribution) error {
	return s.do(ctx, "DeleteReleasePolicy", func(ctx context.Context) error {
		return s.Store.DeleteReleasePolicy(ctx, project, key, ifVersion, by)
	})
}

func (s *Store) PutMeasurements(ctx context.Context, measurements []store.Measurement) error {
	return s.do(ctx, "PutMeasurements", func(ctx context.Context) error { return s.Store.PutMeasurements(ctx, measurements) })
}

func (s *Store) ListMeasurements(ctx context.Context, ref store.EnvironmentRef, releaseID string) ([]store.Measurement, error) {
	return get(ctx, s, "ListMeasurements", func(ctx context.Context) ([]store.Measurement, error) {
		return s.Store.ListMeasurements(ctx, ref, releaseID)
	})
}

func (s *Store) ListNewMeasurements(ctx context.Context, since time.Time) ([]store.Measurement, error) {
	return get(ctx, s, "ListNewMeasurements", func(ctx context.Context) ([]store.Measurement, error) {
		return s.Store.ListNewMeasurements(ctx, since)
	})
}

func (s *Store) DeleteMeasurements(ctx context.Context, before time.Time) error {
	return s.do(ctx, "DeleteMeasurements", func(ctx context.Context) error { return s.Store.DeleteMeasurements(ctx, before) })
}
