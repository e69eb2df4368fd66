// Package tidegate is the OpenFeature provider of Tidegate for Go.
//
// The provider evaluates flags in the process that asks. It holds a stream to the server, which sends the definition of
// all flags of one environment once and then whatever changes; an evaluation reads memory, takes no lock and never
// waits for the network. It serves what it was told last for as long as the server is away.
//
//	err := openfeature.SetProviderAndWait(tidegate.NewProvider("http://127.0.0.1:8080", key,
//		tidegate.WithService("checkout", "2.3.0")))
//
// The key is a server SDK key of one environment. WithService says what the process is: flags that wait for a version
// of a service need to know, and it makes the process known as part of the fleet.
package tidegate
