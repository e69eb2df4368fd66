package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestAllImplementationsServeTheSame(t *testing.T) {
	for _, construct := range []func() (implementation, error){newPrepared, newFlattened, newLaunchDarkly, newGrowthBook} {
		impl, err := construct()
		if err != nil {
			t.Fatal(err)
		}
		if err := impl.check(); err != nil {
			t.Error(err)
		}
	}
}

func TestThePlotIsXML(t *testing.T) {
	decoder := xml.NewDecoder(strings.NewReader(draw([]series{{name: "a", points: []point{{10, 50}, {1000, 250}}}})))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
