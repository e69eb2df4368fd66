package importer_test

import "testing"

func TestJudgeExported(t *testing.T) {
	t.Parallel()
	const files = 8
	for _, d := range []*differential{unleashDifferential(), growthDifferential(), flagsmithDifferential()} {
		t.Run(d.engine, func(t *testing.T) {
			t.Parallel()
			d.asExported(t, files)
		})
	}
}
