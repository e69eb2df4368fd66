package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// address and token are those of the server that the examples call. flagd's commands find theirs in the environment.
var address, token string

// TestMain serves the examples from a new database.
func TestMain(m *testing.M) {
	code, err := serve(m.Run)
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

// serve runs a server while the function runs.
func serve(run func() int) (code int, err error) {
	folder, err := os.MkdirTemp("", "tidegate-client")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	local := &bus.Local{}
	database, err := sqlite.Open(ctx, filepath.Join(folder, "tidegate.db"), sqlite.WithBus(local), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	token = "tg_of-the-examples-0123456789"
	config := server.Config{Addr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler), BootstrapAdminToken: token}
	s, err := server.New(ctx, config, server.Backend{Store: database, Bus: local})
	if err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	if err := s.AwaitReady(ctx); err != nil {
		return 0, err
	}
	address = s.URL()
	code = run()
	stop()
	return code, <-ended
}

func Example() {
	ctx := context.Background()
	c, err := client.New(address, token, client.WithUserAgent("my-tool/1.0"))
	if err != nil {
		log.Fatal(err)
	}
	flag, err := c.CreateFlag(ctx, "default", "new-checkout", openapi.FlagCreate{Type: openapi.FlagTypeBoolean})
	if err != nil {
		log.Fatal(err)
	}
	config, err := c.UpdateFlagConfig(ctx, "default", flag.Key, "staging", client.Patch{"enabled": true}, client.Reason("to try it"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(flag.Key, "is enabled in staging:", config.Enabled)
	// Output: new-checkout is enabled in staging: true
}

// A change to an older version is refused. The error has the current state.
func ExampleConflict() {
	ctx := context.Background()
	c, err := client.New(address, token)
	if err != nil {
		log.Fatal(err)
	}
	flag, err := c.CreateFlag(ctx, "default", "banner", openapi.FlagCreate{Type: openapi.FlagTypeBoolean, Owner: "shop"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := c.UpdateFlag(ctx, "default", "banner", client.Patch{"owner": "web"}); err != nil {
		log.Fatal(err)
	}
	_, err = c.UpdateFlag(ctx, "default", "banner", client.Patch{"owner": "mobile"}, client.IfMatch(flag.Version))
	if version, current, ok := client.Conflict(err); ok {
		var now openapi.Flag
		if err := json.Unmarshal(current, &now); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("version %d is owned by %s\n", version, now.Owner)
	}
	// Output: version 2 is owned by web
}

func ExampleProblemError() {
	ctx := context.Background()
	c, err := client.New(address, token)
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.GetFlag(ctx, "default", "no-such-flag")
	fmt.Println("missing:", errors.Is(err, client.ErrNotFound))

	_, err = c.CreateFlag(ctx, "default", "wrong", openapi.FlagCreate{Type: "text"})
	var refused *client.ProblemError
	if errors.As(err, &refused) {
		for _, field := range refused.Errors {
			fmt.Println(refused.Status, field.Pointer, field.Detail)
		}
	}
	// Output:
	// missing: true
	// 422 /type must be boolean, string, number or object, not "text"
}

func ExampleClient_AllFlags() {
	ctx := context.Background()
	c, err := client.New(address, token)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := c.CreateProject(ctx, "shop", openapi.ProjectWrite{Name: "Shop"}); err != nil {
		log.Fatal(err)
	}
	for i := range 5 {
		if _, err := c.CreateFlag(ctx, "shop", fmt.Sprintf("flag-%d", i), openapi.FlagCreate{Type: openapi.FlagTypeBoolean}); err != nil {
			log.Fatal(err)
		}
	}
	for flag, err := range c.AllFlags(ctx, "shop", openapi.ListFlagsParams{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(flag.Key)
	}
	// Output:
	// flag-0
	// flag-1
	// flag-2
	// flag-3
	// flag-4
}

// The server applies the report once, even if the job is started several times.
func ExampleIdempotencyKey() {
	ctx := context.Background()
	c, err := client.New(address, token)
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		key, err := c.CreateProject(ctx, "mobile", openapi.ProjectWrite{Name: "Mobile"}, client.IdempotencyKey("set-up-mobile"))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(key.Name, key.Version)
	}
	// Output:
	// Mobile 1
	// Mobile 1
}
