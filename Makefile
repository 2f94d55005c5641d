# Two commands do all on a fresh machine: `make preview` shows the pack at work, `make test` runs every test.

PYTHON ?= python3
PY := venv/bin/python
PACK ?= build/pack
VERSION ?= latest
YAML ?= latest

.PHONY: help setup preview rehearse test test-slow engines lint bench fuzz offers docs raise-pulumi new-policy new-rule rules new-ordering-rule publish-folder clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: venv/.installed examples/node_modules/.installed tests/report/node_modules/.installed ## Install everything below this folder

venv/.installed: requirements.txt requirements-cli.txt requirements-dev.txt requirements-preview.txt
	$(PYTHON) -m venv venv
	$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@ venv/.preview

# A fresh machine soon sees the first picture: less than a tenth of what the tests need.
venv/.preview: requirements.txt requirements-preview.txt
	@test -x $(PY) || $(PYTHON) -m venv venv
	$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements-preview.txt
	@touch $@

# The TypeScript programs need npm; without it, `make preview` replays a recording and says so.
%/node_modules/.installed: %/package-lock.json
	@if command -v npm >/dev/null; \
	then cd $* && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.installed; \
	else echo "npm was not found: the TypeScript programs cannot run" >&2; fi

preview: venv/.preview examples/node_modules/.installed ## Show the broken payment system refused at its first preview
	@$(PY) -m tools.preview

rehearse: setup ## Deploy the broken failover system onto a simulated AWS: every mistake, at its line
	@PATH="$$(dirname "$$($(PY) -m tools.engine.cli)"):$$PATH" $(PY) aws-preflight rehearse examples/failover/broken; \
	code=$$?; [ $$code -eq 1 ] && echo "The broken failover system was refused, as it should be." || exit $$code

test: setup lint engines ## Run the tests, those with the real engine included
	$(PY) -m pytest -m 'not slow' --numprocesses 2 --dist worksteal # the longest tests stand beside each other

test-slow: setup engines ## Run the tests that take long: most show once more what those of `make test` show
	$(PY) -m pytest -m slow --numprocesses 2 --dist worksteal

engines: venv/.installed
	@$(PY) -m tools.engine.cli >/dev/null # once, before two test processes need it at the same time
	@$(PY) -m tools.engine.cli oldest yaml >/dev/null

lint: venv/.installed ## Check style, format and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: setup ## What the pack and a rehearsal cost, beside a pack of one empty policy and a plain preview
	@$(PY) -m tools.bench.pack_cost
	@$(PY) -m tools.bench.rehearsal_cost
	@$(PY) -m tools.bench.rule_cost

fuzz: setup ## Send 1,000,000 mutated requests to the pack, guided by coverage
	@$(PY) -m tools.fuzz -runs=1000000

rules: venv/.installed ## Compile the rules and the list of policies into what the pack reads, and write their pages
	@$(PY) -m tools.generate.rules
	@$(PY) -m tools.generate.docs

offers: venv/.installed ## Write anew what AWS offers: versions, runtimes, classes, policies
	@$(PY) -m tools.generate.offers

docs: venv/.installed ## Write the pages of the policies
	@$(PY) -m tools.generate.docs

raise-pulumi: ## Test with a newer Pulumi from here on: make raise-pulumi [VERSION=v3.280.0] [YAML=v1.26.0]
	cd tools/engine/modules/newest && go get github.com/pulumi/pulumi/sdk/v3@$(VERSION) && \
	go get -tool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@$(VERSION) && go mod tidy
	cd tools/engine/modules/yaml && go get -tool github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@$(YAML) && go mod tidy
	$(PY) -m tools.engine.cli newest yaml

new-policy: venv/.installed ## Write the file and the cases of a new policy: make new-policy ID=some-bad-pattern
	@$(PY) -m tools.scaffold.new_policy $(ID)

new-rule: venv/.installed ## Write a new rule: make new-rule ID=some-bad-pattern TYPE=aws:sqs/queue:Queue
	@$(PY) -m tools.scaffold.new_rule $(ID) $(TYPE)

new-ordering-rule: venv/.installed ## Write a rule of order: make new-ordering-rule ID=a-before-b CONSUMER=... NEEDED=... HUB=...
	@$(PY) -m tools.scaffold.new_ordering_rule $(ID) $(CONSUMER) $(NEEDED) $(HUB)

publish-folder: ## Copy into build/pack what `pulumi policy publish` has to ship, and nothing else
	@rm -rf $(PACK) && mkdir -p $(PACK)/docs $(PACK)/aws_preflight
	@cp -R PulumiPolicy.yaml __main__.py requirements.txt LICENSE $(PACK)
	@cp -R aws_preflight/__init__.py aws_preflight/policies aws_preflight/preflight $(PACK)/aws_preflight
	@cp -R docs/policies docs/rules docs/rules-language.md docs/ordering docs/ordering.md docs/access.md docs/joins.md $(PACK)/docs
	@cd $(PACK)/aws_preflight/policies && rm -f rules/*.yaml ordering/*.yaml joins/*.yaml rules/schema.json ordering/*schema.json joins/schema.json # the pack reads what was compiled of them
	@printf 'venv\n__pycache__\n' > $(PACK)/.gitignore # what git ignores is not published
	@find $(PACK) -name __pycache__ -prune -exec rm -rf {} +
	@echo "$(PACK): run 'pulumi policy publish ORGANIZATION --cwd $(PACK)'"

clean: ## Remove what was installed and built here
	rm -rf venv build examples/node_modules
