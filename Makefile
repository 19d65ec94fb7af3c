# What one types. Each target installs what it needs on a fresh Debian 12 with Swift 6.3 (`make packages`).

SWIFT ?= swift
BUILD := $(SWIFT) build -c release
# What SwiftPM and the four C libraries of Package.swift need, as Debian names them.
PACKAGES := librdkafka-dev libsqlite3-dev libzstd-dev libmicrohttpd-dev pkg-config
SOURCES := Package.swift Shared Services Tests

.PHONY: build demo test test-heavy bench format format-check packages swift guests clean

build: packages guests

demo: build
	@compose/demo

test: build
	$(SWIFT) test -c release

# The same suites with their large counts: millions of fuzzed inputs, long runs, whole mutation coverage.
test-heavy: build
	SHEAF_HEAVY=1 $(SWIFT) test -c release

bench: build
	.build/release/sheaf-bench

format: swift
	$(SWIFT) format -i -r -p $(SOURCES)

format-check: swift
	$(SWIFT) format lint -s -r -p $(SOURCES)

guests: swift packages
	$(BUILD) --build-tests
	.build/release/build-guests .build/guests

packages: swift
	@missing=$$(for p in $(PACKAGES); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    if ! command -v apt-get >/dev/null; then echo "please install: $$missing" >&2; exit 1; fi; \
	    sudo=; if [ "$$(id -u)" != 0 ]; then sudo=sudo; fi; \
	    echo "installing" $$missing; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $$missing >/dev/null; \
	fi

swift:
	@command -v $(SWIFT) >/dev/null || { \
	    echo "Swift 6.3 is missing. Install it as www.swift.org/install/linux says, or run this in its image:" >&2; \
	    echo "  docker run --rm -it -v \"\$$PWD\":/sheaf -w /sheaf swift:6.3-bookworm bash -c 'apt-get update && apt-get install -y make && make demo'" >&2; \
	    exit 1; }

clean:
	rm -rf .build
