package importer

// The parts of what an SDK connection of GrowthBook gives. Rules also carry members for statistics and for sticky
// buckets. These belong to the application and have no part in an evaluation.
type (
	growthFile struct {
		Features    map[string]any `json:"features"`
		SavedGroups any            `json:"savedGroups"`
		Encrypted   string         `json:"encryptedFeatures"`
		Groups      string         `json:"encryptedSavedGroups"`
		Experiments dropped        `json:"experiments"`
		Status      ignored        `json:"status"`
		Updated     ignored        `json:"dateUpdated"`
		Bandits     dropped        `json:"contextualBandits"`
	}
	growthFeature struct {
		Default any          `json:"defaultValue"`
		Rules   []growthRule `json:"rules"`
	}
	growthRule struct {
		ID            string                `json:"id"`
		Condition     map[string]any        `json:"condition"`
		Parents       []growthParent        `json:"parentConditions"`
		Force         any                   `json:"force"`
		Coverage      *float64              `json:"coverage"`
		Range         []float64             `json:"range"`
		HashAttribute string                `json:"hashAttribute"`
		HashVersion   float64               `json:"hashVersion"`
		Seed          string                `json:"seed"`
		Key           string                `json:"key"`
		Variations    []any                 `json:"variations"`
		Weights       []float64             `json:"weights"`
		Ranges        [][]float64           `json:"ranges"`
		Namespace     []any                 `json:"namespace"`
		Filters       []growthFilter        `json:"filters"`
		Meta          []growthVariationMeta `json:"meta"`
		Bandit        any                   `json:"contextualVariations"`
		BanditRef     ignored               `json:"contextualBanditRef"`
		Fallback      dropped               `json:"fallbackAttribute"`
		NotSticky     ignored               `json:"disableStickyBucketing"`
		BucketVersion ignored               `json:"bucketVersion"`
		BucketMinimum ignored               `json:"minBucketVersion"`
		Name          string                `json:"name"`
		Phase         ignored               `json:"phase"`
		Tracks        ignored               `json:"tracks"`
		forces        bool
	}
	growthParent struct {
		ID        string         `json:"id"`
		Condition map[string]any `json:"condition"`
		Gate      bool           `json:"gate"`
	}
	growthFilter struct {
		Seed        string      `json:"seed"`
		Ranges      [][]float64 `json:"ranges"`
		HashVersion float64     `json:"hashVersion"`
		Attribute   string      `json:"attribute"`
	}
	growthVariationMeta struct {
		Key         ignored `json:"key"`
		Name        ignored `json:"name"`
		Passthrough bool    `json:"passthrough"`
	}
)
