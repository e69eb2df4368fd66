package importer

// The parts of an export of Unleash. The lists are decoded element by element: the strategies and environments of a
// feature stand apart from it, and what is found in them is about the feature.
type (
	unleashFile struct {
		Features     []any            `json:"features"`
		Strategies   []any            `json:"featureStrategies"`
		Environments []any            `json:"featureEnvironments"`
		Tags         []unleashTag     `json:"featureTags"`
		Segments     []any            `json:"segments"`
		Dependencies []any            `json:"dependencies"`
		Context      ignored          `json:"contextFields"`
		TagTypes     ignored          `json:"tagTypes"`
		Links        []map[string]any `json:"links"`
	}
	unleashFeature struct {
		index       int
		Name        string  `json:"name"`
		Description string  `json:"description"`
		Archived    bool    `json:"archived"`
		ArchivedAt  *string `json:"archivedAt"`
		Impressions dropped `json:"impressionData"`
		Stale       dropped `json:"stale"`
		Variants    dropped `json:"variants"`
		Type        ignored `json:"type"`
		Project     ignored `json:"project"`
		CreatedAt   ignored `json:"createdAt"`
		CreatedBy   ignored `json:"createdBy"`
		CreatedByID ignored `json:"createdByUserId"`
		LastSeenAt  ignored `json:"lastSeenAt"`
		Favorite    ignored `json:"favorite"`
	}
	unleashTag struct {
		Feature     string  `json:"featureName"`
		Type        ignored `json:"tagType"`
		Value       string  `json:"tagValue"`
		CreatedByID ignored `json:"createdByUserId"`
		CreatedAt   ignored `json:"createdAt"`
	}
	unleashEnvironment struct {
		index       int
		Feature     string  `json:"featureName"`
		Environment string  `json:"environment"`
		Name        ignored `json:"name"`
		Enabled     bool    `json:"enabled"`
		Variants    []any   `json:"variants"`
		Type        ignored `json:"type"`
		SortOrder   ignored `json:"sortOrder"`
		LastSeenAt  ignored `json:"lastSeenAt"`
	}
	unleashStrategy struct {
		index       int
		Feature     string              `json:"featureName"`
		Environment string              `json:"environment"`
		Name        string              `json:"name"`
		ID          string              `json:"id"`
		Title       string              `json:"title"`
		Disabled    bool                `json:"disabled"`
		SortOrder   float64             `json:"sortOrder"`
		Parameters  map[string]any      `json:"parameters"`
		Constraints []unleashConstraint `json:"constraints"`
		Segments    []int               `json:"segments"`
		Variants    []any               `json:"variants"`
		Project     ignored             `json:"projectId"`
		Milestone   dropped             `json:"milestoneId"`
		CreatedAt   ignored             `json:"createdAt"`
	}
	unleashSegment struct {
		ID          int                  `json:"id"`
		Name        string               `json:"name"`
		Description string               `json:"description"`
		Constraints *[]unleashConstraint `json:"constraints"`
		Project     ignored              `json:"project"`
		CreatedBy   ignored              `json:"createdBy"`
		CreatedAt   ignored              `json:"createdAt"`
	}
	unleashConstraint struct {
		Context         string `json:"contextName"`
		Operator        string `json:"operator"`
		Values          []any  `json:"values"`
		Value           any    `json:"value"`
		Inverted        bool   `json:"inverted"`
		CaseInsensitive bool   `json:"caseInsensitive"`
	}
	unleashDependency struct {
		Feature      string          `json:"feature"`
		Dependencies []unleashParent `json:"dependencies"`
	}
	unleashParent struct {
		Feature  string   `json:"feature"`
		Enabled  *bool    `json:"enabled"`
		Variants []string `json:"variants"`
	}
)
