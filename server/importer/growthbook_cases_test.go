package importer_test

import "maps"

// growthPayload has the feature f with rules, false unless a rule says otherwise, and other features.
func growthPayload(features object, rules ...any) object {
	all := object{"f": object{"defaultValue": false, "rules": rules}}
	maps.Copy(all, features)
	return object{"status": 200, "features": all, "savedGroups": object{"numbers": []any{7, 8}, "people": []any{"anna"}}}
}

// forcing is a rule that forces true.
func forcing(more object) object {
	rule := object{"id": "r", "force": true}
	maps.Copy(rule, more)
	return rule
}

func asking(attribute string, asked any) object {
	return forcing(object{"condition": object{attribute: asked}})
}

// growthCases are the table of GrowthBook in docs/migrating.md.
func growthCases() []documented {
	on := object{"g": object{"defaultValue": false, "rules": []any{asking("plan", object{"$in": []any{"pro"}})}}}
	experiment := func(more object) object {
		rule := object{"id": "e", "key": "e", "hashVersion": 2, "variations": []any{false, true}, "weights": []any{0, 1}}
		maps.Copy(rule, more)
		return rule
	}
	return []documented{
		{kept, "rules that force a value, by conditions, `coverage`, `range` and `seed`; `id` is the targeting key", growthPayload(nil, forcing(object{"range": []any{0, 0}}), forcing(object{"coverage": 1})), with("x", 1.0), "true", ""},
		{kept, "experiments by `weights`, `coverage` or `ranges`; whoever they leave out, or who lacks the attribute that is hashed, comes to the next rule",
			growthPayload(nil, experiment(object{"coverage": 0}), forcing(nil)), with("x", 1.0), "true", ""},
		{kept, "`filters`, `namespace` and `meta.passthrough`", growthPayload(nil, forcing(object{"filters": []any{object{"seed": "s", "ranges": []any{[]any{0, 0}}}}}), experiment(object{"namespace": []any{"n", 0, 0}}),
			experiment(object{"meta": []any{object{}, object{"passthrough": true}}})), with("x", 1.0), "false", ""},
		{kept, "comparisons as in JavaScript: `$gt` reads numbers in texts", growthPayload(nil, asking("n", object{"$gt": 5})), with("n", "8"), "true", ""},
		{kept, "`$lt`, `$ne`, `$nin` and `$not`, which are met without the attribute", growthPayload(nil, asking("n", object{"$lt": 5, "$ne": 7, "$nin": []any{1}})), with("x", 1.0), "true", ""},
		{kept, "`$in` and `$inGroup`, of numbers too, and of the elements of a list", growthPayload(nil, asking("n", object{"$inGroup": "numbers"})), with("n", []any{1.0, 7.0}), "true", ""},
		{kept, "`$ini`, `$elemMatch`, `$all`, `$size`, `$type`, `$exists`, `$or`, `$nor`, `$and`, `$savedGroup`", growthPayload(nil, asking("tags", object{"$elemMatch": object{"$eq": "x"}, "$size": 2})),
			with("tags", []any{"x", "y"}), "true", ""},
		{kept, "a gate on the whole feature (`gate`, in its first rule) that one value of the other feature opens: a prerequisite", growthPayload(on, object{"parentConditions": []any{object{"id": "g", "condition": object{"value": true}, "gate": true}}}, forcing(nil)),
			with("plan", "free"), "", ""},
		{closed, "versions such as 1.2.3, 1.2.3-rc.1 or 1.2 are compared as there; whoever has another text is kept out", growthPayload(nil, asking("v", object{"$veq": "1.2.3"})), with("v", "1-2-3"), "false",
			"/features/f/rules/0/condition/v/$veq"},
		{closed, "a split by a version of the hash that GrowthBook's SDK does not know: nobody is in it", growthPayload(nil, forcing(object{"coverage": 1, "hashVersion": 7})), with("x", 1.0), "false", "/features/f/rules/0/hashAttribute"},
		{closed, "a condition on another feature for one rule: the rule is left out where it opens the flag, and holds without it where it closes it", growthPayload(on, forcing(object{"parentConditions": []any{object{"id": "g", "condition": object{"value": true}}}})),
			with("plan", "pro"), "false", "/features/f/rules/0/parentConditions/0"},
		{closed, "a gate in a later rule is one of the whole flag", growthPayload(on, asking("plan", object{"$in": []any{"free"}}), object{"parentConditions": []any{object{"id": "g", "condition": object{"value": true}, "gate": true}}}),
			with("plan", "free"), "", "/features/f/rules/1/parentConditions/0"},
		{closed, "other regular expressions than those that say how a text begins, ends, or what is in it; saved groups that are not in the file; comparisons with objects", growthPayload(nil, asking("mail", object{"$regex": `^\w+$`})),
			with("mail", "abc"), "false", "/features/f/rules/0/condition/mail/$regex"},
		{refused, "a gate that none of the other feature's values opens, or several do", growthPayload(on, object{"parentConditions": []any{object{"id": "g", "condition": object{"value": object{"$exists": true}}, "gate": true}}}, forcing(nil)),
			with("plan", "free"), "", "/features/f/rules/0/parentConditions/0"},
		{refused, "values of several types, lists, and null in an experiment", object{"features": object{"f": object{"defaultValue": []any{1}}}}, nil, "", "/features/f"},
		{refused, "contextual bandits, and operators and fields that the import does not know", growthPayload(nil, asking("x", object{"$soundsLike": "a"})), with("x", "a"), "false", "/features/f/rules/0/condition/x/$soundsLike"},
	}
}
