// Package importer reads what other feature flag systems export, as flags of one environment of ours, and writes them
// through the REST API.
//
// Read turns a file into a Plan: what would be written, and every loss. Each loss has the place in the file that it is
// about. Everything that matters to an evaluation is either kept or reported as a loss. A rule is left out if it
// cannot be said here, or if other contexts than before would meet it. Its loss names it and says what its flag does
// without it. Each format has a file of its own; the formats are those that the systems document:
//
//	flagd         a flag definition; what Export of package flagdjson wrote with its source comes back exactly
//	launchdarkly  the data of an environment as SDKs get it (/sdk/latest-all), or the list of flags of the REST API
//	unleash       an export of features (/api/admin/features-batch/export)
//	flagsmith     the document of an environment (/api/v1/environment-document/)
//	growthbook    the features of an SDK connection (/api/features/…)
//	goff          a flag file of GO Feature Flag, YAML or JSON
//	flipt         what "flipt export" writes, YAML or JSON
//
// Only flagd buckets as we do. From all other systems, keys, variations and percentages stay, but other users than
// before are in each part of a split. Shift tells how many users move.
package importer
