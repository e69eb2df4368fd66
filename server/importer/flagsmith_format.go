package importer

// The parts of an environment's document of Flagsmith.
type (
	flagsmithFile struct {
		Name       string              `json:"name"`
		Key        string              `json:"api_key"`
		States     []flagsmithState    `json:"feature_states"`
		Project    flagsmithProject    `json:"project"`
		Identities []flagsmithIdentity `json:"identity_overrides"`
		flagsmithSettings
	}
	// flagsmithSettings are of the service, not of its flags.
	flagsmithSettings struct {
		ID            ignored `json:"id"`
		Updated       ignored `json:"updated_at"`
		ClientTraits  ignored `json:"allow_client_traits"`
		Amplitude     ignored `json:"amplitude_config"`
		Dynatrace     ignored `json:"dynatrace_config"`
		Heap          ignored `json:"heap_config"`
		Mixpanel      ignored `json:"mixpanel_config"`
		Rudderstack   ignored `json:"rudderstack_config"`
		SegmentConfig ignored `json:"segment_config"`
		Webhook       ignored `json:"webhook_config"`
		HideDisabled  ignored `json:"hide_disabled_flags"`
		HideSensitive ignored `json:"hide_sensitive_data"`
		CompositeKey  ignored `json:"use_identity_composite_key_for_hashing"`
		Overrides     ignored `json:"use_identity_overrides_in_local_eval"`
	}
	flagsmithProject struct {
		Segments     []flagsmithSegment `json:"segments"`
		ID           ignored            `json:"id"`
		Name         ignored            `json:"name"`
		HideDisabled ignored            `json:"hide_disabled_flags"`
		Organisation ignored            `json:"organisation"`
		Realtime     ignored            `json:"enable_realtime_updates"`
		ServerOnly   dropped            `json:"server_key_only_feature_ids"`
	}
	flagsmithSegment struct {
		ID     int              `json:"id"`
		Name   string           `json:"name"`
		Rules  []flagsmithRule  `json:"rules"`
		States []flagsmithState `json:"feature_states"`
	}
	flagsmithIdentity struct {
		Identifier string           `json:"identifier"`
		Features   []flagsmithState `json:"identity_features"`
		Traits     dropped          `json:"identity_traits"`
		UUID       ignored          `json:"identity_uuid"`
		Created    ignored          `json:"created_date"`
		Key        ignored          `json:"environment_api_key"`
		Composite  ignored          `json:"composite_key"`
		DjangoID   ignored          `json:"django_id"`
		Alias      ignored          `json:"dashboard_alias"`
	}
	flagsmithState struct {
		Feature      flagsmithFeature   `json:"feature"`
		Enabled      bool               `json:"enabled"`
		Value        any                `json:"feature_state_value"`
		Multivariate []flagsmithVariant `json:"multivariate_feature_state_values"`
		Override     *flagsmithPriority `json:"feature_segment"`
		DjangoID     ignored            `json:"django_id"`
		UUID         ignored            `json:"featurestate_uuid"`
	}
	flagsmithFeature struct {
		Name string  `json:"name"`
		ID   ignored `json:"id"`
		Type ignored `json:"type"`
	}
	flagsmithPriority struct {
		Priority *float64 `json:"priority"`
	}
	flagsmithVariant struct {
		Option flagsmithOption `json:"multivariate_feature_option"`
		Share  float64         `json:"percentage_allocation"`
		ID     ignored         `json:"id"`
		UUID   ignored         `json:"mv_fs_value_uuid"`
	}
	flagsmithOption struct {
		Value any     `json:"value"`
		ID    ignored `json:"id"`
	}
	flagsmithRule struct {
		Type       string               `json:"type"`
		Rules      []flagsmithRule      `json:"rules"`
		Conditions []flagsmithCondition `json:"conditions"`
	}
	flagsmithCondition struct {
		Property string `json:"property_"`
		Operator string `json:"operator"`
		Value    any    `json:"value"`
	}
)
