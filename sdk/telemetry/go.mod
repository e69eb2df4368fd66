module github.com/tidegate-io/tidegate/sdk/telemetry

go 1.26.0

require (
	github.com/open-feature/go-sdk v1.20.0
	github.com/stretchr/testify v1.12.1
	github.com/tidegate-io/tidegate/sdk v0.1.0
	go.opentelemetry.io/otel v1.47.0
	go.opentelemetry.io/otel/metric v1.47.0
	go.opentelemetry.io/otel/sdk v1.47.0
	go.opentelemetry.io/otel/sdk/metric v1.47.0
	go.opentelemetry.io/otel/trace v1.47.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/go-logr/logr v1.4.4 // indirect
	github.com/go-logr/stdr v1.2.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/tidegate-io/tidegate/evaluator v0.1.0 // indirect
	go.opentelemetry.io/auto/sdk v1.2.1 // indirect
	go.opentelemetry.io/otel/log v1.47.0 // indirect
	go.uber.org/mock v0.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.48.0 // indirect
)

replace (
	github.com/tidegate-io/tidegate/evaluator => ../../evaluator
	github.com/tidegate-io/tidegate/sdk => ..
)

// The tests of go-sdk name it. Its parser is not on every mirror of modules.
exclude github.com/cucumber/godog v0.16.0
