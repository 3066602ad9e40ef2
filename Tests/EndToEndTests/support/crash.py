"""Crashes under load: several client processes write over the demonstration county while host and PostgreSQL are killed."""

import collections
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from support import county as pharmacy
from support import invariants
from support.client import insist
from support.host import accounts_of_demonstration, wait_until
from support.sql import embedded

WORKER = Path(__file__).with_name("crash_worker.py")
SITE = "township-01"
PIECES = [f"XLYP{number:04d}" for number in range(19, 25)]
KINDS = ("host", "postmaster", "backend", "both")
HEADER = "饮片代码,批号,供应商许可证号,供应商名称,生产日期,有效期至,数量（克）,单价（元/千克）"


class Shooter:
    """A worker process and what it has reported."""

    def __init__(self, job):
        self.reports, self.paused = [], queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.say(json.dumps(job))
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            report = json.loads(line)
            if "paused" in report:
                self.repeats, self.lost = report["repeats"], report["lost"]
                self.paused.put(report)
            else:
                self.reports.append(report)

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()


class CrashRun:
    """Cycles of load, a kill at a random moment, recovery, and a check of every invariant."""

    def __init__(self, host, seed, workers=4, say=print):
        self.host, self.random, self.say, self.seed = host, random.Random(seed), say, seed
        self.kills, self.imports = collections.Counter(), []
        accounts = {account["account"]: account["password"] for account in accounts_of_demonstration(host)}
        self.tokens = {}
        for account in ("pharmacist", "pharmacist-2"):
            with host.connect() as client:
                self.tokens[account] = client.login(account, accounts[account])["token"]
        # What was there before the load.
        self.before = invariants.baseline(host)
        self.workers = [Shooter(self.job(number, seed)) for number in range(workers)]

    def job(self, number, seed):
        return {
            "port": self.host.port, "ca": str(self.host.ca), "token": list(self.tokens.values())[number % 2], "site": SITE,
            "number": number, "seed": seed * 100 + number, "pieces": PIECES, "claims": f"XL{seed % 1_000_000:06d}C",
            "producedOn": pharmacy.days(-60), "expiresOn": pharmacy.days(400),
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for worker in self.workers:
            worker.end()

    # A cycle

    def cycle(self, number, import_lines=0):
        kind = self.random.choice(KINDS)
        self.order("go")
        self.wait_for_answers(3)
        if import_lines:
            self.begin_import(number, import_lines)
        time.sleep(self.random.uniform(0, 1.5))
        self.kill(kind)
        self.wait_for_answers(3)
        self.order("pause")
        for worker in self.workers:
            self.paused(worker)
        self.finish_imports()
        facts = invariants.check(self.host, self.before, self.reports(), self.imports)
        self.say(f"cycle {number}: killed {kind}; {facts}")

    def order(self, word):
        for worker in self.workers:
            worker.say(word)

    def paused(self, worker):
        """Waits for the worker's word; its first pause came before any load."""
        while True:
            report = worker.paused.get(timeout=300)
            assert worker.process.poll() is None, "a client ended"
            if report["paused"] and (report["lost"], len(worker.reports)) != (0, 0):
                return

    def wait_for_answers(self, count):
        """Until each client has that many more answers."""
        since = [len(worker.reports) for worker in self.workers]

        def answered():
            assert all(worker.process.poll() is None for worker in self.workers), "a client gave up"
            return all(len(worker.reports) >= start + count for worker, start in zip(self.workers, since))

        wait_until(answered, 300, what="answers to every client")

    def reports(self):
        return [report for worker in self.workers for report in worker.reports]

    # Killing

    def kill(self, kind):
        self.kills[kind] += 1
        if kind in ("host", "both"):
            self.host.kill()
        if kind in ("postmaster", "both"):
            os.kill(wait_until(self.host.postmaster, 120, what="a running PostgreSQL"), signal.SIGKILL)
        if kind == "backend":
            backends = embedded(self.host, "SELECT pid FROM pg_stat_activity WHERE usename = 'xinglin_host'").split()
            os.kill(int(self.random.choice(backends)), signal.SIGKILL)
        if self.host.process is None:
            self.host.start()

    # Imports that are under way when the kill comes

    def begin_import(self, number, lines):
        name = f"FIRE{number:04d}"
        rows = [
            f"XLYP{100 + line % 40:04d},{name}-{line},{name},坠落测试供应商,{pharmacy.days(-60)},{pharmacy.days(400)},1000,8.80"
            for line in range(lines)]
        with self.host.connect() as client:
            insist(lambda: client.resume(self.tokens["pharmacist"]))

            def call(method, params):
                return insist(lambda: client.call(method, params, site=SITE, deadline_ms=60_000))[0]

            begun = call("imports.begin", {"kind": "decoction.openingStock", "name": name, "header": HEADER})["importId"]
            call("imports.append", {"importId": begun, "fromLine": 1, "csv": "".join(row + "\r\n" for row in rows)})
            call("imports.finish", {"importId": begun, "lines": lines})
            call("imports.apply", {"importId": begun, "mode": "goodLines"})
        self.imports.append({"import": begun, "name": name, "lines": lines})

    def finish_imports(self):
        """What was being imported goes on by itself."""
        wait_until(
            lambda: embedded(self.host, "SELECT count(*) FROM host.import WHERE state = 'applying'") == "0", 300,
            what="the end of the imports")

    def summary(self):
        reports = self.reports()
        done = collections.Counter(report["method"] for report in reports if report["reason"] is None)
        refused = collections.Counter(report["reason"] for report in reports if report["reason"] is not None)
        repeats = collections.Counter()
        for worker in self.workers:
            repeats.update(worker.repeats)
        return {
            "seed": self.seed, "kills": dict(self.kills), "acknowledged": dict(done), "refused": dict(refused),
            "repeatedFor": dict(repeats), "connectionsLost": sum(worker.lost for worker in self.workers),
            "importsUnderWay": len(self.imports),
        }
