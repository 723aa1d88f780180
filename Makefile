# The front door; the logic is in tools/ and in the meson.build files. `make help` says what there is.
#   JOBS=n        compile with n processes (default: all cores)
JOBS ?=
FUZZ_SECONDS ?= 60
NAME ?=
LISTEN ?= 127.0.0.1:8080
export JOBS

.PHONY: build deps test-deps run test check format bench fuzz new-module release clean help

build: ## build build/tongban (optimised)
	@tools/build.sh release

deps: ## install what building and running needs
	@tools/deps.sh

test-deps: ## the same, and what the tests need
	@tools/deps.sh --test

run: deps build ## serve the example county at http://127.0.0.1:8080
	@mkdir -p var
	build/tongban serve --data var/demo --demo --listen $(LISTEN)

test: test-deps ## all tests with sanitizers, on SQLite and PostgreSQL, and in a browser
	@python3 tools/test.py

check: ## format, includes, sizes, banned functions, contracts, messages, clang-tidy (ALL=1: every file; ANALYZE=1: gcc -fanalyzer)
	@tools/check.sh

format: ## mend blanks, line ends and empty lines
	@python3 tools/check_format.py --fix

bench: ## measure, each figure beside its reference
	@tools/bench.sh

fuzz: ## libFuzzer targets, FUZZ_SECONDS each
	@tools/fuzz.sh $(FUZZ_SECONDS)

new-module: ## skeleton of a module: make new-module NAME=x
	@tools/new_module.sh "$(NAME)"

release: ## build/tongban-VERSION-ARCH.tar.gz with the program, licence and manual
	@tools/release.sh

clean: ## remove what was built
	rm -rf build

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' Makefile
