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
swift test --skip-build </dev/null 2>&1 | tee "$logs/swift.log"

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
PROMTOOL=$promtool PYTHONDONTWRITEBYTECODE=1 "$environment/bin/pytest" Tests/EndToEndTests --durations=10 </dev/null 2>&1 | tee "$logs/end-to-end.log"

# The counts, so that a run that tested nothing is seen.
swift_counts=$(grep -oE 'Test run with [0-9]+ tests?( in [0-9]+ suites?)? passed' "$logs/swift.log" | tail -n 1)
python_counts=$(tail -n 1 "$logs/end-to-end.log" | tr -d '=')
[ -n "$swift_counts" ] || fail "no Swift test ran"
say "Swift: $swift_counts"
say "end to end:$python_counts"
