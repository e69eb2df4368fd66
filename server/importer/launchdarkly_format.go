package importer

// The parts of LaunchDarkly's flag data. The REST API has the same in each of a flag's environments.
type (
	ldFlag struct {
		ldRules
		Key         string             `json:"key"`
		Name        string             `json:"name"`
		Description string             `json:"description"`
		Tags        []string           `json:"tags"`
		Variations  []any              `json:"variations"`
		ClientSide  bool               `json:"clientSide"`
		Visible     ldVisible          `json:"clientSideAvailability"`
		Environment map[string]ldRules `json:"environments"`
		Archived    bool               `json:"archived"`
		Deleted     bool               `json:"deleted"`
	}
	ldVisible struct {
		UsingEnvironmentID bool `json:"usingEnvironmentId"`
	}
	ldRules struct {
		On             bool             `json:"on"`
		OffVariation   *int             `json:"offVariation"`
		Fallthrough    ldServe          `json:"fallthrough"`
		Targets        []ldTarget       `json:"targets"`
		ContextTargets []ldTarget       `json:"contextTargets"`
		Rules          []ldRule         `json:"rules"`
		Prerequisites  []ldPrerequisite `json:"prerequisites"`
	}
	ldTarget struct {
		Kind      string   `json:"contextKind"`
		Values    []string `json:"values"`
		Variation int      `json:"variation"`
	}
	ldPrerequisite struct {
		Key       string `json:"key"`
		Variation int    `json:"variation"`
	}
	ldServe struct {
		Variation *int       `json:"variation"`
		Rollout   *ldRollout `json:"rollout"`
	}
	ldRollout struct {
		Kind       string `json:"kind"`
		BucketBy   string `json:"bucketBy"`
		Variations []struct {
			Variation int `json:"variation"`
			Weight    int `json:"weight"`
		} `json:"variations"`
	}
	ldRule struct {
		ldServe
		ID          string     `json:"id"`
		APIID       string     `json:"_id"`
		Description string     `json:"description"`
		Clauses     []ldClause `json:"clauses"`
		BucketBy    string     `json:"bucketBy"`
		Weight      *int       `json:"weight"`
	}
	ldClause struct {
		Kind      string `json:"contextKind"`
		Attribute string `json:"attribute"`
		Op        string `json:"op"`
		Values    []any  `json:"values"`
		Negate    bool   `json:"negate"`
	}
	ldSegment struct {
		Key              string     `json:"key"`
		Name             string     `json:"name"`
		Included         []string   `json:"included"`
		Excluded         []string   `json:"excluded"`
		IncludedContexts []ldTarget `json:"includedContexts"`
		ExcludedContexts []ldTarget `json:"excludedContexts"`
		Rules            []ldRule   `json:"rules"`
		Unbounded        bool       `json:"unbounded"`
		Deleted          bool       `json:"deleted"`
	}
)
