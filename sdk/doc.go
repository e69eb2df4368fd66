// Package tidegate is the OpenFeature provider of Tidegate for Go.
//
// The provider evaluates flags in the process of the application. It holds a stream to the server. The server first
// sends the definition of all flags of one environment, and then each change. An evaluation reads memory, takes no
// lock and never waits for the network. While the server is away, the provider serves what it received last.
//
//	err := openfeature.SetProviderAndWait(tidegate.NewProvider("http://127.0.0.1:8080", key))
//
// The key is a server SDK key of one environment.
//
// # Other ways to evaluate
//
// WithRemote asks the server for every evaluation instead (OFREP). It is for processes that must not hold the rules;
// a client SDK key is enough for it. WithOffline asks no server. Package sdktest has a provider for unit tests.
//
// # Starting without the server
//
// An application that starts while the server is away gets code defaults. It gets its flags when the server is back.
// It gets flags at once if it has a definition of its own. That is the last good definition, kept by
// WithSnapshotFile, or a definition that was shipped with the application, named by WithBootstrap. A definition from
// the server replaces both.
//
// # What the process says of itself
//
// The name and version of the service are part of every context that names no other service. They also make the
// process known as part of the fleet. Flags that wait for a version of a service need both. The provider takes them
// from the first of these that has them: WithService; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES (service.name,
// service.version, service.instance.id); the name and version of the module in the binary.
//
// # What is reported
//
// The provider sends two things to the server: the events of OpenFeature's Track, and how often each flag served each
// variation. It sends them in batches every few seconds, and when it is shut down. This never delays the application:
// events that do not fit the queue are dropped, and that is logged. WithoutReports turns this off.
//
// # Policy of the stream
//
//  1. What was received last is served until something newer comes. Nothing expires.
//  2. A stream that ends, or cannot be opened, is opened again after a random wait between nothing and a bound (full
//     jitter). The bound doubles with every failure. It is back at its first value once a stream has lasted for a
//     while. If the server asks for a wait, that comes before the random wait. If the server has ended the stream in
//     good order, the wait that it asks for replaces the random wait.
//  3. The stream is opened with the cursor that was reached, so that the server need only send what has changed. The
//     first stream, and one after a stream that made no sense, asks for everything.
//  4. A stream that is silent for longer than the read timeout is given up: the server gives signs of life.
//  5. An event that cannot be read or applied is never applied in part. The stream is dropped and opened again.
//  6. A snapshot or patch that is not newer than what is served is ignored, unless it is of another epoch.
//  7. After 401 or 403 the provider stops: the key is wrong. It says this once, as PROVIDER_ERROR with PROVIDER_FATAL.
//  8. PROVIDER_STALE is emitted when the first attempt to open the stream again has failed. So nobody notices a stream
//     that the server ends in good order. PROVIDER_READY is emitted when there is a stream again.
package tidegate
