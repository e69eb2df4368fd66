package importer

// The parts of LaunchDarkly's flag data, of which the REST API has the same in each of a flag's environments.
// Together with the types below, which the API alone has, they are the list of what the import understands.
type (
	ldFile struct {
		Flags    map[string]any `json:"flags"`
		Segments map[string]any `json:"segments"`
		ldPage
	}
	// ldPage is a page of the REST API's list of flags.
	ldPage struct {
		Items      []any `json:"items"`
		TotalCount *int  `json:"totalCount"`
		Links      struct {
			Next  any     `json:"next"`
			Self  ignored `json:"self"`
			First ignored `json:"first"`
			Last  ignored `json:"last"`
			Prev  ignored `json:"prev"`
		} `json:"_links"`
		WithDifferences ignored `json:"totalCountWithDifferences"`
	}
	ldFlag struct {
		ldRules
		Key         string    `json:"key"`
		Variations  []any     `json:"variations"`
		ClientSide  bool      `json:"clientSide"`
		Visible     ldVisible `json:"clientSideAvailability"`
		Deleted     bool      `json:"deleted"`
		Migration   dropped   `json:"migration"`
		Sampling    dropped   `json:"samplingRatio"`
		NoSummaries dropped   `json:"excludeFromSummaries"`
		ldAPIFlag
		names []string // of the variations
	}
	ldVisible struct {
		UsingEnvironmentID bool    `json:"usingEnvironmentId"`
		UsingMobileKey     ignored `json:"usingMobileKey"`
		Explicit           ignored `json:"explicit"`
	}
	ldRules struct {
		On             bool             `json:"on"`
		OffVariation   *int             `json:"offVariation"`
		Fallthrough    ldServe          `json:"fallthrough"`
		Targets        []ldTarget       `json:"targets"`
		ContextTargets []ldTarget       `json:"contextTargets"`
		Rules          []ldRule         `json:"rules"`
		Prerequisites  []ldPrerequisite `json:"prerequisites"`
		Salt           ignored          `json:"salt"`
		Sel            ignored          `json:"sel"`
		Version        ignored          `json:"version"`
		Track          dropped          `json:"trackEvents"`
		TrackFall      dropped          `json:"trackEventsFallthrough"`
		DebugUntil     dropped          `json:"debugEventsUntilDate"`
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
		Kind        string    `json:"kind"`
		ContextKind string    `json:"contextKind"`
		BucketBy    string    `json:"bucketBy"`
		Variations  []ldShare `json:"variations"`
		Seed        ignored   `json:"seed"`
		Allocation  dropped   `json:"experimentAllocation"`
	}
	ldShare struct {
		Variation    int     `json:"variation"`
		Weight       int     `json:"weight"`
		Untracked    ignored `json:"untracked"`
		APIUntracked ignored `json:"_untracked"`
	}
	ldRule struct {
		ldServe
		ID          string     `json:"id"`
		APIID       string     `json:"_id"`
		Description string     `json:"description"`
		Clauses     []ldClause `json:"clauses"`
		Disabled    bool       `json:"disabled"`
		Ref         ignored    `json:"ref"`
		Track       dropped    `json:"trackEvents"`
		Generation  ignored    `json:"_generation"`
		Version     ignored    `json:"_version"`
		APIDeleted  ignored    `json:"_deleted"`
	}
	ldClause struct {
		ID        ignored `json:"_id"`
		Kind      string  `json:"contextKind"`
		Attribute string  `json:"attribute"`
		Op        string  `json:"op"`
		Values    []any   `json:"values"`
		Negate    bool    `json:"negate"`
	}
	ldSegment struct {
		Key              string          `json:"key"`
		Name             string          `json:"name"`
		Description      string          `json:"description"`
		Included         []string        `json:"included"`
		Excluded         []string        `json:"excluded"`
		IncludedContexts []ldTarget      `json:"includedContexts"`
		ExcludedContexts []ldTarget      `json:"excludedContexts"`
		Rules            []ldSegmentRule `json:"rules"`
		Unbounded        bool            `json:"unbounded"`
		UnboundedKind    ignored         `json:"unboundedContextKind"`
		Generation       ignored         `json:"generation"`
		Deleted          bool            `json:"deleted"`
		Salt             ignored         `json:"salt"`
		Version          ignored         `json:"version"`
		Tags             dropped         `json:"tags"`
		CreationDate     ignored         `json:"creationDate"`
	}
	ldSegmentRule struct {
		ID          string     `json:"id"`
		APIID       string     `json:"_id"`
		Description string     `json:"description"`
		Clauses     []ldClause `json:"clauses"`
		Weight      *int       `json:"weight"`
		BucketBy    string     `json:"bucketBy"`
		RolloutKind string     `json:"rolloutContextKind"`
	}
)

// What the REST API has of a flag besides.
type (
	ldAPIFlag struct {
		Name           string         `json:"name"`
		Description    string         `json:"description"`
		Tags           []string       `json:"tags"`
		Environments   map[string]any `json:"environments"`
		Archived       bool           `json:"archived"`
		ArchivedDate   ignored        `json:"archivedDate"`
		Deprecated     dropped        `json:"deprecated"`
		DeprecatedDate ignored        `json:"deprecatedDate"`
		CreationDate   ignored        `json:"creationDate"`
		Kind           ignored        `json:"kind"`
		Links          ignored        `json:"_links"`
		Maintainer     ignored        `json:"_maintainer"`
		MaintainerTeam ignored        `json:"_maintainerTeam"`
		MaintainerID   dropped        `json:"maintainerId"`
		TeamKey        dropped        `json:"maintainerTeamKey"`
		APIVersion     ignored        `json:"_version"`
		Temporary      dropped        `json:"temporary"`
		Properties     dropped        `json:"customProperties"`
		Defaults       ignored        `json:"defaults"`
		Experiments    ignored        `json:"experiments"`
		Goals          ignored        `json:"goalIds"`
		Snippet        ignored        `json:"includeInSnippet"`
		Schema         dropped        `json:"variationJsonSchema"`
		Purpose        ignored        `json:"_purpose"`
		APIMigration   dropped        `json:"migrationSettings"`
		References     ignored        `json:"codeReferences"`
	}
	ldAPIEnvironment struct {
		ldRules
		Name       ignored `json:"_environmentName"`
		Site       ignored `json:"_site"`
		Summary    ignored `json:"_summary"`
		Access     ignored `json:"_access"`
		Archived   ignored `json:"archived"`
		Modified   ignored `json:"lastModified"`
		Evaluation ignored `json:"evaluation"`
		Debug      ignored `json:"_debugEventsUntilDate"`
		Migration  dropped `json:"migrationSettings"`
	}
	ldAPIVariation struct {
		ID          ignored `json:"_id"`
		Value       any     `json:"value"`
		Name        string  `json:"name"`
		Description ignored `json:"description"`
	}
)
