package importer

import (
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// decideStrategies makes the strategies of a feature steps: any of them may turn it on. A feature without strategies
// is on for everybody. A strategy that cannot be said is left out. That can only close the feature, never open it.
func (x *unleashReader) decideStrategies(f *Flag, path string) {
	var own []unleashStrategy
	for _, s := range x.strategies {
		if s.Feature == f.Key && (x.environment == "" || s.Environment == "" || s.Environment == x.environment) {
			own = append(own, s)
		}
	}
	slices.SortStableFunc(own, func(a, b unleashStrategy) int {
		switch {
		case a.SortOrder < b.SortOrder:
			return -1
		case a.SortOrder > b.SortOrder:
			return 1
		default:
			return 0
		}
	})
	x.named = named{}
	var steps []step
	for i := range own {
		if s, ok := x.strategy(f, &own[i]); ok {
			steps = append(steps, s)
		}
	}
	switch {
	case len(own) == 0:
		steps = []step{{when: always, split: everybody("on")}}
	case len(steps) == 0 && !slices.ContainsFunc(own, func(s unleashStrategy) bool { return !s.Disabled }):
		x.lose(path, "all strategies of %q are disabled; it is imported as off for everybody", f.Key)
	}
	f.decide(steps, "off", x.named, func(*step) bool { return true })
	if f.Config.Targeting != nil {
		x.sayCopies(own)
	}
}

// sayCopies reports the segments that are written into the expression of the flag at hand.
func (x *unleashReader) sayCopies(strategies []unleashStrategy) {
	for _, s := range strategies {
		for i, id := range s.Segments {
			if group := x.segments[id]; group != nil && group.rules && !s.Disabled {
				x.drop(
					at("/featureStrategies", s.index, "segments", i),
					"the flag's expression has a copy of segment %q: it does not follow when the segment is changed",
					group.key,
				)
			}
		}
	}
}

func (x *unleashReader) strategy(f *Flag, s *unleashStrategy) (step, bool) {
	path := at("/featureStrategies", s.index)
	if s.Disabled {
		x.drop(path, "the strategy is disabled and left out")
		return step{}, false
	}
	if len(s.Variants) > 0 {
		x.lose(at(path, "variants"), "variants are left out: the flag is on or off here")
	}
	result := step{id: s.ID, description: s.Title, split: everybody("on")}
	if result.id == "" {
		result.id = "strategy-" + strconv.Itoa(s.index+1)
	}
	who, ok := x.who(s, &result.split, path)
	if !ok {
		x.leaveOut(path, "the strategy is left out, so %q is off for those whom it alone would turn it on for", f.Key)
		return step{}, false
	}
	result.when = allOf(
		append(x.constraints(s.Constraints, path), append([]condition{who}, x.inSegments(s, path)...)...)...)
	if result.when.met == false && result.when.unsure {
		x.leaveOut(path, "the strategy is left out, so %q is off for those whom it alone would turn it on for", f.Key)
		return step{}, false
	}
	return result, true
}

// inSegments are the conditions to be in the segments of a strategy.
func (x *unleashReader) inSegments(s *unleashStrategy, path string) (list []condition) {
	for i, id := range s.Segments {
		group := x.segments[id]
		if group == nil || group.when.met == false && group.when.unsure {
			x.lose(at(path, "segments", i), "segment %d is not in the file, or left out", id)
			list = append(list, unknowable)
			continue
		}
		c := group.when
		if c.unsure {
			x.lose(at(path, "segments", i), "something of segment %q is different", group.key)
		}
		if c.metBy, c.unmetBy = nil, nil; group.rules {
			in := evaluator.Clause{Operator: evaluator.OpInSegment, Values: raws([]string{group.key})}
			c.metBy = []evaluator.Clause{in}
		}
		if !c.constant() {
			x.named["segment "+group.key] = group.when.met
			c.met = map[string]any{"$ref": "segment " + group.key}
		}
		list = append(list, c)
	}
	return list
}

// who is what a strategy itself asks for, besides its constraints. It may set the split.
func (x *unleashReader) who(s *unleashStrategy, split *portions, path string) (condition, bool) {
	if parameters, ok := unleashParameters()[s.Name]; ok {
		for _, name := range sortedKeys(s.Parameters) {
			if !slices.Contains(parameters, name) && !isEmpty(s.Parameters[name]) {
				x.unknown(at(path, "parameters", name), "the import does not know the parameter %q", name)
			}
		}
	}
	switch s.Name {
	case "default":
		return always, true
	case "userWithId":
		list, _ := s.Parameters["userIds"].(string)
		return keyIn(slices.DeleteFunc(unleashList(list), func(id string) bool { return id == "" })), true
	case "remoteAddress":
		return x.remoteAddress(s, path), true
	case "flexibleRollout", "gradualRolloutUserId", "gradualRolloutSessionId", "gradualRolloutRandom":
		return x.rollout(s, split, path)
	}
	x.lose(at(path, "name"), "there is no strategy %q here", s.Name)
	return unknowable, false
}

// unleashParameters are the parameters of each strategy that is understood.
func unleashParameters() map[string][]string {
	gradual := []string{"percentage", "groupId"}
	return map[string][]string{
		"default": nil, "userWithId": {"userIds"}, "remoteAddress": {"IPs"},
		"flexibleRollout":      {"rollout", "stickiness", "groupId"},
		"gradualRolloutUserId": gradual, "gradualRolloutSessionId": gradual, "gradualRolloutRandom": gradual}
}

// unleashList splits a list as Unleash's clients do: space around commas does not count, other space does.
func unleashList(list string) []string {
	if list == "" {
		return nil
	}
	return regexp.MustCompile(`\s*,\s*`).Split(list, -1)
}

// remoteAddress is met by the addresses that are listed, and by those in a network that is listed.
func (x *unleashReader) remoteAddress(s *unleashStrategy, path string) condition {
	list, _ := s.Parameters["IPs"].(string)
	address, _ := flatVar("remoteAddress")
	var some []condition
	for _, entry := range unleashList(list) {
		some = append(some, asks(logic.Apply("===", address, entry)))
		prefix, err := netip.ParsePrefix(entry)
		if err != nil || !prefix.Addr().Is4() {
			if strings.ContainsAny(entry, "/") {
				x.lose(at(path, "parameters", "IPs"),
					"%q is no network of IPv4, which alone are understood here", entry)
			}
			continue
		}
		x.sayAddresses(at(path, "parameters", "IPs"))
		some = append(
			some,
			condition{met: logic.All(logic.IsString(address), inNetwork(address, prefix)), unmet: false, unsure: true},
		)
	}
	return anyOf(some...)
}

// rollout is the share that a strategy gives. Unleash counts buckets of whole percents.
func (x *unleashReader) rollout(s *unleashStrategy, split *portions, path string) (condition, bool) {
	parameter, stickiness := "percentage", map[string]string{
		"gradualRolloutUserId": "userId", "gradualRolloutSessionId": "sessionId", "gradualRolloutRandom": "random"}[s.Name]
	if s.Name == "flexibleRollout" {
		parameter = "rollout"
		if stickiness, _ = s.Parameters["stickiness"].(string); stickiness == "" {
			stickiness = "default"
		}
	}
	percent, ok := unleashNumber(s.Parameters[parameter])
	if !ok || percent < 0 || percent > 100 {
		x.lose(at(path, "parameters", parameter), "a percentage is a number from 0 to 100")
		return unknowable, false
	}
	who := always
	by := evaluator.AttributeTargetingKey
	switch stickiness {
	case "default", "random":
		if percent >= 1 && percent < 100 {
			x.lose(
				at(path, "parameters", "stickiness"),
				"nobody is given a random answer here: the share is of the targeting keys, and whoever has none is left out",
			)
			who = hasKey()
		}
	case "userId":
		who = hasKey()
	default:
		path, ok := flatPath(stickiness)
		if !ok {
			return unknowable, false
		}
		by = path
		v := logic.Var(path)
		if who = asks(logic.All(isPresent(v), logic.Apply("!==", textOf(v), ""))); s.Name != "flexibleRollout" {
			who = asks(isTruthy(v))
		}
	}
	split.by = by
	if group, _ := s.Parameters["groupId"].(string); group != s.Feature {
		split.seed = group
	}
	weight := int(math.Floor(percent)) * evaluator.TotalWeight / 100
	if weight == 0 {
		return never, true
	}
	if weight < evaluator.TotalWeight {
		split.shares = []share{{"on", weight}, {"", evaluator.TotalWeight - weight}}
	}
	return split.asking(who), true
}

// unleashNumber is JavaScript's Number of a text or number, as far as it is written in decimals.
func unleashNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) && !strings.ContainsAny(v, "xXpP_")
	default:
		return 0, false
	}
}
