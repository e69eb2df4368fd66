package storetest

import (
	"fmt"
	"slices"

	"github.com/anishathalye/porcupine"
)

// counts checks a history against the model of revisions. Every write of a counter has another value, so the order of
// the writes is known. Each read belongs right after the write of the value that it read. So no search is needed.
// There is only one possible order. It explains the history if and only if it agrees with the times: an operation
// that returned before another was called must come first.
func counts(first int64, operations []porcupine.Operation) error {
	writes, err := writesOf(first, operations)
	if err != nil {
		return err
	}
	byReturn := slices.SortedFunc(
		slices.Values(operations),
		func(a, b porcupine.Operation) int { return int(a.Return - b.Return) },
	)
	byCall := slices.SortedFunc(
		slices.Values(operations),
		func(a, b porcupine.Operation) int { return int(a.Call - b.Call) },
	)
	told, returned := first, 0
	for _, o := range byCall {
		// These are the results that somebody had before this operation was called.
		for ; byReturn[returned].Return < o.Call; returned++ {
			told = max(told, byReturn[returned].Output.(outcome).version)
		}
		got := o.Output.(outcome).version
		if isWrite := o.Input.(operation).write; got < told || isWrite && got == told {
			return fmt.Errorf("client %d was told %d after somebody had been told %d", o.ClientId, got, told)
		}
		if write, written := writes[got]; got != first && (!written || write.Call > o.Return) {
			return fmt.Errorf("client %d was told %d before anybody wrote it", o.ClientId, got)
		}
	}
	return nil
}

// writesOf gives the writes by the value that they gave the counter. The values must be all numbers after the first.
func writesOf(first int64, operations []porcupine.Operation) (map[int64]porcupine.Operation, error) {
	writes, all := make(map[int64]porcupine.Operation), 0
	for _, o := range operations {
		if o.Input.(operation).write {
			writes[o.Output.(outcome).version] = o
			all++
		}
	}
	for i := range all {
		if _, written := writes[first+1+int64(i)]; !written {
			return nil, fmt.Errorf("of %d writes none made it %d", all, first+1+int64(i))
		}
	}
	return writes, nil
}
