package importer

// The parts of an export of Unleash.
type (
	unleashFile struct {
		Features []struct {
			Name           string `json:"name"`
			Description    string `json:"description"`
			Type           string `json:"type"`
			ImpressionData bool   `json:"impressionData"`
			Archived       bool   `json:"archived"`
		} `json:"features"`
		Strategies   []unleashStrategy `json:"featureStrategies"`
		Environments []struct {
			Feature     string           `json:"featureName"`
			Environment string           `json:"environment"`
			Enabled     bool             `json:"enabled"`
			Variants    []unleashVariant `json:"variants"`
		} `json:"featureEnvironments"`
		Tags []struct {
			Feature string `json:"featureName"`
			Value   string `json:"tagValue"`
		} `json:"featureTags"`
		Segments []struct {
			ID          int                 `json:"id"`
			Name        string              `json:"name"`
			Description string              `json:"description"`
			Constraints []unleashConstraint `json:"constraints"`
		} `json:"segments"`
		Dependencies []struct {
			Feature      string `json:"feature"`
			Dependencies []struct {
				Feature  string   `json:"feature"`
				Enabled  bool     `json:"enabled"`
				Variants []string `json:"variants"`
			} `json:"dependencies"`
		} `json:"dependencies"`
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
		Variants    []unleashVariant    `json:"variants"`
	}
	unleashVariant struct {
		Name    string  `json:"name"`
		Weight  float64 `json:"weight"`
		Payload any     `json:"payload"`
	}
	unleashConstraint struct {
		Context         string `json:"contextName"`
		Operator        string `json:"operator"`
		Values          []any  `json:"values"`
		Value           any    `json:"value"`
		Inverted        bool   `json:"inverted"`
		CaseInsensitive bool   `json:"caseInsensitive"`
	}
)
