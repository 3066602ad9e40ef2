#!/usr/bin/env bash
# Measures the host beside PostgreSQL's own pgbench and prints a table; docs/bench.md says how to read it.
#
#     deploy/bench.sh [--long | --quick] [--json FILE] [--stay]
#
# It takes four minutes once the release build is there; --long takes twelve, --quick is there to see that all of it works.
# --stay sets the host up, says how to measure one thing by hand, and waits. More options: deploy/bench/measure.py --help.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

binary=
options=()
while [ $# -gt 0 ]; do
    case "$1" in
        --long) options+=(--seconds 5 --rounds 3 --starts 20); shift ;;
        --quick) options+=(--seconds 0.3 --rounds 1 --connections 1,8 --idle 50 --starts 1); shift ;;
        # A program that is built already; what a debug build costs says nothing.
        --binary) binary=${2:?--binary needs a file}; shift 2 ;;
        *) options+=("$1"); shift ;;
    esac
done

if [ -z "$binary" ]; then
    install_for_running
    command -v python3 >/dev/null || install_packages python3
    # A folder of its own, so that the debug build stays warm. The first time it takes some minutes.
    say "building for release"
    swift build -c release --scratch-path .build-release --explicit-target-dependency-import-check error </dev/null
    binary=.build-release/release/xinglin
fi

# pgbench lies beside the server's programs where it is not on the PATH.
PATH="$PATH:/usr/lib/postgresql/15/bin" PYTHONDONTWRITEBYTECODE=1 \
    exec python3 deploy/bench/measure.py --binary "$binary" ${options[@]+"${options[@]}"}
