// Package flagdrpc speaks the protocols of OpenFeature's flagd: flagd.evaluation.v1 and .v2, which evaluate here, and
// flagd.sync.v1, which hands whole definitions to providers that evaluate by themselves. Each is served as gRPC,
// Connect and gRPC-Web.
//
// A caller is let in by an SDK key: in the metadata authorization (Bearer) or x-api-key; in the selector, where a
// client can set nothing else; or by the listener, which may be bound to keys. The selector, in the metadata
// flagd-selector, names the environment, "project/environment", and must agree with the key.
//
// Streams follow a replica as those of server-sent events do and are limited, counted and drained together with them.
// One that the server ends ends with UNAVAILABLE: after a good end, official providers do not come back.
package flagdrpc
