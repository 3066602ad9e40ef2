"""One client that writes without pause: reads its job from stdin, works until stdin ends, and logs every answer as a line.

Each piece of work has a key of its own and is repeated under it until it is acknowledged, on whichever host answers.
"""

import itertools
import json
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.client import Client, Disconnected, Refused, tls_context  # noqa: E402


class SteadyClient:
    def __init__(self, job, log):
        self.job, self.log = job, log
        first = job["number"] % len(job["ports"])
        self.ports = itertools.cycle(job["ports"][first:] + job["ports"][:first])
        self.context = tls_context(job["ca"])
        self.client = None
        self.over = threading.Event()

    def write(self, **entry):
        self.log.write(json.dumps({"at": time.time(), "client": self.job["number"], **entry}) + "\n")
        self.log.flush()

    def connected(self):
        if self.client is None:
            client = Client(next(self.ports), None, timeout=self.job["patience"], context=self.context)
            try:
                client.resume(self.job["token"])
            except BaseException:
                client.close()
                raise
            self.client = client
        return self.client

    def drop(self):
        if self.client is not None:
            self.client.close()
            self.client = None

    def work(self, number):
        """Stock and notes in turn: the method, its params, and what tells the effect."""
        key = f"steady-{self.job['number']}-{number}"
        if number % 3 == 2:
            return key, "example.note.add", {"text": key}, "note"
        lines = [{"pieceCode": self.job["piece"], "quantityMg": self.job["quantity"]}]
        return key, "decoction.stock.issue", {"lines": lines, "reason": "内部调拨"}, "issue"

    def acknowledged(self, number):
        """Repeats one piece of work until it is acknowledged. Gives False where it is refused for good."""
        key, method, params, kind = self.work(number)
        deadline = time.monotonic() + self.job["patience"]
        while True:
            began = time.monotonic()
            try:
                reply = self.connected().call(
                    method, params, site=self.job["site"], key=key, deadline_ms=self.job["deadlineMs"])
                self.write(kind=kind, key=key, document=reply.get("documentId"), seconds=time.monotonic() - began)
                return True
            except Refused as refusal:
                self.write(
                    refused=refusal.reason, retryable=refusal.retryable, details=refusal.details, key=key,
                    seconds=time.monotonic() - began)
                if not refusal.retryable:
                    return False
            except (Disconnected, OSError) as error:
                self.write(lost=type(error).__name__, key=key, seconds=time.monotonic() - began)
                self.drop()
            if time.monotonic() > deadline:
                self.write(gaveUp=key)
                return False
            time.sleep(0.05)

    def run(self):
        threading.Thread(target=self.watch_stdin, daemon=True).start()
        for number in itertools.count():
            if self.over.is_set() or not self.acknowledged(number):
                break
            time.sleep(self.job["pause"])
        self.drop()

    def watch_stdin(self):
        sys.stdin.read()
        self.over.set()


def main():
    job = json.loads(sys.stdin.readline())
    with open(job["log"], "w") as log:
        SteadyClient(job, log).run()


main()
