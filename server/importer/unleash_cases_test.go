package importer_test

import "maps"

// object is an object of JSON.
type object = map[string]any

// unleashExport is an export of the feature f with strategies, and whatever else there is.
func unleashExport(more object, strategies ...object) object {
	list := []any{}
	for i, s := range strategies {
		full := object{"featureName": "f", "environment": "production", "sortOrder": i, "name": "default", "parameters": object{}, "constraints": []any{}}
		maps.Copy(full, s)
		list = append(list, full)
	}
	file := object{
		"features":            []any{object{"name": "f"}},
		"featureEnvironments": []any{object{"featureName": "f", "environment": "production", "enabled": true}},
		"featureStrategies":   list,
	}
	maps.Copy(file, more)
	return file
}

// constrained is a strategy for everybody with a constraint.
func constrained(context, operator string, more object) object {
	c := object{"contextName": context, "operator": operator}
	maps.Copy(c, more)
	return object{"constraints": []any{c}}
}

func rolledOut(rollout any, more object) object {
	parameters := object{"rollout": rollout, "stickiness": "default", "groupId": "f"}
	maps.Copy(parameters, more)
	return object{"name": "flexibleRollout", "parameters": parameters}
}

// withParents are the features f, g and h, each enabled. f depends on g as parent says.
func withParents(parent object, more ...any) object {
	parent["feature"] = "g"
	dependencies := append([]any{object{"feature": "f", "dependencies": []any{parent}}}, more...)
	return object{
		"features": []any{object{"name": "f"}, object{"name": "g"}, object{"name": "h"}},
		"featureEnvironments": []any{object{"featureName": "f", "environment": "production", "enabled": true},
			object{"featureName": "g", "environment": "production", "enabled": true}, object{"featureName": "h", "environment": "production", "enabled": true}},
		"dependencies": dependencies,
	}
}

// unleashCases are the table of Unleash in docs/migrating.md.
func unleashCases() []documented {
	beta := object{"id": 7, "name": "beta users", "constraints": []any{object{"contextName": "plan", "operator": "IN", "values": []any{"beta"}}}}
	return []documented{
		{kept, "a feature is a flag that is on or off; without a strategy it is on for everybody, as its clients have it", unleashExport(nil), nil, "true", ""},
		{kept, "strategies `default`, `userWithId` and `flexibleRollout`, and the three of gradual rollouts: any of them turns the flag on, also one behind a share",
			unleashExport(nil, rolledOut("0", nil), object{}), with("plan", "x"), "true", ""},
		{kept, "100 % of those who have what the stickiness names: nobody without it",
			unleashExport(nil, rolledOut("100", object{"stickiness": "userId"})), object{"plan": "x"}, "false", ""},
		{kept, "`IN`, `NOT_IN` and the operators on texts, which compare the text of any value: a list is its elements with commas",
			unleashExport(nil, constrained("country", "IN", object{"values": []any{"FR,IT"}})), with("country", []any{"FR", "IT"}), "true", ""},
		{kept, "inverted and negative constraints, which are met without the attribute",
			unleashExport(nil, constrained("country", "NOT_IN", object{"values": []any{"FR"}})), object{"targetingKey": "x"}, "true", ""},
		{kept, "`NUM_` operators, which read numbers in texts", unleashExport(nil, constrained("age", "NUM_GT", object{"value": "18"})), with("age", "20"), "true", ""},
		{kept, "`SEMVER_` operators: no `v` before a version, and three numbers", unleashExport(nil, constrained("version", "SEMVER_GT", object{"value": "1.0.0"})), with("version", "v2.0.0"), "false", ""},
		{kept, "regular expressions that say how a text begins, ends, or what is in it", unleashExport(nil, constrained("mail", "REGEX", object{"value": `^.+@example\.com$`})), with("mail", "a@example.com"), "true", ""},
		{kept, "segments by their constraints; those of one name get keys of their own", unleashExport(object{"segments": []any{beta, object{"id": 8, "name": "Beta Users", "constraints": []any{object{
			"contextName": "plan", "operator": "IN", "values": []any{"other"}}}}}}, object{"segments": []any{8}}), with("plan", "other"), "true", ""},
		{kept, "a parent that has to be on, or off", unleashExport(withParents(object{"enabled": true})), nil, "true", ""},
		{closed, "a share by the stickiness `default` or `random` is of the targeting keys; whoever has none gets no random answer", unleashExport(nil, rolledOut("50", nil)), object{}, "false", "/featureStrategies/0/parameters/stickiness"},
		{closed, "`DATE_` operators go by the server's time in whole seconds; contexts with a `currentTime` are kept out", unleashExport(nil, constrained("currentTime", "DATE_AFTER", object{"value": "2026-01-01T00:00:00Z"})),
			object{"currentTime": "2026-02-01T00:00:00Z"}, "false", "/featureStrategies/0/constraints/0"},
		{closed, "`IN_CIDR` and `remoteAddress` know networks of IPv4, and addresses in their usual spelling", unleashExport(nil, constrained("ip", "IN_CIDR", object{"values": []any{"10.0.0.0/8"}})),
			with("ip", "10.0.0.1/32"), "false", "/featureStrategies/0/constraints/0"},
		{closed, "`appName` and `environment`, which the application has to give here", unleashExport(nil, constrained("appName", "NOT_IN", object{"values": []any{"shop"}})),
			object{}, "false", "/featureStrategies/0/constraints/0/contextName"},
		{closed, "other regular expressions, and texts of more than 8 letters anywhere without regard to case: the strategy is left out", unleashExport(nil, constrained("mail", "REGEX", object{"value": `^\w+$`})),
			with("mail", "abc"), "false", "/featureStrategies/0/constraints/0/value"},
		{closed, "a segment without its constraints, as Unleash exports it: the strategies that ask for it are left out",
			unleashExport(object{"segments": []any{object{"id": 7, "name": "beta users"}}}, object{"segments": []any{7}}), with("plan", "beta"), "false", "/featureStrategies/0/segments/0"},
		{closed, "`applicationHostname` and strategies of one's own: left out", unleashExport(nil, object{"name": "applicationHostname", "parameters": object{"hostNames": "a"}}), nil, "false", "/featureStrategies/0/name"},
		{closed, "variants: the flag is on or off", unleashExport(nil, object{"variants": []any{object{"name": "blue", "weight": 1000}}}), nil, "true", "/featureStrategies/0/variants"},
		{closed, "all strategies are disabled: off for everybody", unleashExport(nil, object{"disabled": true}), nil, "false", "/features/0"},
		{refused, "a parent that has a parent, since Unleash turns off whatever depends on it", unleashExport(withParents(object{}, object{"feature": "g", "dependencies": []any{object{"feature": "h"}}})),
			nil, "false", "/dependencies/0/dependencies/0"},
		{refused, "a parent that must be disabled and is, or must serve a variant, or is missing", unleashExport(withParents(object{"variants": []any{"blue"}})), nil, "false", "/dependencies/0/dependencies/0"},
		{refused, "operators, parameters and fields that the import does not know", unleashExport(nil, constrained("plan", "SOUNDS_LIKE", object{"values": []any{"x"}})), with("plan", "x"), "false",
			"/featureStrategies/0/constraints/0/operator"},
	}
}
