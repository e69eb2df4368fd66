// Package sdkapi answers the SDKs that evaluate in-process. It streams the definition of their environment and its
// changes to them. It notes which processes are alive, and takes the reports of applications.
package sdkapi
