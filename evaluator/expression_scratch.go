package evaluator

// What an operator gathers while it works lies on the stack, in these types. They are filled through a pointer and
// never returned. Where functions call one another in a circle, Go's compiler puts what is returned on the heap.

// argumentList is the arguments of an operator.
type argumentList struct {
	count  int
	inline [4]datum
	more   []datum
}

func (a *argumentList) add(d datum) {
	if a.count < len(a.inline) {
		a.inline[a.count] = d
	} else {
		a.more = append(a.more, d)
	}
	a.count++
}

// at returns an argument, undefined if there is none.
func (a *argumentList) at(i int) datum {
	switch {
	case i >= a.count:
		return datum{}
	case i < len(a.inline):
		return a.inline[i]
	default:
		return a.more[i-len(a.inline)]
	}
}

func (a *argumentList) reset() { a.count, a.more = 0, a.more[:0] }

// writing is text that is being put together.
type writing struct {
	length int
	inline [128]byte
	more   []byte // all of the text once it does not fit any longer
}

func (w *writing) add(m *meter, d *datum) {
	if d.kind == datumString {
		w.addText(d.text)
		return
	}
	var buffer [32]byte
	w.addBytes(d.appendText(m, buffer[:0]))
}

func (w *writing) addText(s string) {
	if w.more == nil && w.length+len(s) <= len(w.inline) {
		copy(w.inline[w.length:], s)
	} else {
		w.spill()
		w.more = append(w.more, s...)
	}
	w.length += len(s)
}

func (w *writing) addBytes(b []byte) {
	if w.more == nil && w.length+len(b) <= len(w.inline) {
		copy(w.inline[w.length:], b)
	} else {
		w.spill()
		w.more = append(w.more, b...)
	}
	w.length += len(b)
}

func (w *writing) spill() {
	if w.more == nil {
		w.more = append(make([]byte, 0, 4*len(w.inline)), w.inline[:w.length]...)
	}
}

// bytes are what has been written so far.
func (w *writing) bytes() []byte {
	if w.more == nil {
		return w.inline[:w.length]
	}
	return w.more
}

// shareList is the entries of fractional.
type shareList struct {
	count  int
	total  float64
	inline [8]variantShare
	more   []variantShare
}

// variantShare is an entry of fractional and where its range of buckets ends.
type variantShare struct {
	variant datum
	upTo    float64
}

func (l *shareList) add(variant datum, weight float64) {
	l.total += weight
	share := variantShare{variant, l.total}
	if l.count < len(l.inline) {
		l.inline[l.count] = share
	} else {
		l.more = append(l.more, share)
	}
	l.count++
}

// pick returns the variant whose range has the bucket of the key. It returns null if no range has it, or if the sum of
// the weights is too large.
func (l *shareList) pick(key []byte) datum {
	if l.total > maxFractionalWeight {
		return datum{kind: datumNull}
	}
	hash := newMurmur("").sumBytes(key)
	bucket := float64(uint64(hash) * uint64(l.total) >> 32)
	for i := range l.count {
		share := &l.inline[min(i, len(l.inline)-1)]
		if i >= len(l.inline) {
			share = &l.more[i-len(l.inline)]
		}
		if bucket < share.upTo {
			return share.variant
		}
	}
	return datum{kind: datumNull}
}
