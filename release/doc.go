// Package release decides what deployments mean and what releases do. It is pure: what is known of the world and the
// time are arguments, and what to do is the result.
//
// # Deployments
//
// Merge joins the reports of one deployment, in whatever order they come. What matters of a service's deployments is
// its last word: the newest of those that succeeded, failed or were rolled back, by the time at which they did.
//
// # Releases
//
// A release opens a flag in one environment step by step. ValidateSpec checks what a person asks for; Next and the
// verbs (Start, Promote, Pause, Resume, Revert) give a Decision: the new State and, where something else is to be
// served, the flag's new configuration. Whoever applies it stores both in one transaction, guarded by the versions of
// the release and of the configuration, and takes the version of the configuration that was written as
// State.ConfigVersion.
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
// A step turns the flag on and lays the released variation over the target, the fallthrough or the serve of one rule:
// of every range of what was served before, the first buckets in proportion to its size, see apportion. All other
// contexts keep what they had: the off variation if the flag was off, its variation, or its rollout, bucketed as
// before. So a higher weight only ever lets contexts in, pausing and resuming move nobody, and reverting gives
// everybody back what they had. Segments are let in before percentages, by a rule right before the target. Targets
// and other rules stay as they are; those of a flag that was off begin to work with the first step. A context without
// the attribute to bucket by gets the flag's off variation while a rollout is served, as always.
//
// # What a release waits for
//
// Waits names everything that keeps a release from going on by itself: its trigger, holds, samples, approvals, windows,
// freezes and kills. None of them ever keeps it from being paused or reverted.
//
// # What others do meanwhile
//
// The release owns enabled and the target of the configuration, from its start to its end. An edit by anybody else
// pauses it. Resuming serves the step again on top of the edited configuration; reverting restores enabled and
// the target as they were before the release, and leaves the rest as it was edited.
//
// A release that waits for a deployment reacts to the loss of the code it opens, see OnRollback: while it is under
// way, to any later failure, rollback, or success of an older version that is out of its range; once completed, only
// if what runs after that is older and out of its range. Versions are ordered by semver, others by when they were
// deployed first. A release that was started by hand takes the first version in its range since then for its own, see
// origin. What a person has put in place of the release is never taken back by the release itself.
package release
