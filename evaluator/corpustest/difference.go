package corpustest

import (
	"fmt"
	"reflect"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Difference says how two results differ; "" if they are equal, wherever their values are kept.
func Difference(want, got evaluator.Result) string {
	if !reflect.DeepEqual(want.Value.Any(), got.Value.Any()) || want.Value.IsNone() != got.Value.IsNone() {
		return fmt.Sprintf("the values are %s and %s", want.Value.JSON(), got.Value.JSON())
	}
	want.Value, got.Value = evaluator.Value{}, evaluator.Value{}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf("the results are %+v and %+v", want, got)
	}
	return ""
}
