// Package importer reads what other feature flag systems export, as flags of one environment of ours, and writes them
// through the REST API.
//
// Read turns a file into a Plan: what would be written, and every loss, each with the place in the file that it is
// about. Nothing that matters to an evaluation is dropped without one: a rule that cannot be said, or that would be
// met by other contexts than before, is left out and named, together with what its flag does without it. Each format
// has a file of its own; the formats are those that the systems document:
//
//	flagd         a flag definition; what Export of package flagdjson wrote with its source comes back exactly
//	launchdarkly  the data of an environment as SDKs get it (/sdk/latest-all), or the list of flags of the REST API
//	unleash       an export of features (/api/admin/features-batch/export)
//	flagsmith     the document of an environment (/api/v1/environment-document/)
//	growthbook    the features of an SDK connection (/api/features/…)
//	goff          a flag file of GO Feature Flag, YAML or JSON
//	flipt         what "flipt export" writes, YAML or JSON
//
// Nobody else's bucketing is ours but flagd's: keys, variations and percentages stay, but who is in which part of a
// split does not. Shift tells how many move.
package importer
