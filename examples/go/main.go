// Command go asks Tidegate for a flag whenever it changes. It evaluates in this process; nothing is asked over the
// network while it does.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/open-feature/go-sdk/openfeature"

	tidegate "github.com/tidegate-io/tidegate/sdk"
)

func main() {
	ctx := context.Background()
	provider := tidegate.NewProvider(
		"http://127.0.0.1:8080",
		os.Getenv("SDK_KEY"),
		tidegate.WithService("checkout", "2.3.0"),
	)
	if err := openfeature.SetProviderAndWait(provider); err != nil {
		log.Fatal(err)
	}
	defer openfeature.Shutdown()

	client := openfeature.NewClient("checkout")
	show := func(openfeature.EventDetails) {
		share := 0
		for i := range 1000 {
			user := openfeature.NewEvaluationContext(fmt.Sprintf("user-%d", i), map[string]any{"country": "FR"})
			if client.Boolean(ctx, "new-checkout", false, user) {
				share++
			}
		}
		fmt.Printf("new-checkout is on for %.1f %% of users\n", float64(share)/10)
	}
	client.AddHandler(openfeature.ProviderConfigChange, &show)
	show(openfeature.EventDetails{})
	select {}
}
