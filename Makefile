# What one types. Each target installs what it needs on a fresh Debian 12 with Swift 6.3.

SWIFT ?= swift
# What SwiftPM and the four C libraries of Package.swift need, as Debian names them.
PACKAGES := librdkafka-dev libsqlite3-dev libzstd-dev libmicrohttpd-dev pkg-config
SOURCES := Package.swift Shared Services Tests
GUESTS := .build/guests

.PHONY: build demo test test-heavy soak bench bench-pipeline format format-check compose-test packages swift clean

# The tool and the services in .build/release, the example guests in .build/guests (NAME.elf, NAME.input, NAME.journal).
build: packages
	$(SWIFT) build -c release
	.build/release/build-guests $(GUESTS)

# A real program through all five services, over the embedded broker, to a receipt; then what the receipt proves.
demo: build
	.build/release/sheaf prove $(GUESTS)/ledger.elf --input $(GUESTS)/ledger.input -o .build/ledger.receipt
	.build/release/sheaf verify .build/ledger.receipt --program $(GUESTS)/ledger.elf

# A time limit of a test cannot end one that blocks in C, so each part has one as well: seconds, with all its processes.
TEST_LIMIT ?= 1000
# What waits for brokers and other processes, and says how long things take: not beside what keeps every core busy.
WAITING := ^(Messaging|EndToEnd|Cluster)Tests\.

test: build
	$(SWIFT) build -c release --build-tests
	timeout -k 10 $(TEST_LIMIT) $(SWIFT) test -c release --skip-build --skip '$(WAITING)'
	timeout -k 10 $(TEST_LIMIT) $(SWIFT) test -c release --skip-build --filter '$(WAITING)'

# The same suites with their large counts: millions of fuzzed inputs, ten thousand nodes, a broker that is killed.
test-heavy: build
	$(SWIFT) build -c release --build-tests
	SHEAF_HEAVY=1 $(SWIFT) test -c release --skip-build

# Real processes over a real broker, killed, stopped and lied to at many random moments (SHEAF_TEST_BROKERS, or ../shared/kafka).
soak: build
	$(SWIFT) build -c release --build-tests
	SHEAF_HEAVY=1 timeout -k 10 7200 $(SWIFT) test -c release --skip-build --filter ClusterTests

# Whole segments stage by stage, the same for each size with its memory, the proof system alone,
# a job over a real broker beside its segments back to back.
bench: build
	.build/release/sheaf-bench segments
	.build/release/sheaf bench segments
	.build/release/sheaf-bench proving
	.build/release/sheaf-bench pipeline overhead

# Over a real broker: a job beside its segments back to back, a prover that joins, redundancy 5, 64 processes.
bench-pipeline: build
	.build/release/sheaf-bench pipeline

format: swift
	$(SWIFT) format -i -r -p $(SOURCES)

format-check: swift
	$(SWIFT) format lint -s -r -p $(SOURCES)

# The Dockerfile and the compose file for real, with whichever of Docker and podman there is.
compose-test: PACKAGES += kcat
compose-test: build
	compose/test

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
	    echo "Swift 6.3 is missing. Install it as www.swift.org/install/linux says, or work in its image:" >&2; \
	    echo "  docker run --rm -it -v \"\$$PWD\":/sheaf -w /sheaf swift:6.3-bookworm bash -c 'apt-get update && apt-get install -y make && make demo'" >&2; \
	    exit 1; }

clean:
	rm -rf .build
