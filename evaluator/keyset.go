package evaluator

// scanLimit is how many strings are compared one by one; a larger set is hashed.
const scanLimit = 8

// keySet is an immutable set of strings.
type keySet struct {
	list  []string
	table *keyTable // set if the list is too long to scan
}

func newKeySet(keys []string) keySet {
	if len(keys) <= scanLimit {
		return keySet{list: keys}
	}
	return keySet{table: newKeyTable(keys)}
}

func (k *keySet) empty() bool { return len(k.list) == 0 && k.table == nil }

func (k *keySet) contains(key string) bool {
	if k.table != nil {
		return k.table.contains(key)
	}
	for i := range k.list {
		if k.list[i] == key {
			return true
		}
	}
	return false
}
