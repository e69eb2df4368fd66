// Package flagdrpc speaks the protocols of OpenFeature's flagd: flagd.evaluation.v1 and .v2, which evaluate here, and
// flagd.sync.v1, which hands whole definitions to providers that evaluate by themselves. Each is served as gRPC,
// Connect and gRPC-Web.
//
// A caller needs an SDK key. It may be in the metadata authorization (Bearer) or x-api-key. If a client can set
// nothing else, it may be in the selector. The listener may also be bound to keys, for callers without one. The
// selector is in the metadata flagd-selector. It names the environment, "project/environment", and must agree with
// the key.
//
// Streams follow a replica in the same way as streams of server-sent events. They are limited, counted and drained
// together with these. When the server ends a stream, it ends it with UNAVAILABLE: after an end without error,
// official providers do not come back.
package flagdrpc
