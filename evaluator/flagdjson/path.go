package flagdjson

import (
	"slices"
	"strings"
)

// methods are the functions that JavaScript finds in strings, lists, numbers and objects although nobody has put them
// there. A function has members of its own, such as name.
var methods = strings.Fields(`at anchor big blink bold bind apply call charAt charCodeAt codePointAt concat constructor copyWithin
	endsWith entries every fill filter find findIndex findLast findLastIndex fixed flat flatMap fontcolor fontsize forEach
	hasOwnProperty includes indexOf isPrototypeOf isWellFormed italics join keys lastIndexOf link localeCompare map match
	matchAll normalize padEnd padStart pop propertyIsEnumerable push reduce reduceRight repeat replace replaceAll reverse
	search shift slice small some sort splice split startsWith strike sub substr substring sup toExponential toFixed
	toLocaleLowerCase toLocaleString toLocaleUpperCase toLowerCase toPrecision toReversed toSorted toSpliced toString
	toUpperCase toWellFormed trim trimEnd trimLeft trimRight trimStart unshift valueOf values with`)

// refusePath says why flagd's providers would find something else under the path of an attribute than the evaluator
// does. It returns "" if they would find the same. The reason is that var reads members of lists, strings and
// functions, too.
func refusePath(path string) string {
	segments := strings.Split(path, ".")
	if segments[0] == "$flagd" {
		return "flagd puts attributes of its own into $flagd"
	}
	if strings.ContainsAny(path, `\`) {
		return "flagd reads a backslash in the path of an attribute in a way of its own"
	}
	for i, segment := range segments {
		nested := i > 0
		switch {
		case segment == "__proto__":
			return "in JavaScript, the attribute __proto__ is there without being given"
		case nested && (segment == "length" || strings.Trim(segment, "0123456789") == ""):
			return "in flagd, the attribute " + path + " is also a part of a string or list"
		case nested && slices.Contains(methods, segments[i-1]):
			return "in JavaScript, " + segments[i-1] + " has members of its own"
		}
	}
	return ""
}
