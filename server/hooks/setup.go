package hooks

import (
	"embed"
	"fmt"
	"net/url"
	"strings"

	"github.com/tidegate-io/tidegate/openapi"
)

// recipes has a file for each kind: titles, each behind "=== ", with the text to paste below.
//
//go:embed recipes
var recipes embed.FS

// secretPlace stands in a recipe for the webhook's secret, which is shown only once.
const secretPlace = "$SECRET"

// Setup tells what to do at the tool so that it sends its events to the webhook at the address.
func Setup(kind openapi.WebhookKind, address string) ([]openapi.WebhookSetup, error) {
	recipe, err := recipes.ReadFile("recipes/" + string(kind) + ".txt")
	if err != nil {
		return nil, fmt.Errorf("read recipe: %w", err)
	}
	withSecret, err := withPassword(address, secretPlace)
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("$AUTHURL", withSecret, "$URL", address).Replace(string(recipe))
	var setup []openapi.WebhookSetup
	for part := range strings.SplitSeq(text, "=== ") {
		if title, body, ok := strings.Cut(part, "\n"); ok {
			setup = append(setup, openapi.WebhookSetup{Title: title, Text: strings.TrimRight(body, "\n")})
		}
	}
	return setup, nil
}

// withPassword is the address with a user and a password. It is for senders that can be given only an address.
func withPassword(address, password string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("parse address of a webhook: %w", err)
	}
	return u.Scheme + "://tidegate:" + password + "@" + u.Host + u.Path, nil
}
