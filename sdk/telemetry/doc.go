// Package telemetry has OpenFeature hooks that report evaluations to OpenTelemetry. They follow its semantic
// conventions for feature flags and OpenFeature's appendix on observability. They work with any provider:
//
//	metrics, err := telemetry.NewMetricsHook(otel.GetMeterProvider())
//	…
//	openfeature.AddHooks(telemetry.NewTraceHook(), metrics)
//
// An evaluation with hooks allocates; one without does not.
package telemetry
