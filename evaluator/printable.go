package evaluator

import (
	"math"
	"reflect"
	"strconv"
	"strings"
)

// printable turns an attribute into what encoding/json can marshal, whatever the context holds. It shows the start of
// large values. It also ends for values that hold themselves.
func (r *room) printable(a attribute) any {
	p := printer{left: maxPrinted, room: r}
	return p.print(a, maxAttributeDepth)
}

// maxPrinted bounds how many elements and members of one attribute an explanation shows.
const maxPrinted = 1000

// maxPrintedText bounds how many bytes of a text an explanation shows.
const maxPrintedText = 1000

// sortedSteps is the work of sorting one of the names of an object's members.
const sortedSteps = 40

// omitted stands for what is not shown.
const omitted = "(…)"

type printer struct {
	left int // elements and members that may still be shown
	room *room
}

// text is a text, or its beginning.
func (p *printer) text(text string) any {
	shown := text
	if len(text) > maxPrintedText {
		shown = strings.ToValidUTF8(text[:maxPrintedText], "") + omitted
	}
	if !p.room.take(len(shown)) {
		return omitted
	}
	return shown
}

func (p *printer) print(a attribute, depth int) any {
	switch a.kind {
	case kindString:
		return p.text(a.text)
	case kindTime:
		return p.text(a.timeText())
	case kindBool:
		return a.number != 0
	case kindNumber:
		if math.IsInf(a.number, 0) {
			return strconv.FormatFloat(a.number, 'g', -1, 64)
		}
		return a.number
	case kindList:
		return p.list(a.ref, depth-1)
	case kindObject:
		return p.object(a.ref, depth-1)
	case kindOther:
		return "(of a type that no operator reads)"
	default:
		return nil
	}
}

// more reports whether another element may be shown after the first shown ones.
func (p *printer) more(shown int) bool {
	p.left--
	return shown < maxTraced && p.left >= 0 && p.room.take(nodeBytes/10)
}

func (p *printer) list(list any, depth int) any {
	if depth == 0 {
		return omitted
	}
	printed := []any{}
	for a := range elements(list) {
		if !p.more(len(printed)) {
			return append(printed, omitted)
		}
		printed = append(printed, p.print(a, depth))
	}
	return printed
}

func (p *printer) object(object any, depth int) any {
	// Members are shown in the order of their names, and for this all of them are sorted.
	if depth == 0 || !p.room.spend(sortedSteps*reflect.ValueOf(object).Len()) {
		return omitted
	}
	printed := map[string]any{}
	for name, a := range members(object) {
		if !p.more(len(printed)) {
			printed[omitted] = true
			return printed
		}
		if len(name) > maxPrintedText || !p.room.take(len(name)) {
			name = omitted
		}
		printed[name] = p.print(a, depth)
	}
	return printed
}
