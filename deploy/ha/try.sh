#!/usr/bin/env bash
# Builds a three-node PostgreSQL cluster under Patroni and etcd on loopback, starts two hosts on it behind HAProxy, loads them, and
# takes the primary away in each of three ways. It measures how long writes were refused and checks that no acknowledged write is
# missing and none happened twice. Everything lies in temporary folders and ends with the script. docs/operations-ha.md has the figures.
#
#     deploy/ha/try.sh [--rounds 3] [--ways kill,hang,switchover] [--clients 6] [--json FILE] [--binary FILE]
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

install_for_running
install_for_failover
command -v python3 >/dev/null || install_packages python3
[ -x "${XINGLIN_BINARY:-.build/debug/xinglin}" ] || swift build --explicit-target-dependency-import-check error </dev/null
PYTHONDONTWRITEBYTECODE=1 exec python3 deploy/ha/trial.py "$@"
