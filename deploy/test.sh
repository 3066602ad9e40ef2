#!/usr/bin/env bash
# Builds everything once and runs all tests: Swift's, then the end-to-end suite against the built binary.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

install_for_running
install_for_failover
install_packages openssl binutils util-linux libfaketime
command -v python3 >/dev/null || install_packages python3
# A Python of one's own brings venv along; Debian's has it in a package.
python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv

logs=.build/test-logs
mkdir -p "$logs"

say "building with tests"
swift build --build-tests --explicit-target-dependency-import-check error </dev/null

say "running the Swift tests"
# Both suites run whatever the first says: one run then names everything that is wrong.
swift_ended=0
# As many tests at once as hosts may live at once (HostGate): were all begun together, a test's time limit would count the
# minutes it waits for the others.
SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=6 swift test --skip-build </dev/null 2>&1 | tee "$logs/swift.log" || swift_ended=$?

environment=.venv-tests
wanted=Tests/EndToEndTests/requirements.txt
if ! cmp -s "$wanted" "$environment/installed.txt"; then
    say "making the Python environment $environment"
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted" </dev/null
    cp "$wanted" "$environment/installed.txt"
fi

fetch_promtool

say "running the end-to-end tests"
# Two at once, each with hosts of its own: half of the time is spent waiting for limits, restarts and elections.
end_to_end_ended=0
PROMTOOL=$promtool PYTHONDONTWRITEBYTECODE=1 "$environment/bin/pytest" Tests/EndToEndTests -n 2 --dist loadfile --durations=10 </dev/null 2>&1 \
    | tee "$logs/end-to-end.log" || end_to_end_ended=$?

# What failed comes last: a log of two thousand tests is often kept by its end alone.
if [ "$swift_ended" -ne 0 ]; then
    say "Swift tests that failed (the whole log: $logs/swift.log)"
    awk '/^✘ Suite|^↳ T(esting|arget)/ { next } /✘|↳|Fatal error|error:/ { print substr($0, 1, 600) }' "$logs/swift.log" | tail -n 60
fi
if [ "$end_to_end_ended" -ne 0 ]; then
    say "end-to-end tests that failed (the whole log: $logs/end-to-end.log)"
    awk '/^(FAILED|ERROR) / { print substr($0, 1, 600) }' "$logs/end-to-end.log" | tail -n 40
fi

# The counts, so that a run that tested nothing is seen.
swift_counts=$(grep -oE 'Test run with [0-9]+ tests?( in [0-9]+ suites?)? (passed|failed)' "$logs/swift.log" | tail -n 1)
python_counts=$(tail -n 1 "$logs/end-to-end.log" | tr -d '=')
[ -n "$swift_counts" ] || fail "no Swift test ran"
say "Swift: $swift_counts"
say "end to end:$python_counts"
[ "$swift_ended" -eq 0 ] && [ "$end_to_end_ended" -eq 0 ] || fail "tests failed"
