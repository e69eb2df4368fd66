// Package tidegate is the OpenFeature provider of Tidegate for Go.
//
// The provider evaluates flags in the process that asks. It holds a stream to the server, which sends the definition of
// all flags of one environment once and then whatever changes; an evaluation reads memory, takes no lock and never
// waits for the network. It serves what it was told last for as long as the server is away.
//
//	err := openfeature.SetProviderAndWait(tidegate.NewProvider("http://127.0.0.1:8080", key))
//
// The key is a server SDK key of one environment.
//
// # Other ways to evaluate
//
// WithRemote asks the server for every evaluation instead (OFREP), for processes that shall not hold the rules; a
// client SDK key will do. WithOffline asks nobody. Package sdktest has a provider for unit tests.
//
// # Starting without the server
//
// An application that starts while the server is away gets code defaults, and its flags once there are any. It gets its
// flags at once if it has a definition of its own: the last good one, kept by WithSnapshotFile, or one that was shipped
// with it, named by WithBootstrap. A definition that the server sends takes the place of both.
//
// # What the process says of itself
//
// The name and version of the service are part of every context that names no other service, and make the process
// known as part of the fleet: flags that wait for a version of a service need both. They are taken, the first that
// there is, from WithService; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES (service.name, service.version,
// service.instance.id); the name and version of the module in the binary.
//
// # What is reported
//
// Events of OpenFeature's Track, and how often each flag served each variation, are sent to the server in batches
// every few seconds, and when the provider is shut down. They never hold up whoever makes them: what does not fit the
// queue is dropped, and that is logged. WithoutReports turns this off.
//
// # Policy of the stream
//
//  1. What was received last is served until something newer comes. Nothing expires.
//  2. A stream that ends, or cannot be opened, is opened again after a random wait between nothing and a bound (full
//     jitter), which doubles with every failure and is back at its first value once a stream has lasted for a while. A
//     time that the server asks for comes before that wait, or takes its place where the server has ended the stream in
//     good order.
//  3. The stream is opened with the cursor that was reached, so that the server need only send what has changed. The
//     first stream, and one after a stream that made no sense, asks for everything.
//  4. A stream that is silent for longer than the read timeout is given up: the server gives signs of life.
//  5. An event that cannot be read or applied is never applied in part. The stream is dropped and opened again.
//  6. A snapshot or patch that is not newer than what is served is ignored, unless it is of another epoch.
//  7. 401 and 403 end it all: the key is wrong. This is said once, as PROVIDER_ERROR with PROVIDER_FATAL.
//  8. PROVIDER_STALE is emitted when opening the stream again has failed for the first time, so a stream that the
//     server ends in good order goes unnoticed; PROVIDER_READY when there is a stream again.
package tidegate
