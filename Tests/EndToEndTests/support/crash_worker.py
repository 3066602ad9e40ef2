"""One client under fire: writes without pause, repeats each call under its key until it is answered, and reports every outcome.

Reads its job from stdin, then `pause` and `go`; reports one JSON value per line.
"""

import json
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.client import Client, Disconnected, Refused  # noqa: E402

# What a client simply sends again, besides what says so itself: nothing was changed, by the contract.
AGAIN = {"host.deadline"}
PATIENCE = 240


class Worker:
    def __init__(self, job):
        self.job, self.random = job, random.Random(job["seed"])
        self.client, self.count, self.claim, self.lots = None, 0, 0, []
        self.supplier, self.repeats, self.lost = None, {}, 0

    def choose(self):
        """The next call: method, params, and what it moves."""
        self.count += 1
        key = f"fire-{self.job['number']}-{self.count}"
        piece, draw = self.random.choice(self.job["pieces"]), self.random.random()
        if self.supplier is None:
            return key, "decoction.supplier.create", {"nameZh": "坠落测试供应商", "licence": key}, 0
        if draw < 0.15:
            self.claim += 1
            document = {"kind": "passport", "number": f"{self.job['claims']}{self.claim:05d}"}
            return key, "people.person.register", {"nameZh": "测试人员", "sex": "unknown", "document": document}, 0
        if draw < 0.30:
            return key, "decoction.lot.receive", {
                "pieceCode": piece, "supplierId": self.supplier, "batchNumber": key, "producedOn": self.job["producedOn"],
                "expiresOn": self.job["expiresOn"], "quantityMg": 20_000, "unitCostFenPerKg": 5_000,
            }, 20_000
        if draw < 0.42 and self.lots:
            return key, "decoction.lot.accept", {"lotId": self.lots.pop()}, 0
        quantity = self.random.randint(1, 6_000)
        return key, "decoction.stock.issue", {"lines": [{"pieceCode": piece, "quantityMg": quantity}], "reason": key}, -quantity

    def connection(self):
        if self.client is None:
            client = Client(self.job["port"], self.job["ca"], timeout=60)
            try:
                client.resume(self.job["token"])
            except BaseException:
                client.close()
                raise
            self.client = client
        return self.client

    def until_answered(self, key, method, params):
        """The result, or the refusal that is final."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.connection().call(method, params, site=self.job["site"], key=key, deadline_ms=20_000), None
            except Refused as refusal:
                if not refusal.retryable and refusal.reason not in AGAIN:
                    return None, refusal.reason
                self.repeats[refusal.reason] = self.repeats.get(refusal.reason, 0) + 1
            except (Disconnected, OSError):
                self.lost += 1
                if self.client is not None:
                    self.client.close()
                self.client = None
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} was not answered within {PATIENCE} s")
            time.sleep(0.05)

    def step(self):
        key, method, params, moved = self.choose()
        reply, reason = self.until_answered(key, method, params)
        report = {"key": key, "method": method, "moved": moved, "reason": reason}
        if reply is not None:
            report["reply"] = reply
            if method == "decoction.supplier.create":
                self.supplier = reply["supplierId"]
            elif method == "decoction.lot.receive":
                self.lots.append(reply["lotId"])
            if self.random.random() < 0.1:
                again, refusal = self.until_answered(key, method, params)
                report["repeatIsEqual"] = again == reply and refusal is None
        say(report)


def say(report):
    print(json.dumps(report), flush=True)


def main():
    worker = Worker(json.loads(sys.stdin.readline()))
    may_go, ended = threading.Event(), threading.Event()

    def listen():
        for line in sys.stdin:
            (may_go.set if line.strip() == "go" else may_go.clear)()
        ended.set()
        may_go.set()

    threading.Thread(target=listen, daemon=True).start()
    paused = False
    while not ended.is_set():
        if not may_go.is_set():
            if not paused:
                say({"paused": True, "repeats": worker.repeats, "lost": worker.lost})
                paused = True
            may_go.wait(1)
            continue
        paused = False
        worker.step()


main()
