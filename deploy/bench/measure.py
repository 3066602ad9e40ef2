"""What deploy/bench.sh runs: the host and pgbench, one after the other on the same cluster. docs/bench.md explains the figures."""

import argparse
import json
import pathlib
import signal
import statistics
import subprocess
import sys
import time

import report
from host import SITE, Host, free_port
from postgres import Postgres

# Work of the host, and the pgbench script that does the same.
WORKS = {
    "select": "ping", "read": "read", "read-audited": "read", "list": "list", "insert": "insert", "dispense": "dispense",
}
ECHO_IN_FLIGHT = 32


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", type=lambda text: pathlib.Path(text).resolve(), required=True)
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=2, help="of host and pgbench in turn; the best of each counts")
    parser.add_argument("--connections", type=lambda text: [int(part) for part in text.split(",")], default=[1, 8, 64])
    parser.add_argument("--depth", type=int, default=1, help="calls in flight on each connection")
    parser.add_argument("--works", type=lambda text: text.split(","), default=list(WORKS))
    parser.add_argument("--idle", type=int, default=2000, help="idle connections; 0 leaves them out")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--log-level", default="info", help="of the host")
    parser.add_argument("--json", help="a file to write all figures to")
    parser.add_argument("--only-works", action="store_true", help="leave out ping, handshakes, memory and start-up")
    parser.add_argument("--stay", action="store_true", help="set up, say how to measure by hand, and wait for Ctrl-C")
    return parser.parse_args()


def compare(host, postgres, work, connections, options):
    """One work at so many connections: of the host and of pgbench, in turn, the round in which each took the least processor time."""
    rounds = [(ours(host, postgres, work, connections, options), theirs(postgres, work, connections, options)) for _ in range(options.rounds)]
    best = [min(side, key=lambda figures: figures["sumMicroseconds"]) for side in zip(*rounds)]
    return {"work": work, "connections": connections, "host": best[0], "pgbench": best[1]}


def ours(host, postgres, work, connections, options):
    postgres.settle()
    figures = host.measure(
        work, "--site", SITE, "--connections", connections, "--depth", options.depth, "--seconds", options.seconds,
        "--warm-up", min(1, options.seconds), watch=[host.pid, host.postmaster])
    calls = figures["calls"]
    figures["hostMicroseconds"] = figures["watchedSeconds"][str(host.pid)] / calls * 1e6
    figures["databaseMicroseconds"] = figures["watchedSeconds"][str(host.postmaster)] / calls * 1e6
    figures["clientMicroseconds"] = figures["clientSeconds"] / calls * 1e6
    figures["sumMicroseconds"] = figures["hostMicroseconds"] + figures["databaseMicroseconds"]
    return figures


def theirs(postgres, work, connections, options):
    postgres.settle()
    figures = postgres.pgbench(WORKS[work], connections, options.seconds)
    figures["sumMicroseconds"] = figures["serverMicroseconds"] + figures["clientMicroseconds"]
    return figures


def echo(host, options):
    """host.ping beside a bare echo of lines, both with 32 in flight on one connection."""
    flags = ["--connections", 1, "--depth", ECHO_IN_FLIGHT, "--seconds", options.seconds, "--warm-up", min(1, options.seconds)]
    ping = host.measure("ping", *flags, watch=[host.pid])
    process = subprocess.Popen(
        [host.binary, "bench", "echo", "--data", host.data, "--port", str(free_port())],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=host.environment, text=True)
    try:
        address = process.stdout.readline().split()[1]
        text = host.run(
            "bench", "ping", *map(str, flags), "--host", address, "--data", str(host.data), "--json", "--watch", str(process.pid))
    finally:
        process.stdin.close()
        process.wait(30)
    bare = json.loads(text)
    for figures, pid in ((ping, host.pid), (bare, process.pid)):
        figures["serverMicroseconds"] = figures["watchedSeconds"][str(pid)] / figures["calls"] * 1e6
        figures["clientMicroseconds"] = figures["clientSeconds"] / figures["calls"] * 1e6
    return {"ping": ping, "echo": bare}


def idle(host, count, with_session):
    """KiB that the host's memory grows by for each idle connection."""
    before = host.resident()
    flags = ["--session"] if with_session else []
    process = subprocess.Popen(
        [host.binary, "bench", "idle", str(count), *flags, "--host", host.address, "--data", host.data],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=host.environment, text=True)
    try:
        if process.stdout.readline().strip() != f"open {count}":
            raise SystemExit("the idle connections could not be opened")
        return (host.resident() - before) / count
    finally:
        process.stdin.close()
        process.wait(60)


def beside(host, options):
    """All that is no work on rows."""
    figures = echo(host, options)
    figures["handshakes"] = host.measure("handshakes", "--seconds", options.seconds, watch=[host.pid])
    starts = []
    for _ in range(options.starts):
        host.stop()
        starts.append(host.start())
    figures["starts"] = {"best": min(starts), "median": statistics.median(starts), "count": len(starts)}
    if options.idle:
        figures["idleKiB"] = {"count": options.idle}
        for name, with_session in (("bare", False), ("session", True)):
            host.stop()
            host.start()
            host.call("session.whoami", {})
            figures["idleKiB"][name] = idle(host, options.idle, with_session)
    return figures


def stay(host, postgres):
    state = host.environment["XDG_STATE_HOME"]
    print(f"""The host is process {host.pid} at {host.address}, its PostgreSQL is process {host.postmaster}. Measure with, for example,

  XDG_STATE_HOME={state} {host.binary} bench read --site {SITE} --connections 8 --seconds 10 \\
      --host {host.address} --data {host.data} --watch {host.pid} {host.postmaster}

pgbench: {' '.join(postgres.prefix)} pgbench -n -M prepared -c 8 -j 2 -T 10 -h {postgres.socket} -U postgres -f - common_work < deploy/bench/read.sql
Ctrl-C stops it.""", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def main():
    options = arguments()
    # Ctrl-C and SIGTERM end it in order: the host and its cluster are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    host = Host(options.binary, options.log_level)
    try:
        host.start()
        host.set_up()
        postgres = Postgres(host)
        # pgbench's connections come on top of the host's.
        postgres.sql("ALTER SYSTEM SET max_connections = 200", "postgres")
        postgres.set_up()
        host.stop()
        host.start()
        if options.stay:
            return stay(host, postgres)
        figures = {"machine": report.machine(options), "works": []}
        print(report.heading(figures["machine"]), flush=True)
        for work in options.works:
            for connections in options.connections:
                figures["works"].append(compare(host, postgres, work, connections, options))
                print(report.line(figures["works"][-1]), flush=True)
        if not options.only_works:
            figures["beside"] = beside(host, options)
            print(report.beside(figures["beside"]))
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps(figures, indent=1) + "\n")
    except BaseException:
        sys.stderr.write(host.log_tail())
        raise
    finally:
        host.destroy()


if __name__ == "__main__":
    main()
