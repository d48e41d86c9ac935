# One line says what each target does; `make` alone is the demonstration.

PREFIX ?= /usr/local
RELEASE = .build/release/wafcast
SHOP = --acl Rules/shop
# With the Swift runtime inside: it starts faster, and the program that is measured is the one that gets installed.
BUILD = swift build -c release --static-swift-stdlib

.PHONY: demo build test check format bench fuzz sanitize install

# Replays a made day of AWS WAF logs through the web ACL of Rules/shop and prints the report; then holds advice on a made week against what was planted in it.
demo: build
	@$(RELEASE) replay $(SHOP) -o text SampleLogs/shop-waf.jsonl.zst
	@if command -v python3 >/dev/null; then Scripts/check-advice $(RELEASE); else echo "demo: the advice is not checked, for want of python3"; fi

# The optimised program.
build:
	@Scripts/require-libraries
	@$(BUILD) --product wafcast

# Build, then every test, the rule sets of Rules/ and the reports of the sample logs.
test:
	@Scripts/require-libraries
	@swift build --build-tests
	@swift test --skip-build
	@Scripts/check-samples .build/debug/wafcast
	@.build/debug/wafcast-fuzz --kept Tests/FuzzCorpus
	@echo "test: tests, rule sets and sample reports are right"

# The quick part of what CI proves: form, import levels, generated files.
check:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@Scripts/check-imports
	@Scripts/check-generated
	@echo "check: form, import levels and generated files are right"

# Puts the sources into form.
format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

# Times of the stages over the sample logs; with WAFCAST_BENCH_WORK also peers and limits, against the targets (benchmarks/README.md).
bench: build
	@$(BUILD) --product wafcast-bench
	@Scripts/bench .build/release

# Damages sample logs and web ACLs at random; the program has to end with one of its own exit codes.
fuzz: build
	@Scripts/fuzz $(RELEASE)

# The tests again under the address, then under the thread sanitizer.
sanitize:
	@swift test --sanitize=address --scratch-path .build-asan
	@swift test --sanitize=thread --scratch-path .build-tsan

# The program with the Swift runtime inside, completions and manual page.
install: build
	@Scripts/install $(RELEASE) $(PREFIX)
