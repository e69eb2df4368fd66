package tidegate_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/open-feature/go-sdk/openfeature"

	tidegate "github.com/tidegate-io/tidegate/sdk"
)

func Example() {
	provider := tidegate.NewProvider("http://127.0.0.1:8080", os.Getenv("TIDEGATE_SDK_KEY"),
		tidegate.WithService("checkout", "2.3.0"))
	if err := openfeature.SetProviderAndWait(provider); err != nil {
		log.Print(err) // the provider goes on trying; until then the defaults below apply
	}
	defer openfeature.Shutdown()

	user := openfeature.NewEvaluationContext("user-1", map[string]any{"country": "FR"})
	if openfeature.NewDefaultClient().Boolean(context.Background(), "new-checkout", false, user) {
		fmt.Println("the new checkout")
	}
}
