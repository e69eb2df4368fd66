module github.com/tidegate-io/tidegate/evaluator/conformance

go 1.26.0

require (
	github.com/Masterminds/semver/v3 v3.5.0
	github.com/stretchr/testify v1.12.1
	github.com/tidegate-io/tidegate/evaluator v0.1.0
	github.com/twmb/murmur3 v1.2.2
	pgregory.net/rapid v1.3.0
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace github.com/tidegate-io/tidegate/evaluator => ..
