#!/usr/bin/env bash
# Runs Debian's testssl.sh against the listener of a host of its own on loopback (docs/hardening.md). Takes two to three minutes.
# It looks at the default, TLS 1.3 alone, and at `tls.minimumVersion: "1.2"`.
#
#     deploy/checks/tls.sh [PROGRAM, .build/debug/xinglin without]
#
# Fails on any finding above LOW that deploy/checks/tls-known.txt does not explain.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh
program=${1:-.build/debug/xinglin}
install_packages testssl.sh python3

folder=$(mktemp -d /tmp/xl-tls-XXXXXX)
chmod 755 "$folder"
host=
cleanup() {
    if [ -n "$host" ] && kill -TERM "$host" 2>/dev/null && ! wait "$host"; then say "the host ended in disorder"; fi
    rm -rf "$folder"
}
trap cleanup EXIT

# serve VERSION: starts the host; `address` is where.
serve() {
    # The limits are for people; the check opens hundreds of connections in a few seconds from one address.
    XINGLIN_LIMITS_CONNECTIONS_PER_SECOND=10000 XINGLIN_TLS_MINIMUM_VERSION=$1 \
        "$program" serve --data "$folder/data" --listen 127.0.0.1:0 --log-level warning >"$folder/out" 2>"$folder/log" </dev/null &
    host=$!
    for _ in $(seq 600); do
        grep -q '^ready ' "$folder/out" && break
        kill -0 "$host" 2>/dev/null || { cat "$folder/log"; fail "the host did not start"; }
        sleep 0.2
    done
    address=$(sed -n 's/^ready //p' "$folder/out")
    [ -n "$address" ] || fail "the host did not get ready"
}

check() {
    say "testssl.sh against $address, TLS $1 and later"
    local started=$SECONDS code
    # Its exit code counts findings; what counts here is the report. testssl needs a terminal's width and no name service.
    timeout 900 testssl --quiet --color 0 --warnings off --nodns none --ip 127.0.0.1 --add-ca "$folder/data/tls/ca.pem" \
    --protocols --std --server-defaults --server-preference --each-cipher --fs --vulnerable --grease \
    --jsonfile "$folder/report.json" "localhost:${address##*:}" >"$folder/report.txt" 2>&1 </dev/null && code=0 || code=$?
    [ $code -ne 124 ] || fail "testssl.sh did not end within 15 minutes"
    python3 - "$folder/report.json" deploy/checks/tls-known.txt "$1" <<'PYTHON' || { tail -n 60 "$folder/report.txt"; exit 1; }
import json, sys
findings = json.load(open(sys.argv[1]))
known = {}
for line in open(sys.argv[2]):
    if line.strip() and not line.startswith("#"):
        version, name, reason = line.split(None, 2)
        if version in ("*", sys.argv[3]):
            known[name] = reason
ids = {finding["id"] for finding in findings}
# A run that did not get through says little: what must have been judged is named.
for wanted in ("TLS1_3", "TLS1_2", "SSLv3", "heartbleed", "ROBOT", "BEAST", "cert_keySize", "cipherlist_NULL"):
    assert wanted in ids, f"testssl.sh did not judge {wanted}"
bad, explained = [], []
for finding in findings:
    if finding["severity"] in ("OK", "INFO", "LOW", "DEBUG"):
        continue
    (explained if finding["id"] in known else bad).append(finding)
for name, group in (("explained", explained), ("NOT EXPLAINED", bad)):
    for finding in group:
        print(f"{name}: {finding['severity']} {finding['id']}: {finding['finding']}")
        if finding["id"] in known:
            print(f"    {known[finding['id']].strip()}")
counts = {}
for finding in findings:
    counts[finding["severity"]] = counts.get(finding["severity"], 0) + 1
print("findings by severity:", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
for finding in findings:
    if finding["severity"] == "LOW":
        print(f"LOW {finding['id']}: {finding['finding']}")
stale = sorted(set(known) - {finding["id"] for finding in explained})
assert not stale, f"tls-known.txt explains what is no finding any more: {', '.join(stale)}"
sys.exit(1 if bad else 0)
PYTHON
    say "TLS $1 and later: no finding above LOW that is not explained; $((SECONDS - started)) s"
}

for version in 1.3 1.2; do
    serve $version
    check $version
    kill -TERM "$host"
    wait "$host" || fail "the host did not stop in order"
    host=
    rm -f "$folder/report.json"
done
