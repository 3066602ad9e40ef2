#!/usr/bin/env python3
"""10,000 idle TLS connections and 200 busy ones together, and clients that never read (docs/hardening.md).

    deploy/checks/connections.py [--idle 10000] [--busy 200] [--seconds 15] [--json FILE]

XINGLIN_BINARY names another program than .build/debug/xinglin; figures want a release build. Exits non-zero where memory is not bounded,
a connection is lost, or others wait for those that do not read.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "EndToEndTests"))

from support.bystander import Bystander, memory  # noqa: E402
from support.client import Client  # noqa: E402
from support.host import BINARY, Host, accounts_of_demonstration, clean_environment, run  # noqa: E402

SITE = "township-01"
# KiB of the host's memory that one idle connection may take, and MiB that clients which never read may take together.
MOST_PER_CONNECTION, MOST_OF_UNREAD = 100, 400
# So many that all their calls are within one account's share of the queue.
UNREAD_CLIENTS = 8


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Check:
    def __init__(self, options, host):
        self.options, self.host, self.figures = options, host, {}
        self.state = {"XDG_STATE_HOME": str(host.folder / "state")}
        account = next(one for one in accounts_of_demonstration(host) if one["account"] == "pharmacist")
        done = run(
            "login", "pharmacist", "--host", self.address, data=host.data,
            environment={**self.state, "XINGLIN_PASSWORD": account["password"]})
        assert done.returncode == 0, done.stderr
        with host.connect() as client:
            self.token = client.login("pharmacist", account["password"])["token"]

    @property
    def address(self):
        return f"127.0.0.1:{self.host.port}"

    def note(self, name, figures):
        self.figures[name] = figures
        print(f"{name}: {json.dumps(figures)}", flush=True)

    def busy(self, name, seconds=None):
        """So many connections that send their next call when the last one is answered: half a read, half a write."""
        used = processor_seconds(self.host.pid)
        lanes = []
        for method, params, more in (
            ("decoction.piece.search", '{"query":"mh","limit":5}', []),
            ("decoction.supplier.create", '{"nameZh":"测量供应商","licence":"M-{{unique}}"}', ["--keys", "--seed", str(time.monotonic_ns() % 10**9)]),
        ):
            lanes.append(subprocess.Popen(
                [str(BINARY), "bench", "load", method, "--params", params, "--site", SITE, "--connections", str(self.options.busy // 2),
                 "--seconds", str(seconds or self.options.seconds), "--json", "--host", self.address, "--data", str(self.host.data), *more],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment(**self.state)))
        figures = {}
        for lane, word in zip(lanes, ("read", "write")):
            out, err = lane.communicate(timeout=600)
            assert lane.returncode == 0, err
            figures[word] = json.loads(out)
        self.note(name, {
            **{word: self.short(one) for word, one in figures.items()},
            "hostProcessorSeconds": round(processor_seconds(self.host.pid) - used, 1), "rssMiB": round(memory(self.host))})

    @staticmethod
    def short(figures):
        kept = {name: figures[name] for name in ("connections", "calls", "perSecond", "faults") if name in figures}
        return {**kept, **{name: value for name, value in figures.get("latencyMicroseconds", {}).items() if name in ("p50", "p99", "max")}}

    def idle(self, count, with_session):
        """Opens connections that stay; gives the process that holds them."""
        before, began, used = memory(self.host), time.monotonic(), processor_seconds(self.host.pid)
        holder = subprocess.Popen(
            [str(BINARY), "bench", "idle", str(count), *(["--session"] if with_session else []), "--host", self.address, "--data",
             str(self.host.data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean_environment(**self.state))
        assert holder.stdout.readline().strip() == f"open {count}", "the idle connections could not be opened"
        grown = memory(self.host) - before
        self.note("idle with a session" if with_session else "idle without a session", {
            "connections": count, "secondsToConnect": round(time.monotonic() - began, 1),
            "hostProcessorSeconds": round(processor_seconds(self.host.pid) - used, 1), "rssMiB": round(memory(self.host)),
            "kibPerConnection": round(grown * 1024 / count, 1)})
        assert grown * 1024 / count < MOST_PER_CONNECTION, "idle connections take too much memory"
        return holder

    def open_connections(self):
        return len(os.listdir(f"/proc/{self.host.pid}/fd"))

    # Who never reads

    def unread(self):
        """Clients that ask for large lists and never read; beside them others work."""
        before, peak, open_before = memory(self.host), [0.0], self.open_connections()
        clients = [self.never_reading() for _ in range(UNREAD_CLIENTS)]
        began, ended = time.monotonic(), threading.Event()

        def watch():
            while not ended.wait(0.1):
                peak[0] = max(peak[0], memory(self.host))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            with Bystander(self.host) as bystander:
                self.busy("busy beside clients that never read", 10)
                # The bystander has one. Whoever does not read does not see the end either: the host's side is looked at.
                while self.open_connections() > open_before + 1:
                    assert time.monotonic() - began < 300, "a client that never reads is not cut off"
                    time.sleep(0.2)
        finally:
            ended.set()
            watcher.join()
            for client in clients:
                client.close()
        self.note("clients that never read", {
            "clients": UNREAD_CLIENTS, "rssBeforeMiB": round(before), "rssPeakMiB": round(peak[0]),
            "secondsUntilAllWereCut": round(time.monotonic() - began, 1), "slowestPingBesideMs": round(bystander.slowest * 1000)})
        assert peak[0] - before < MOST_OF_UNREAD, "clients that never read take too much memory"

    def never_reading(self):
        client = Client(self.host.port, self.host.ca)
        client.resume(self.token)
        line = json.dumps({
            "jsonrpc": "2.0", "id": 1, "method": "decoction.stock.list", "params": {"limit": 500, "_meta": {"site": SITE}}}).encode() + b"\n"
        # Asks for much more than is in flight at once; what does not go out at once is not asked for.
        client.socket.settimeout(0.5)
        try:
            for _ in range(400):
                client.socket.sendall(line)
        except TimeoutError:
            pass
        return client

    def all(self):
        half = self.options.idle // 2
        self.note("before", {"rssMiB": round(memory(self.host)), "descriptors": self.open_connections()})
        self.busy("busy alone")
        holders = []
        try:
            for with_session in (False, True):
                holders.append(self.idle(half, with_session))
            count = self.open_connections()
            assert count >= 2 * half
            self.busy(f"busy beside {2 * half} idle ones")
            assert self.open_connections() >= 2 * half, "an idle connection was lost"
            self.unread()
            assert self.open_connections() >= 2 * half, "an idle connection was lost"
        finally:
            for holder in holders:
                holder.stdin.close()
                holder.wait(120)
        time.sleep(2)
        self.note("after", {"rssMiB": round(memory(self.host)), "descriptors": self.open_connections()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--busy", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--json")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < options.idle + 1_000:
        sys.exit(f"{hard} open files are allowed, {options.idle + 1_000} are needed: raise the hard limit (ulimit -Hn)")
    # Inherited by the host and by those who connect.
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    limits = {
        # One address makes all the load, and idle is what these connections are for.
        "XINGLIN_LIMITS_CONNECTIONS_PER_SECOND": "100000", "XINGLIN_LIMITS_CONNECTIONS_BEFORE_LOGIN": "20000",
        "XINGLIN_LIMITS_CONNECTIONS_PER_ADDRESS": "20000", "XINGLIN_LIMITS_IDLE_SECONDS": "3600", "XINGLIN_DEMO_RESIDENTS": "50",
        "XINGLIN_LOG_LEVEL": "warning",
    }
    with Host(["--demo"], environment=limits) as host:
        check = Check(options, host.start(600))
        try:
            check.all()
        except BaseException:
            print(f"the log ends:\n{host.log_tail()}", file=sys.stderr)
            raise
        assert host.stop(120) == 0
    if options.json:
        Path(options.json).write_text(json.dumps(check.figures, indent=1) + "\n")


main()
