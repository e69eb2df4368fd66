package demo

import (
	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// flag is a flag of the shop.
type flag struct {
	key, name, description, owner string
	purpose                       store.Purpose
	kind                          evaluator.Type // boolean unless set
	variations                    []evaluator.Variation
	off                           string // the off variation, "off" unless set
	tags                          []string
	clientSide                    bool
	// What was done to it in the two environments before production, and in production; nil leaves it off.
	before, production change
}

type object = map[string]any

// releaseFlags hide code that is deployed dark. planReleases opens some of them step by step.
func releaseFlags() []flag {
	return []flag{
		{key: newCheckout, name: "New checkout", description: "Checkout on one page.", owner: checkouts, purpose: store.PurposeRelease, tags: []string{"checkout"}, before: on()},
		{key: expressPayment, name: "Express payment", description: "Pay with a wallet, without an account.", owner: checkouts, purpose: store.PurposeRelease, tags: []string{"checkout"}, before: on()},
		{key: loyaltyPoints, name: "Loyalty points", description: "Points for every order.", owner: product, purpose: store.PurposeRelease, tags: []string{"storefront"}, before: on()},
		{key: savedBaskets, name: "Saved baskets", description: "Baskets that follow a customer from device to device.", owner: product, purpose: store.PurposeRelease, tags: []string{"storefront"}, before: on()},
		{key: "gift-cards", name: "Gift cards", owner: checkouts, purpose: store.PurposeRelease, tags: []string{"checkout"}, before: on(),
			production: on(rule("staff", "Staff try it first", "on", inSegment(staff)), split(share{"on", 10}, share{"off", 90}))},
		{key: "search-suggestions", name: "Search suggestions", owner: product, purpose: store.PurposeRelease, tags: []string{"search"}, clientSide: true, before: on(), production: on()},
		{key: "new-product-page", name: "New product page", owner: product, purpose: store.PurposeRelease, tags: []string{"storefront"}, clientSide: true, before: on(),
			production: on(
				from("storefront", ">=4.12.0", evaluator.ScopeInstance),
				rule("first-markets", "France and Italy have it already", "on", clause("country", evaluator.OpIn, "FR", "IT")),
				split(share{"on", 25}, share{"off", 75}))},
		{key: "one-click-reorder", name: "One-click reorder", owner: checkouts, purpose: store.PurposeRelease, tags: []string{"checkout"}, before: on(needs(expressPayment, "on")),
			production: on(needs(expressPayment, "on"), rule("beta", "Beta testers", "on", inSegment(betaTesters)), serving("off"))},
		{key: "dark-mode", name: "Dark mode", owner: product, purpose: store.PurposeRelease, tags: []string{"storefront"}, clientSide: true, before: on(), production: on()},
	}
}

// experimentFlags compare variations.
func experimentFlags() []flag {
	return []flag{
		{key: "checkout-button", name: "Colour of the checkout button", owner: product, purpose: store.PurposeExperiment, kind: evaluator.TypeString, tags: []string{"checkout"}, clientSide: true, off: "blue",
			variations: []evaluator.Variation{variation("blue", "#1c7ed6"), variation("green", "#2f9e44"), variation("orange", "#e8590c")},
			before:     on(split(share{"blue", 34}, share{"green", 33}, share{"orange", 33})), production: on(split(share{"blue", 34}, share{"green", 33}, share{"orange", 33}))},
		{key: recommendations, name: "Product recommendations", owner: product, purpose: store.PurposeExperiment, kind: evaluator.TypeString, tags: []string{"storefront"}, off: "none",
			variations: []evaluator.Variation{variation("none", "none"), variation("popular", "popular"), variation("personal", "personal")},
			before:     on(serving("personal")), production: on(rule("small-screens", "No room on small screens", "none", clause("viewport.width", evaluator.OpLessThan, 480)), split(share{"popular", 50}, share{"personal", 50}))},
		{key: "free-shipping-from", name: "Free shipping from", description: "Order value in euros.", owner: product, purpose: store.PurposeExperiment, kind: evaluator.TypeNumber, tags: []string{"checkout"}, off: "usual",
			variations: []evaluator.Variation{variation("usual", 50), variation("lower", 40), variation("lowest", 25)},
			before:     on(serving("usual")), production: on(split(share{"usual", 60}, share{"lower", 20}, share{"lowest", 20}))},
	}
}

// operationalFlags are turned by whoever is on call.
func operationalFlags() []flag {
	return []flag{
		{key: "maintenance-mode", name: "Maintenance mode", description: "The shop shows a page that says so.", owner: operations, purpose: store.PurposeOperational, tags: []string{"storefront"}, clientSide: true},
		{key: "recommendation-timeout", name: "Timeout of recommendations", description: "Milliseconds.", owner: operations, purpose: store.PurposeOperational, kind: evaluator.TypeNumber, off: "strict",
			variations: []evaluator.Variation{variation("strict", 80), variation("usual", 200), variation("patient", 1000)}, before: on(serving("patient")), production: on(serving("usual"))},
		{key: "requests-per-minute", name: "Requests per minute", description: "Limit of the public API for each customer.", owner: operations, purpose: store.PurposeOperational, kind: evaluator.TypeNumber, off: "usual",
			variations: []evaluator.Variation{variation("usual", 120), variation("high", 1200)}, before: on(serving("high")),
			production: on(rule("wholesale", "Wholesale customers order by machine", "high", inSegment(wholesale)), serving("usual"))},
		{key: "trace-sampling", name: "Sampling of traces", owner: operations, purpose: store.PurposeOperational, kind: evaluator.TypeNumber, off: "rare",
			variations: []evaluator.Variation{variation("rare", 0.01), variation("often", 0.2), variation("all", 1)}, before: on(serving("all")), production: on(serving("rare"))},
		{key: "price-cache", name: "Price cache", description: "Prices from memory while the price service is slow.", owner: operations, purpose: store.PurposeOperational, tags: []string{"checkout"}, before: on(), production: on()},
		{key: "hero-banner", name: "Banner of the home page", owner: product, purpose: store.PurposeOperational, kind: evaluator.TypeObject, tags: []string{"storefront"}, clientSide: true, off: "none",
			variations: []evaluator.Variation{variation("none", object{}), variation("sale", object{"title": "Autumn sale", "link": "/sale", "dismissible": true}), variation("winter", object{"title": "Warm coats", "link": "/coats", "dismissible": true})},
			before:     on(serving("winter")), production: on(serving("sale"), rule("north", "Winter comes early there", "winter", clause("country", evaluator.OpIn, "FI", "NO", "SE")))},
		{key: theme, name: "Seasonal theme", owner: product, purpose: store.PurposeOperational, kind: evaluator.TypeString, clientSide: true, off: "plain",
			variations: []evaluator.Variation{variation("plain", "plain"), variation("winter", "winter"), variation("spring", "spring")}, before: on(serving("winter"))},
	}
}

// lastingFlags are permissions, and migrations that take their time.
func lastingFlags() []flag {
	return []flag{
		{key: "beta-programme", name: "Beta programme", owner: product, purpose: store.PurposePermission, before: on(),
			production: on(rule("beta", "Who asked for it", "on", inSegment(betaTesters)), serving("off"))},
		{key: "wholesale-prices", name: "Wholesale prices", owner: product, purpose: store.PurposePermission, tags: []string{"checkout"}, before: on(),
			production: on(rule("wholesale", "Wholesale customers", "on", inSegment(wholesale)), serving("off"), target("on", "customer-77"))},
		{key: "refunds", name: "Refunds in the back office", owner: operations, purpose: store.PurposePermission, before: on(),
			production: on(rule("staff", "Staff outside of their first month", "on", inSegment(staff), clause("hiredAt", evaluator.OpBefore, "2026-10-01T00:00:00Z")), serving("off"))},
		{key: "payment-provider", name: "Payment provider", owner: checkouts, purpose: store.PurposeMigration, kind: evaluator.TypeString, tags: []string{"checkout"}, off: "first",
			variations: []evaluator.Variation{variation("first", "first"), variation("second", "second")}, before: on(serving("second")),
			production: on(from("checkout", ">=2.3.0", evaluator.ScopeInstance), split(share{"first", 80}, share{"second", 20}))},
		{key: "orders-database", name: "Orders database", description: "Expand and contract: opens once every instance can read both.", owner: operations, purpose: store.PurposeMigration, kind: evaluator.TypeString, tags: []string{"checkout"}, off: "old",
			variations: []evaluator.Variation{variation("old", "old"), variation("both", "both"), variation("new", "new")}, before: on(serving("new")),
			production: on(from("checkout", ">=2.5.0", evaluator.ScopeFleet), serving("both"))},
		{key: "tax-engine", name: "Tax engine", owner: checkouts, purpose: store.PurposeMigration, kind: evaluator.TypeObject, tags: []string{"checkout"}, off: "v1",
			variations: []evaluator.Variation{variation("v1", object{"engine": "v1"}), variation("v2", object{"engine": "v2", "rounding": "line"})}, before: on(serving("v2")),
			production: on(rule("small", "One market first", "v2", clause("country", evaluator.OpIn, "PT"), clause("appVersion", evaluator.OpSemverGreaterThanOrEqual, "4.2.0")), serving("v1"))},
	}
}
