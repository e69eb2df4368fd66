package hooks

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"mime"
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// maxBody bounds an event.
const maxBody = 1 << 20

// signatureHeader carries the HMAC-SHA256 of the body as GitHub writes it, "sha256=" and hexadecimal digits.
const signatureHeader = "X-Hub-Signature-256"

// keyHeader carries the secret where the sender can set neither Authorization nor a signature.
const keyHeader = "X-Tidegate-Key"

// challenge is the WWW-Authenticate header of a 401. It does not ask for Basic, because a browser would then ask its
// user for a password.
const challenge = `Bearer realm="tidegate webhooks"`

// readEvent reads the body of an event.
func readEvent(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	return body.Read(w, r, maxBody)
}

// verify tells whether the sender knows the secret, and whether the request is signed. If senders of the tool sign,
// stored is the secret itself, otherwise its SHA-256. A sender that can sign may send the secret instead of a
// signature only if it does not have to sign. The comparisons take the same time whatever is sent.
func verify(r *http.Request, t tool, stored, payload []byte) (signed bool, err error) {
	if signature := r.Header.Get(signatureHeader); signature != "" && t.signs() {
		return true, verifySignature(signature, stored, payload)
	}
	if _, mustSign := t.(github); mustSign {
		return false, unsigned("The event is not signed. Set the webhook's secret at GitHub to that of this webhook.")
	}
	sent := sentSecret(r)
	if sent == "" {
		return false, problem.Unauthorized(
			challenge,
			"Send the webhook's secret: as `Authorization: Bearer <secret>`, as the password of basic authentication (any user), or in the header "+keyHeader+".",
		)
	}
	sum, known := sha256.Sum256([]byte(sent)), [sha256.Size]byte(make([]byte, sha256.Size))
	if t.signs() {
		known = sha256.Sum256(stored)
	} else {
		copy(known[:], stored)
	}
	if subtle.ConstantTimeCompare(sum[:], known[:]) != 1 {
		return false, problem.Unauthorized(
			challenge,
			"That is not the webhook's secret. It was shown when the webhook was made; its page can make a new one.",
		)
	}
	return false, nil
}

// sentSecret is the secret that the request carries, "" if none.
func sentSecret(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return cmp.Or(r.Header.Get(keyHeader), r.Header.Get("X-Gitlab-Token"))
}

func verifySignature(signature string, secret, payload []byte) error {
	digits, _ := strings.CutPrefix(signature, "sha256=")
	claimed, err := hex.DecodeString(digits)
	mac := hmac.New(sha256.New, secret)
	mac.Write(payload)
	if err != nil || !hmac.Equal(claimed, mac.Sum(nil)) {
		return unsigned(
			"The event's signature is wrong. The secret that the sender signs with must be that of this webhook.",
		)
	}
	return nil
}

func unsigned(detail string) *problem.Error {
	return &problem.Error{Status: http.StatusUnauthorized, Slug: "bad-signature", Detail: detail}
}

// checkMediaType refuses forms. GitHub sends forms unless it is set to send JSON.
func checkMediaType(r *http.Request) error {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/x-www-form-urlencoded" {
		return nil
	}
	return &problem.Error{
		Status: http.StatusUnsupportedMediaType, Slug: "unsupported-media-type",
		Detail: "The event must be JSON: set the webhook's content type at the sender to application/json.",
	}
}
