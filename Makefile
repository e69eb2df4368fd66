# The developer's commands; `make help` explains them. Go and Node 20 or newer are all that must be there beforehand.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# The tools are pinned here and built by `go run`; those for the web app are pinned in ui/package-lock.json.
GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DEPGUARD := github.com/OpenPeeDeeP/depguard/v2/cmd/depguard@v2.3.0
SQLC := github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
BUF := github.com/bufbuild/buf/cmd/buf@v1.70.0
OAPI_CODEGEN := github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2
GORELEASER := github.com/goreleaser/goreleaser/v2@v2.17.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

# Every go.mod is a module of ours; what runs for all of them runs in each folder.
MODULES := $(patsubst %/go.mod,%,$(shell find . -name go.mod -not -path '*/node_modules/*' -not -path '*/testdata/*' | sort))
in_modules = for module in $(1); do echo "== $$module: $(2)"; (cd "$$module" && $(2)); done
in_each_module = $(call in_modules,$(MODULES),$(1))

# Node modules are in place when npm has written this file into them.
NPM_DONE := node_modules/.package-lock.json
CLIENTS := server/e2e/clients
EXAMPLES := examples
FLAGD_CORE := evaluator/testdata/flagdcore
ENGINES := server/importer/engines
WEB_SOURCES := $(shell find ui/src ui/public -type f 2>/dev/null) $(wildcard ui/*.html ui/*.ts ui/*.cjs ui/*.json)

# Node trusts no authorities but its own; the system's list may have one more, a company's for instance.
AUTHORITIES := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(AUTHORITIES),)
export NODE_EXTRA_CA_CERTS ?= $(AUTHORITIES)
endif

# The race detector needs a C compiler. It also allocates, so what must not allocate is tested without it.
RACE := $(if $(shell command -v gcc),-race)
# OpenFeature's provider for flagd races with itself when its server comes back, so it is tested without the detector.
PROVIDERS := ./server/e2e/providers
NODE := $(shell command -v npm)
WITH_SERVICES := scripts/with-services.sh --browser --haproxy --pgbouncer --prometheus

.PHONY: help run demo build build-web build-flagd test test-all test-go test-web test-browser test-faults test-kubernetes lint fmt fuzz vulncheck generate verify bench tidy module-version release release-snapshot clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(if $(NODE),build-web) build-flagd ## Build everything, then serve on 127.0.0.1:8080 with SQLite in ./data
	@$(if $(NODE),,echo 'npm is missing: serving without the web app (install Node 20 or newer for it)')
	exec bin/flagd serve

demo: $(if $(NODE),build-web) build-flagd ## Build everything, then serve a believable shop from ./data/demo
	exec bin/flagd demo

build: build-web build-flagd ## Build bin/flagd with the web app in it

build-web: ui/dist/index.html

build-flagd:
	go build -o bin/flagd ./cmd/flagd

# The build empties ui/dist; .gitkeep has to stay, so that a fresh clone has the folder that embed.go names.
ui/dist/index.html: $(WEB_SOURCES) ui/$(NPM_DONE)
	npm --prefix ui run build
	touch ui/dist/.gitkeep

%/$(NPM_DONE): %/package-lock.json
	npm --prefix $* ci --no-audit --no-fund
	touch $@

test: ## Run every check and every test, with services of their own (root installs what is missing from Debian)
	$(WITH_SERVICES) $(MAKE) --no-print-directory test-all

# Cheapest first. Everything here runs under with-services.sh, where a test whose service is missing fails.
test-all: lint verify test-web test-go test-browser

test-go: $(CLIENTS)/$(NPM_DONE) $(EXAMPLES)/$(NPM_DONE) $(FLAGD_CORE)/$(NPM_DONE) $(ENGINES)/$(NPM_DONE) ## Run the Go tests alone (skips what needs a service, unless FLAGD_TEST_… are set)
	export TIDEGATE_FLAGD_CORE=$(CURDIR)/$(FLAGD_CORE) TIDEGATE_IMPORT_ENGINES=$(CURDIR)/$(ENGINES); \
	$(call in_modules,$(filter-out $(PROVIDERS),$(MODULES)),go test $(RACE) $(if $(RACE),-skip NoAlloc) -timeout 15m ./...)
	cd $(PROVIDERS) && go test -timeout 15m ./...
	$(if $(RACE),cd evaluator && go test -run NoAlloc ./...)

test-web: ui/$(NPM_DONE) ## Check the types of the web app and run its unit tests
	npm --prefix ui run typecheck
	npm --prefix ui test

test-browser: build ## Run the browser tests against bin/flagd (CHROMIUM names the browser)
	npm --prefix ui run e2e

test-faults: ## Break replicas, databases, caches, disks, clocks and connections under load: the long form
	FLAGD_TEST_FAULTS=long scripts/with-services.sh --haproxy go test -count 1 -timeout 30m -v ./server/faults

test-kubernetes: ## Try the watcher and the recipes against a real control plane and real controllers (builds them once)
	scripts/kubernetes/with-cluster.sh go test -tags kubernetes -count 1 -timeout 20m -v ./scripts/kubernetes

lint: ui/$(NPM_DONE) ## Check formatting, import directions and common mistakes
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go' | xargs ls -d 2>/dev/null)); \
	if [[ -n $$unformatted ]]; then echo "not formatted; run 'gofmt -w' on:" $$unformatted >&2; exit 1; fi
	$(call in_each_module,go run $(DEPGUARD) ./...)
	$(call in_each_module,go run $(GOLANGCI_LINT) run --config $(CURDIR)/.golangci.yml ./...)
	npm --prefix ui run lint

fmt: ui/$(NPM_DONE) ## Format Go and TypeScript
	gofmt -w $$(git ls-files --cached --others --exclude-standard '*.go' | xargs ls -d 2>/dev/null)
	npm --prefix ui run format

fuzz: ## Run every fuzz test for FUZZTIME each, 30s unless set
	scripts/fuzz.sh $(or $(FUZZTIME),30s)

vulncheck: ## Look for known vulnerabilities in what we call (asks the Go vulnerability database)
	$(call in_each_module,go run $(GOVULNCHECK) ./...)

generate: ui/$(NPM_DONE) ## Write all generated code anew from openapi.yaml, the SQL, the .proto files and package store
	cd openapi && go run $(OAPI_CODEGEN) --config oapi-codegen.yaml openapi.yaml
	cd client && go run $(OAPI_CODEGEN) --config oapi-codegen.yaml ../openapi/openapi.yaml
	CGO_ENABLED=0 go run $(SQLC) generate -f sql/sqlc.yaml
	cd server/flagdrpc/proto && go run $(BUF) generate
	go run ./server/observe/internal/decorate
	npm --prefix ui run generate

verify: ui/$(NPM_DONE) ## Prove that the generated code is current
	scripts/verify-generated.sh

bench: ## Compare the evaluator with its peers, then run the Go benchmarks
	cd loadtest/evaluator && go run .
	$(call in_each_module,go test -run '^$$' -bench . -benchmem ./...)

tidy: ## Bring go.mod and go.sum of every module up to date
	$(call in_each_module,go mod tidy)

module-version: ## Have the modules require each other in VERSION, as a release does
	@[[ "$(VERSION)" =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-.+)?$$ ]] || { echo 'usage: make module-version VERSION=v1.2.3' >&2; exit 1; }
	@for module in $(MODULES); do \
		sed -E -i 's#^(require |\t)(github\.com/tidegate-io/tidegate[^ ]*) v[^ ]+#\1\2 $(VERSION)#' "$$module/go.mod"; \
	done

release: ## Publish a release of the tag that is checked out, as a draft (needs GITHUB_TOKEN)
	mkdir -p bin
	scripts/changelog-section.sh "$$(git describe --tags --exact-match)" >bin/release-notes.md
	go run $(GORELEASER) release --clean --release-notes bin/release-notes.md

release-snapshot: ## Build what a release holds into bin/release, without publishing it
	go run $(GORELEASER) release --clean --snapshot

clean: ## Remove what was built; data and node_modules stay
	rm -rf bin test-results coverage.out
	find ui/dist -mindepth 1 ! -name .gitkeep -delete
