#!/usr/bin/env bash
# Simulates a day of 200 generated sites on one machine and says what it takes: docs/scale.md explains the assumptions and the table.
#
#     deploy/checks/scale.sh [--sites 200] [--factors 1,10,50] [--seconds 60] [--json FILE] [--binary FILE]
#
# It takes about ten minutes once the release build is there. What a debug build costs says nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

command -v python3 >/dev/null || install_packages python3
case " $* " in
    *" --binary "*) ;;
    *)
        install_for_running
        say "building for release"
        swift build -c release --scratch-path .build-release --explicit-target-dependency-import-check error </dev/null
        set -- --binary .build-release/release/xinglin "$@" ;;
esac
PYTHONDONTWRITEBYTECODE=1 exec python3 deploy/checks/scale.py "$@"
