module github.com/tidegate-io/tidegate/sdk

go 1.26.0

require (
	github.com/open-feature/go-sdk v1.20.0
	github.com/stretchr/testify v1.12.1
	github.com/tidegate-io/tidegate/evaluator v0.1.0
	go.uber.org/goleak v1.3.0
)

require (
	go.uber.org/mock v0.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/tidegate-io/tidegate/evaluator => ../evaluator

// The tests of go-sdk name it. Its parser is not on every mirror of modules.
exclude github.com/cucumber/godog v0.16.0
