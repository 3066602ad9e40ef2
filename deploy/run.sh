#!/usr/bin/env bash
# Builds Xinglin and runs it here with the demonstration county. Ctrl-C stops it.
#
#     deploy/run.sh [--data FOLDER] [--listen HOST:PORT]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

data=
listen=127.0.0.1:7443
while [ $# -gt 0 ]; do
    case "$1" in
        --data) data=${2:?--data needs a folder}; shift 2 ;;
        --listen) listen=${2:?--listen needs HOST:PORT}; shift 2 ;;
        *) fail "usage: deploy/run.sh [--data FOLDER] [--listen HOST:PORT]" ;;
    esac
done

install_for_running

# Started by root the host runs PostgreSQL as the user postgres, who must be able to reach the data folder.
if [ -z "$data" ]; then
    data=./data
    if [ "$(id -u)" -eq 0 ] && ! setpriv --reuid=postgres --regid=postgres --init-groups test -x "$PWD"; then
        data=/var/lib/xinglin
        say "the data folder is $data, because the user postgres cannot enter this one"
    fi
fi

say "building (the first time takes some minutes)"
swift build --explicit-target-dependency-import-check error
program=.build/debug/xinglin

say "starting; the data folder is $data"
# One log line per call would drown what is printed here, hence warnings only. A session of its own: Ctrl-C comes to this script, which asks the host once to stop.
coproc HOST { exec setsid "$program" serve --data "$data" --listen "$listen" --demo --log-level warning </dev/null; }
host=$HOST_PID
exec {output}<&"${HOST[0]}"
trap 'kill -TERM "$host" 2>/dev/null' INT TERM

ready=
while [ -z "$ready" ] && read -r line <&"$output"; do
    case "$line" in ready\ *) ready=${line#ready } ;; esac
done

if [ -n "$ready" ]; then
    cat <<TEXT

Xinglin answers at $ready. Ctrl-C stops it.

The accounts of the demonstration, with their passwords, are in $data/demo-accounts.json. In another terminal, from this folder:

    password() { python3 -c 'import json,sys; print(next(a["password"] for a in json.load(open(sys.argv[1])) if a["account"] == sys.argv[2]))' "$data/demo-accounts.json" "\$1"; }
    XINGLIN_PASSWORD=\$(password pharmacist) $program login pharmacist --host $ready --data $data
    $program call decoction.piece.search '{"query":"mh","limit":3}' --site township-01
    $program call decoction.stock.list '{"limit":3}' --site township-01

From Python, without any code of ours:

    import json, socket, ssl
    host, port = "$ready".rsplit(":", 1)
    context = ssl.create_default_context(cafile="$data/tls/ca.pem")
    line = context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=host).makefile("rwb")
    line.write(b'{"jsonrpc":"2.0","id":1,"method":"host.ping"}\n'); line.flush()
    print(json.loads(line.readline()))

docs/protocol.md describes the protocol, README.md has a tour.

TEXT
fi

# A signal ends `wait` early; the host is still answering what is in flight then.
code=0
while :; do
    wait "$host" && code=0 || code=$?
    kill -0 "$host" 2>/dev/null || break
done
[ -n "$ready" ] || fail "the host did not start: its last lines say why"
exit "$code"
