package evaluator

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLimitsAreDocumented compares the table of docs/threat-model.md with the limits.
func TestLimitsAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/threat-model.md")
	require.NoError(t, err)
	for limit, value := range map[string]string{
		"steps of one evaluation, one answer about all flags, or one explanation": fmt.Sprint(MaxSteps),
		"steps of one expression (of ten of these each)":                          fmt.Sprint(maxExpressionSteps),
		"memory that expressions fill in one evaluation":                          fmt.Sprintf("%d MiB", MaxBytes>>20),
		"a context: JSON":                  fmt.Sprintf("%d KiB", MaxContextBytes>>10),
		"a context: attributes at the top": fmt.Sprint(MaxContextAttributes),
		"a context: elements of lists and members of objects, at all levels": fmt.Sprint(MaxContextElements),
		"a context: depth":                                                                     fmt.Sprint(MaxContextDepth),
		"an explanation: parts beside the value":                                               fmt.Sprintf("%d MiB", maxTraceBytes>>20),
		"an explanation: flags and segments in one another":                                    fmt.Sprint(maxTraceDepth),
		"a regular expression: text":                                                           fmt.Sprintf("%d bytes", maxPatternLength),
		"a regular expression: program":                                                        fmt.Sprintf("%d instructions", maxPatternSize),
		"the regular expressions of one flag or segment: programs":                             fmt.Sprintf("%d instructions", maxFlagPatterns),
		"the different regular expressions of one environment: programs":                       fmt.Sprintf("%d instructions", maxEnvironmentPatterns),
		"flags that an evaluation leads to by prerequisites, segments that a segment leads to": fmt.Sprint(maxLinkedEvaluations),
		"a version range: text":                                                                fmt.Sprintf("%d bytes", maxRangeLength),
		"an expression: JSON, depth, operators and values": fmt.Sprintf("%d KiB, %d, %d",
			maxExpressionBytes>>10, maxExpressionDepth, maxExpressionNodes),
		"what is wrong with one flag or segment, in an answer": fmt.Sprintf("%d faults", maxFaults),
	} {
		require.Contains(t, string(page), "\n| "+limit+" | "+value+" |")
	}
	require.Equal(t, 10, stepsOfExpression)
}
