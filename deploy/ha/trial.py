"""What deploy/ha/try.sh runs: takes the primary away under load, again and again, and reports what clients saw."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Tests" / "EndToEndTests"))

PIECE = "XLYP0021"
WAYS = {
    "kill": "SIGKILL of the primary's Patroni and PostgreSQL, as when a machine loses power",
    "hang": "SIGSTOP of the primary's Patroni and PostgreSQL, as when a machine hangs; it goes on once another is primary",
    "postmaster": "SIGKILL of the primary's PostgreSQL alone; Patroni starts it again in its place",
    "switchover": "patronictl switchover",
}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3, help="how often each way")
    parser.add_argument("--ways", type=lambda text: text.split(","), default=["kill", "hang", "switchover"], help=", ".join(WAYS))
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--etcd", type=int, default=3, help="members of etcd")
    parser.add_argument("--ttl", type=int, default=20)
    parser.add_argument("--loop-wait", type=int, default=5)
    parser.add_argument("--retry-timeout", type=int, default=5)
    parser.add_argument("--progress", type=int, default=60, help="acknowledged writes of each client before and after")
    parser.add_argument("--json", help="a file to write all figures to")
    parser.add_argument("--binary", help="the program; .build/debug/xinglin by default")
    options = parser.parse_args()
    if unknown := set(options.ways) - set(WAYS):
        parser.error(f"unknown way {', '.join(sorted(unknown))}; there are {', '.join(WAYS)}")
    return options


class Trial:
    def __init__(self, options, cluster, pair, front, folder):
        self.options, self.cluster, self.pair, self.front, self.folder = options, cluster, pair, front, folder
        self.results = []

    def prepare(self):
        self.county = County(self.front).found(["pharmacist-t1"])
        with self.county.session("pharmacist-t1") as client:
            self.lot = self.county.stock(client, PIECE, steady_load.WHOLE)

    def run(self):
        """All ways under one load, which is checked at its end."""
        with SteadyLoad(
                self.county, PIECE, [self.front.port], self.folder, clients=self.options.clients, patience=300) as load:
            events = []
            for round_number in range(1, self.options.rounds + 1):
                for way in self.options.ways:
                    load.wait_for_progress(self.options.progress)
                    events.append(self.take_away(load, way, round_number))
            load.wait_for_progress(self.options.progress)
            entries = load.finish()
        with self.county.session("pharmacist-t1") as client:
            issues, notes = steady_load.check(load, client, self.lot)
        for event, following in zip(events, [*events[1:], None]):
            until = following["at"] if following else float("inf")
            part = [entry for entry in entries if event["at"] - 5 <= entry["at"] < until]
            figures = steady_load.outage(part, event["at"])
            self.results.append({**event, **figures})
            self.report(self.results[-1])
        print(f"\nacknowledged: {issues} issues of stock and {notes} notes; none is missing, none happened twice, "
              "balance = sum of movements", flush=True)
        return {"issues": issues, "notes": notes, "events": self.results}

    def take_away(self, load, way, round_number):
        former = self.cluster.leader
        timeline = self.cluster.timeline
        at = steady_load.now()
        if way == "kill":
            self.cluster.kill_node(former)
            self.cluster.wait_for_new_leader(former)
        elif way == "hang":
            self.cluster.stop_node(former)
            self.cluster.wait_for_new_leader(former)
        elif way == "postmaster":
            pids = former.processes()
            os.kill(pids[0], signal.SIGKILL)
            wait_until(lambda: former.postmaster not in (None, pids[0]) or self.cluster.leader not in (None, former), 180,
                       what="PostgreSQL running again")
        else:
            self.cluster.switch_over()
        elected = steady_load.now()
        load.wait_for_progress(5)
        if way == "kill":
            self.cluster.revive(former)
        elif way == "hang":
            self.cluster.continue_node()
        made_anew = self.cluster.restore()
        return {
            "way": way, "round": round_number, "at": at, "electedAfterSeconds": round(elected - at, 1),
            "madeAnew": made_anew, "timelines": [timeline, self.cluster.timeline],
        }

    @staticmethod
    def report(result):
        refusals = ", ".join(f"{reason} {count}" for reason, count in sorted(result["refusals"].items())) or "none"
        print(
            f"{result['way']:<11} round {result['round']}: new primary after {result['electedAfterSeconds']:>5.1f} s; nobody's write "
            f"acknowledged for {result['nobodyAcknowledgedSeconds']:>5.1f} s, longest of a client {result['longestClientSeconds']:>5.1f} s; "
            f"refusals: {refusals}; outcome unknown {result['unknownOutcomes']}, lines lost {result['lostLines']}"
            + (f"; patronictl reinit {', '.join(result['madeAnew'])}" if result["madeAnew"] else ""), flush=True)


def machine():
    commit = subprocess.run(
        ["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    load = os.getloadavg()
    return {"commit": commit, "processors": os.cpu_count(), "loadBefore": [round(value, 1) for value in load]}


def main():
    figures = machine()
    print(f"commit {figures['commit']}, {figures['processors']} processors, load {figures['loadBefore'][0]}, "
          f"ttl {options.ttl}, loop_wait {options.loop_wait}, retry_timeout {options.retry_timeout}, "
          f"{options.clients} clients, {options.etcd} etcd", flush=True)
    for way in options.ways:
        print(f"  {way}: {WAYS[way]}", flush=True)
    with tempfile.TemporaryDirectory(prefix="xl-trial-") as folder, PatroniCluster(
            options.etcd, options.ttl, options.loop_wait, options.retry_timeout) as cluster:
        try:
            cluster.prepare(Path(folder) / "migrate")
            with Pair(cluster.environment()) as pair:
                pair.start()
                with Front(pair.a, pair.b) as front:
                    trial = Trial(options, cluster, pair, front, folder)
                    trial.prepare()
                    figures |= trial.run()
        except BaseException:
            print(log_tails(cluster), file=sys.stderr)
            raise
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1) + "\n")


# The binary is named before the support is loaded, which looks for it.
options = arguments()
if options.binary:
    os.environ["XINGLIN_BINARY"] = str(Path(options.binary).resolve())
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

from support import steady_load  # noqa: E402
from support.county import County  # noqa: E402
from support.haproxy import Front  # noqa: E402
from support.host import wait_until  # noqa: E402
from support.pair import Pair  # noqa: E402
from support.patroni import PatroniCluster, log_tails  # noqa: E402
from support.steady_load import SteadyLoad  # noqa: E402

main()
