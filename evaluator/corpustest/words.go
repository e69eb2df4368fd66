package corpustest

import "github.com/tidegate-io/tidegate/evaluator"

// targetingKeys are ASCII: beyond that, flagd's own implementations bucket differently.
var targetingKeys = []string{"user-1", "user-2", "user-3", "user-4", "u", "A longer key, of several words", "42", "0x2A", "~"}

// ranges are version ranges.
var ranges = []string{">=2.3.0", "^2", "~2.3", "1.x || >=3.0.0-rc.1", "*", "!=2.3.0", "<2.3.0-beta.2 || 2.3.0", "1.2 - 2.3"}

// operators are those that clauses are made of. Some flags of a corpus cannot be expressed for flagd, because of the
// last three operators and because of ignoreCase with many letters.
var operators = []struct {
	name       evaluator.Operator
	attributes []string
	values     []string
	folds      bool
}{
	{evaluator.OpIn, names, []string{`"FR"`, `"fr"`, `5`, `7.5`, `true`, `false`, `"user-1"`, `"5"`, `0`, `"a"`, `""`, `1e3`}, true},
	{evaluator.OpIn, []string{"country", "tags", "targetingKey"}, []string{`"FR"`, `"DE"`, `"user-1"`, `"user-2"`, `"beta"`}, true},
	{evaluator.OpContains, names, []string{`"F"`, `"r"`, `"ß"`, `""`, `"@x"`, `"."`}, true},
	{evaluator.OpStartsWith, names, []string{`"F"`, `"u"`, `"2."`, `"ß"`, `""`}, true},
	{evaluator.OpEndsWith, names, []string{`"R"`, `"1"`, `".com"`, `""`, `"😀"`}, true},
	{evaluator.OpLessThan, numeric, bounds, false},
	{evaluator.OpLessThanOrEqual, numeric, bounds, false},
	{evaluator.OpGreaterThan, numeric, bounds, false},
	{evaluator.OpGreaterThanOrEqual, numeric, bounds, false},
	{evaluator.OpSemverEqual, versioned, versions, false},
	{evaluator.OpSemverLessThan, versioned, versions, false},
	{evaluator.OpSemverLessThanOrEqual, versioned, versions, false},
	{evaluator.OpSemverGreaterThan, versioned, versions, false},
	{evaluator.OpSemverGreaterThanOrEqual, versioned, versions, false},
	{evaluator.OpSemverRange, versioned, []string{`">=2.3.0"`, `"^2"`, `"1.x || >=3"`, `"*"`, `"!=2.3.0"`}, false},
	{evaluator.OpExists, names, nil, false},
	{evaluator.OpMatches, names, []string{`"^F"`}, true},
	{evaluator.OpBefore, names, []string{`"2026-05-01T12:00:00Z"`}, false},
	{evaluator.OpInCIDR, names, []string{`"10.0.0.0/8"`}, false},
}

var (
	names     = []string{"country", "age", "app.version", "app", "tags", "email", "targetingKey", "serviceName", "beta", "nobody"}
	numeric   = []string{"age", "age", "app.build", "tags", "email", "beta"}
	versioned = []string{"app.version", "app.version", "serviceVersion", "tags", "age"}
	bounds    = []string{`5`, `7.5`, `-1`, `0`, `9007199254740991`}
	versions  = []string{`"2.3.0"`, `"v3"`, `"2.3"`, `"2.3.0-rc.1"`, `"2.3.0-rc.1+build.5"`, `"0.0.0"`}
)

// attributes are what contexts hold, as JSON: with values of the right type, of the wrong one, and those that languages
// read differently. No list holds versions: flagd cannot look at those.
var attributes = []struct {
	name   string
	values []string
}{
	{"country", []string{`"FR"`, `"fr"`, `"Frankreich"`, `"ß"`, `null`, `5`, `["DE","FR"]`, `[["FR"]]`, `""`, `{"length":null}`}},
	{"age", []string{`5`, `7.5`, `"5"`, `[1,"x"]`, `-0.0`, `1e3`, `-1`, `[]`, `[5]`, `[[5]]`, `"old"`, `true`, `{}`, `9007199254740991`, `12345678901234567890`, `1e21`, `0.000001`}},
	{"app", []string{
		`{"version":"2.4.0","build":7}`, `{"version":"v3.0.0-rc.1"}`, `"2.3.0"`, `{"version":7}`, `{"version":"V2.3.0"}`, `{"version":"vv2.3.0"}`,
		`{"version":" 2.3.0"}`, `{"version":"2.3.0 "}`, `{"version":"02.3"}`, `{"version":"2.03"}`, `{"version":"2"}`, `{"version":"v2.3"}`,
		`{"version":"2.3.0-01"}`, `{"version":"2.3.0-beta.2+b.01"}`, `{"version":"2.3.0.0"}`, `{"version":""}`, `{"version":[]}`, `{"version":[5]}`,
		`{"version":"x","build":"7"}`, `["2.3.0"]`, `5`, `{"build":[-1,8]}`, `{"version":{"major":2}}`, `{"version":"2.3.0-"}`, `{"version":"=2.3.0"}`,
	}},
	{"tags", []string{`["beta","a"]`, `[]`, `[null]`, `"beta"`, `[["beta"]]`, `["FR",5]`, `[true,"FR"]`, `[{}]`, `["2026-06-01T00:00:00Z"]`}},
	{"email", []string{`"a@x.com"`, `""`, `"😀"`, `"length"`, `17`, `17.5`, `-3`, `true`, `{"at":1}`, `["a@x.com"]`, `0`}},
	{"account", []string{`"acme"`, `"globex"`, `17`, `17.5`, `-3`, `-0.0`, `""`, `true`, `{"at":1}`, `["acme"]`, `[17]`, `null`}},
	{"serviceName", []string{`"checkout"`, `"checkout"`, `"cart"`, `null`, `5`, `["checkout"]`}},
	{"serviceVersion", []string{`"2.3.0"`, `"v2.2"`, `"3.0.0-rc.1"`, `"x"`, `3`, `"1"`, `[]`, `"10.20.30"`}},
	{"beta", []string{`true`, `false`, `"true"`, `{}`, `1`, `[true]`, `[]`, `null`}},
}
