// Package auth says who is calling and what they may do: access tokens and sessions for the REST API, SDK keys for
// evaluation.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// The prefixes of secrets. People and secret scanners recognise secrets by them.
const (
	PrefixAccessToken = "tg_"
	PrefixServerKey   = "sdk-"
	PrefixClientKey   = "cli-"
	PrefixWebhook     = "whk_"
	prefixSession     = "ses_"
	prefixSignIn      = "link_"
	// prefixTokenSession is the prefix of sessions that were begun with an access token.
	prefixTokenSession = "tks_"
)

// ReservedPrefix returns the prefix that makes text look like a secret other than an access token. It is empty if
// text has none.
func ReservedPrefix(text string) string {
	for _, prefix := range []string{PrefixServerKey, PrefixClientKey, prefixSession, prefixSignIn, prefixTokenSession} {
		if strings.HasPrefix(text, prefix) {
			return prefix
		}
	}
	return ""
}

// secretBytes is the length of the random part: 256 bits cannot be guessed, so a fast hash is enough to store them.
const secretBytes = 32

// shownCharacters is how many characters of a secret are kept, so that people can recognise it.
const shownCharacters = 8

// Secret is a new credential. Text is shown once; Hash and Prefix are stored.
type Secret struct {
	Text   string
	Hash   []byte
	Prefix string
}

// NewSecret makes a secret that begins with prefix.
func NewSecret(prefix string) Secret {
	random := make([]byte, secretBytes)
	rand.Read(random) // never fails: it ends the program if the system has no randomness
	return SecretFrom(prefix + base64.RawURLEncoding.EncodeToString(random))
}

// SecretFrom describes a secret that is given.
func SecretFrom(text string) Secret {
	return Secret{Text: text, Hash: Hash(text), Prefix: text[:min(len(text), shownCharacters)]}
}

// Hash is what is stored of a secret: its SHA-256.
func Hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
