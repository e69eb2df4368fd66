// Package openapi holds the REST API's source, openapi.yaml, and the Go types and routes that are generated from it.
package openapi

import _ "embed"

// Spec is openapi.yaml, the source of the REST API.
//
//go:embed openapi.yaml
var Spec []byte

// OFREP is ofrep.yaml, which describes what is answered below /ofrep/v1.
//
//go:embed ofrep.yaml
var OFREP []byte

// SDK is sdk.yaml, which describes what is answered below /sdk/v1.
//
//go:embed sdk.yaml
var SDK []byte
