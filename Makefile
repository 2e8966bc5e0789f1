# make run    the whole story: plan, generate, prove in a real kernel
# make prove  every port of every scenario, in a real kernel
# make quality  UDP, TCP and TLS relays under packet loss: 84 cells, three times (an hour; resumes)
# make test   every test that this machine allows: first on all cores what needs no lab, then
#             the labs, one at a time
# make lab    100 labs started and stopped, 20 killed, 20 whole runs (half an hour)
# make oracle real and made rulesets in a real kernel, packet by packet (minutes)
# make round-trip  what every dialect writes means the policy, 500 times each (minutes)
# make goldens  write what the dialects write for review anew
# make faults every fault of the lab, held against foreign programs and calls (minutes)
# make lint   style, types, and generated files that went stale
# make corpus how much of each configuration below $CALLGATE_CORPUS is decided
# make campaign  the probe under every fault, pairs of faults, and loss: how often it is right (an hour; resumes)
# make loss   a thousand probes at 10 % loss each way: none may call a path blocked (hours)
# make bench  measurements beside those of rivals
# make docs   the documentation, warnings being errors

BIN := .venv/bin

.PHONY: run prove quality test lab oracle round-trip goldens campaign lint corpus bench docs generated clean

run: .venv/.run
	scripts/run.sh

prove: .venv/.run
	$(BIN)/callgate prove goto --ports all

quality: .venv/.dev
	mkdir -p out
	$(BIN)/callgate lab quality goto --full --resume out/quality.jsonl --plot out/quality.svg

test: .venv/.dev .venv/.mitmproxy
ifdef PYTEST_ARGS
	$(BIN)/pytest $(PYTEST_ARGS)
else
	$(BIN)/pytest -n auto -q -m 'not slow and not lab'
	$(BIN)/pytest -q -m 'lab and not slow'
endif

lab: .venv/.dev
	$(BIN)/pytest -m 'lab and slow' tests/lab/lab/test_cycles.py

oracle: .venv/.dev
	$(BIN)/python -m scripts.oracle

round-trip: .venv/.dev
	$(BIN)/pytest -m slow tests/property/dialects/test_round_trip.py

goldens: .venv/.dev
	CALLGATE_GOLDENS=write $(BIN)/pytest -q tests/golden

faults: .venv/.dev
	$(BIN)/pytest -m 'lab' tests/lab/lab/faults

campaign: .venv/.dev
	$(BIN)/python -m scripts.campaign

loss: .venv/.dev
	$(BIN)/pytest -m slow tests/lab/probe/test_probe_time.py

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m scripts.reference --check
	$(BIN)/towncrier build --draft --version next >/dev/null

corpus: .venv/.dev
	$(BIN)/python -m scripts.corpus_table

bench: .venv/.dev
	$(BIN)/python -m benchmarks

docs: .venv/.docs
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

# Pages of docs/ that follow from the code.
generated: .venv/.dev
	$(BIN)/python -m scripts.reference

clean:
	rm -rf .venv out docs/_build

# One stamp for each set of dependencies; they go stale with pyproject.toml.
.venv/.run: pyproject.toml scripts/setup.sh
	scripts/setup.sh
	touch $@

.venv/.dev: pyproject.toml scripts/setup.sh
	scripts/setup.sh dev
	touch $@ .venv/.run

.venv/.docs: pyproject.toml scripts/setup.sh
	scripts/setup.sh dev docs
	touch $@ .venv/.dev .venv/.run

# mitmproxy's pins do not go with ours: it has an environment inside the environment.
.venv/.mitmproxy: pyproject.toml | .venv/.dev
	$(BIN)/python -m venv .venv/mitmproxy
	.venv/mitmproxy/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	.venv/mitmproxy/bin/python -m pip install --quiet --group mitmproxy
	touch $@
