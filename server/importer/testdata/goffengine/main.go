// Command goffengine answers the questions of the importer's tests with GO Feature Flag's own library. Questions and
// answers are those of engines/serve.mjs.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	ffclient "github.com/thomaspoignant/go-feature-flag"
	"github.com/thomaspoignant/go-feature-flag/ffcontext"
)

type question struct {
	Definition json.RawMessage  `json:"definition"`
	Contexts   []map[string]any `json:"contexts"`
	Now        int64            `json:"now"`
}

type answer struct {
	Value  any  `json:"value,omitempty"`
	Open   bool `json:"open"`
	Failed bool `json:"failed"`
}

// file gives the library its flags.
type file []byte

func (f file) Retrieve(context.Context) ([]byte, error) { return f, nil }

func main() {
	slog.SetLogLoggerLevel(slog.LevelError + 1)
	reader := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return
		}
		reply := map[string]any{}
		if answers, err := answersTo(line); err != nil {
			reply["error"] = err.Error()
		} else {
			reply["answers"] = answers
		}
		if err := json.NewEncoder(os.Stdout).Encode(reply); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func answersTo(line []byte) (map[string][]answer, error) {
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return nil, err
	}
	client, err := ffclient.New(ffclient.Config{
		PollingInterval: time.Hour, Retriever: file(q.Definition), FileFormat: "json",
		LeveledLogger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	var flags map[string]struct {
		Default struct {
			Variation string `json:"variation"`
		} `json:"defaultRule"`
	}
	if err := json.Unmarshal(q.Definition, &flags); err != nil {
		return nil, err
	}
	answers := map[string][]answer{}
	for key, flag := range flags {
		for _, attributes := range q.Contexts {
			result, _ := client.RawVariation(key, contextOf(attributes, q.Now), nil)
			a := answer{Failed: result.ErrorCode != ""}
			if result.VariationType != "SdkDefault" {
				a.Value = result.Value
				a.Open = result.Value != nil && result.VariationType != flag.Default.Variation
				if b, ok := result.Value.(bool); ok {
					a.Open = b
				}
			}
			answers[key] = append(answers[key], a)
		}
	}
	return answers, nil
}

// contextOf is the context that the relay proxy makes of a request.
func contextOf(attributes map[string]any, now int64) ffcontext.Context {
	key, _ := attributes["targetingKey"].(string)
	b := ffcontext.NewEvaluationContextBuilder(key)
	for name, value := range attributes {
		if n, ok := value.(float64); ok && n == float64(int64(n)) {
			value = int(n)
		}
		b.AddCustom(name, value)
	}
	b.AddCustom("gofeatureflag", map[string]any{"currentDateTime": time.UnixMilli(now).UTC().Format(time.RFC3339)})
	return b.Build()
}
