package evaluator

// scanLimit is how many strings are compared one by one; a larger set is hashed.
const scanLimit = 8

// keySet is an immutable set of strings.
type keySet struct {
	list  []string
	table map[string]struct{}
}

func newKeySet(keys []string) keySet {
	if len(keys) <= scanLimit {
		return keySet{list: keys}
	}
	table := make(map[string]struct{}, len(keys))
	for _, key := range keys {
		table[key] = struct{}{}
	}
	return keySet{table: table}
}

func (k *keySet) empty() bool { return len(k.list) == 0 && k.table == nil }

func (k *keySet) contains(key string) bool {
	if k.table != nil {
		_, ok := k.table[key]
		return ok
	}
	for i := range k.list {
		if k.list[i] == key {
			return true
		}
	}
	return false
}
