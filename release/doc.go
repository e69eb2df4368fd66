// Package release decides what deployments mean and what releases do. It is pure: its arguments are the time and what
// is known of the world, its result is what to do.
//
// # Deployments
//
// Merge joins the reports of one deployment, in whatever order they come. For a release, only the last word of a
// service's deployments matters. That is the newest of the deployments that succeeded, failed or were rolled back,
// ordered by the time at which they did so.
//
// # Releases
//
// A release opens a flag in one environment step by step. ValidateSpec checks what a person asks for. Next and the
// verbs (Start, Promote, Pause, Resume, Revert) give a Decision. It holds the new State and, if the flag has to serve
// something else, its new configuration. The caller stores both in one transaction, guarded by the versions of the
// release and of the configuration. The caller then sets State.ConfigVersion to the version of the configuration that
// was written.
//
//	pending ──start──▶ progressing ──last step──▶ completed
//	   ▲                 │      ▲                     │
//	 resume            pause  resume,               revert
//	   │                 ▼    promote                 ▼
//	   └────────────── paused ────────revert──────▶ reverted
//
// A pending release can be paused and reverted too, a progressing one reverted.
//
// # What a step serves
//
// A step turns the flag on and lays the released variation over the target: the fallthrough or the serve of one rule.
// Of every range of what was served before, the variation gets the first buckets, in proportion to the size of the
// range, see apportion. All other contexts keep what they had: the off variation if the flag was off, its variation,
// or its rollout, bucketed as before. So a higher weight only lets contexts in, pausing and resuming move nobody, and
// reverting gives everybody back what they had. Segments are let in before percentages, by a rule right before the
// target. Targets and other rules stay as they are. If the flag was off, they begin to work with the first step. A
// context without the attribute to bucket by gets the flag's off variation while a rollout is served, as always.
//
// # What a release waits for
//
// Waits names everything that keeps a release from going on by itself: its trigger, holds, samples, approvals,
// windows, freezes and kills. None of them ever keeps anybody from pausing or reverting the release.
//
// # What others do meanwhile
//
// From its start to its end, the release owns two parts of the configuration: enabled and the target. An edit of the
// configuration by anybody else pauses the release. Resuming serves the step again on top of the edited
// configuration. Reverting restores enabled and the target as they were before the release, and leaves the rest as it
// was edited.
//
// A release that waits for a deployment reacts to the loss of the code that it opens, see OnRollback. While it is
// under way, it reacts to any later failure or rollback, and to the success of an older version that is out of its
// range. Once completed, it reacts only if the version that runs after that is older and out of its range. Versions
// are ordered by semver. Other versions are ordered by the time at which they were deployed first. A release that was
// started by hand takes the first version in its range that was deployed since then as its own, see origin. If a
// person has put something in place of the release, the release never takes that back by itself.
package release
