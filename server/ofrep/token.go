package ofrep

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

// tokenWindow is the unit of a token's life. A token lasts until the end of the window after the one in which it was
// made. All tokens of a window are the same, so the event stream of a client keeps its address.
const tokenWindow = time.Hour

// streamToken is text in the address of an event stream. It is there because a browser's EventSource cannot send
// headers. The holder may listen for changes of the key's environment, for a while, and may do nothing else. The
// token is signed with the stored hash of the key, which every replica knows. It ends when the key is revoked.
func streamToken(key store.SDKKey, now time.Time) string {
	expires := now.Truncate(tokenWindow).Add(2 * tokenWindow).Unix()
	claims := key.ID + "." + strconv.FormatInt(expires, 36)
	return base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + sign(key, claims)
}

// checkToken returns the key from which a token was made, or an error that says why the token is not valid.
func checkToken(token string, keys auth.Keys, now time.Time) (store.SDKKey, *failure) {
	fresh := unauthorized(
		"the token of the event stream is not valid or has ended; evaluate all flags again to get another",
	)
	encoded, signature, _ := strings.Cut(token, ".")
	claims, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return store.SDKKey{}, fresh
	}
	dot := strings.LastIndexByte(string(claims), '.')
	if dot < 0 {
		return store.SDKKey{}, fresh
	}
	key, ok := keys.SDKKeyByID(string(claims[:dot]))
	if !ok || !hmac.Equal([]byte(signature), []byte(sign(key, string(claims)))) {
		return store.SDKKey{}, fresh
	}
	expires, err := strconv.ParseInt(string(claims[dot+1:]), 36, 64)
	if err != nil || now.Unix() >= expires {
		return store.SDKKey{}, fresh
	}
	return key, nil
}

func sign(key store.SDKKey, claims string) string {
	mac := hmac.New(sha256.New, key.Hash)
	mac.Write([]byte("tidegate ofrep event stream 1\x00" + claims))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
