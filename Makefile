# Thin names over scripts and cargo. `make demo` and `make test` are all a newcomer needs.
.PHONY: demo test build install lint bench compat differential malformed fuzz gc-stress setup

PREFIX ?= /usr/local
export PATH := $(HOME)/.cargo/bin:$(PATH)

setup:                      ## install what is missing, provide the engine
	@scripts/setup.sh

build: setup                ## the binary, with its code cache
	@scripts/build.sh

demo: build                 ## build, and run a real program on real input
	@scripts/demo.sh

test: build                 ## all tests
	@scripts/test.sh

lint: setup                 ## format and lints as errors
	@cargo fmt --all --check
	@cargo clippy --release --workspace --all-targets -- -D warnings

install: build              ## put anode on PATH
	@install -d "$(PREFIX)/bin"
	@install -m 755 "$$(scripts/binary.sh)" "$(PREFIX)/bin/anode"
	@echo "installed $(PREFIX)/bin/anode"

bench: build                ## side by side with node (and bun, where installed), as ratios
	@bench/run.sh

compat: build               ## Node's own tests: make compat NODE_TESTS=<checked-out Node test directory> [AREAS=timers,...]
	@test -n "$(NODE_TESTS)" || { echo 'say where: make compat NODE_TESTS=<checked-out Node test directory>'; exit 2; }
	@python3 tests/conformance/run.py --tests "$(NODE_TESTS)" --runtime "$$(scripts/binary.sh)" $(if $(AREAS),--areas $(AREAS))

differential: build         ## prints of many values, errors and stacks, compared with node: make differential [NODE=path]
	@python3 tests/differential/run.py --runtime "$$(scripts/binary.sh)" --node "$${NODE:-node}"

malformed: build            ## 10,000 malformed scripts, package.json files and command lines
	@python3 tests/robustness/malformed.py --runtime "$$(scripts/binary.sh)"

fuzz: setup                 ## fuzz targets, each for a while: make fuzz [SECONDS_EACH=20] [TARGETS="url http1"]
	@scripts/fuzz.sh

gc-stress: build            ## the builtins' tests under forced collection
	@python3 tests/run.py --runtime "$$(scripts/binary.sh)" --gc-stress $(if $(AREAS),--only $(AREAS))
