// Package sdkapi answers the SDKs that evaluate in-process: it streams them the definition of their environment and
// what changes in it, hears which processes are alive, and takes in what applications report.
package sdkapi
