package importer_test

import "maps"

// smithState is the state of the feature f.
func smithState(enabled bool, more object) object {
	state := object{"feature": object{"id": 1, "name": "f", "type": "STANDARD"}, "enabled": enabled, "feature_state_value": nil, "django_id": 1,
		"multivariate_feature_state_values": []any{}}
	maps.Copy(state, more)
	return state
}

// smithDocument is the document of an environment with the feature f, segments and identities.
func smithDocument(state object, segments []any, identities ...any) object {
	return object{"id": 1, "api_key": "key", "name": "Production", "feature_states": []any{state}, "identity_overrides": identities, "project": object{
		"id": 1, "name": "p", "hide_disabled_flags": false, "segments": segments, "organisation": object{"id": 1, "name": "o"}}}
}

// smithSegment is a segment of one condition that overrides f.
func smithSegment(property, operator string, value any, override object) object {
	condition := object{"property_": property, "operator": operator, "value": value}
	return object{"id": 7, "name": "s", "rules": []any{object{"type": "ALL", "conditions": []any{}, "rules": []any{object{"type": "ANY", "rules": []any{}, "conditions": []any{condition}}}}},
		"feature_states": []any{override}}
}

// flagsmithCases are the table of Flagsmith in docs/migrating.md.
func flagsmithCases() []documented {
	segment := func(property, operator string, value any) object {
		return smithDocument(smithState(false, nil), []any{smithSegment(property, operator, value, smithState(true, nil))})
	}
	place := "/project/segments/0/feature_states/0"
	valued := object{"feature_state_value": "a"}
	return []documented{
		{kept, "a feature without values is a flag that is on or off", smithDocument(smithState(true, nil), nil), nil, "true", ""},
		{kept, "a feature with values serves them while it is enabled, and the code default while it is not; a segment or an identity may turn it on or off",
			smithDocument(smithState(false, valued), []any{smithSegment("plan", "EQUAL", "pro", smithState(true, valued))}), with("plan", "pro"), `"a"`, ""},
		{kept, "shares of values, of those who have a targeting key; the others get the control value", smithDocument(smithState(true, object{"feature_state_value": "a", "multivariate_feature_state_values": []any{
			object{"id": 1, "percentage_allocation": 100, "multivariate_feature_option": object{"value": "b"}}}}), nil), object{}, `"a"`, ""},
		{kept, "overrides of identities first, then of segments by their priority; without a targeting key there are none", segment("plan", "IS_NOT_SET", nil), object{}, "false", ""},
		{kept, "overrides of identities, in `identity_overrides`", smithDocument(smithState(false, nil), nil, object{"identifier": "anna", "identity_features": []any{smithState(true, nil)}}), with("x", 1.0), "true", ""},
		{kept, "rules of the types `ALL`, `ANY` and `NONE`, nested", segment("plan", "NOT_EQUAL", "pro"), with("plan", "free"), "true", ""},
		{kept, "`IN` by texts, numbers included, and lists in JSON", segment("n", "IN", `["7","8"]`), with("n", 7.0), "true", ""},
		{kept, "`EQUAL`, `GREATER_THAN` and the like take the value for what the trait is", segment("b", "EQUAL", "True"), with("b", true), "true", ""},
		{kept, "values that end in `:semver`", segment("v", "GREATER_THAN", "1.2.0:semver"), with("v", "1.10.0"), "true", ""},
		{kept, "regular expressions that say how a text begins, ends, or what is in it", segment("c", "REGEX", "^(FR|IT)"), with("c", "FRA"), "true", ""},
		{kept, "`CONTAINS`, `NOT_CONTAINS`, `IS_SET`, `IS_NOT_SET`", segment("c", "NOT_CONTAINS", "x"), with("c", "abc"), "true", ""},
		{kept, "`PERCENTAGE_SPLIT`, by the identifier or a trait", segment("", "PERCENTAGE_SPLIT", 100), with("x", 1.0), "true", ""},
		{kept, "`$.identity.identifier`, `$.identity.traits.x`, `$.environment.name` and `$.environment.key`", segment("$.environment.name", "EQUAL", "Production"), with("x", 1.0), "true", ""},
		{closed, "`MODULO` of numbers; texts are kept out", segment("n", "MODULO", "2|0"), with("n", "4"), "false", place},
		{closed, "other regular expressions: nobody is met, negated or not", segment("c", "REGEX", `^\w+$`), with("c", "abc"), "false", place},
		{closed, "operators, types of rules and other paths into the context that the import does not know: nobody is met, negated or not", segment("c", "SOUNDS_LIKE", "x"), with("c", "x"), "false", place},
		{closed, "overrides of an identifier that has a comma, or is there twice", smithDocument(smithState(false, nil), nil, object{"identifier": "anna,x", "identity_features": []any{smithState(true, nil)}}),
			with("x", 1.0), "false", "/identity_overrides/0/identity_features/0"},
		{refused, "values of several types", smithDocument(smithState(true, object{"feature_state_value": "a", "multivariate_feature_state_values": []any{
			object{"id": 1, "percentage_allocation": 0, "multivariate_feature_option": object{"value": 7}}}}), nil), nil, "", "/feature_states/0"},
		{refused, "fields that the import does not know", smithDocument(smithState(true, object{"schedule": object{"at": "noon"}}), nil), nil, "false", "/feature_states/0/schedule"},
	}
}
