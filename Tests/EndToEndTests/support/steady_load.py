"""Steady load by client processes over several hosts, what they logged, and whether the database agrees."""

import collections
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

from support import county as pharmacy
from support.host import wait_until

CLIENT = Path(__file__).with_name("steady_client.py")
QUANTITY = 10
WHOLE = 10_000_000_000
# What a client may be told while hosts or servers change: that the database is away, that the host stops, or that it must wait.
TRANSIENT = {"host.unavailable", "host.busy", "host.overloaded", "host.shuttingDown"}


class SteadyLoad:
    """Clients that write without pause through some ports, each with a log of its own."""

    def __init__(self, county, piece, ports, folder, clients=6, pause=0.0, patience=180, deadline_ms=10_000):
        self.county, self.piece, self.ports, self.folder = county, piece, list(ports), Path(folder)
        self.pause, self.patience, self.deadline_ms = pause, patience, deadline_ms
        self.count = clients
        self.processes = []

    def __enter__(self):
        job = {
            "ports": self.ports, "ca": str(self.county.host.ca), "token": self.county.token("pharmacist-t1"),
            "site": pharmacy.FIRST, "piece": self.piece, "quantity": QUANTITY, "pause": self.pause, "patience": self.patience,
            "deadlineMs": self.deadline_ms,
        }
        try:
            for number in range(self.count):
                process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-B", str(CLIENT)], stdin=subprocess.PIPE, text=True)
                self.processes.append(process)
                process.stdin.write(json.dumps({**job, "number": number, "log": str(self._log(number))}) + "\n")
                process.stdin.flush()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()
            process.stdin.close()

    def _log(self, number):
        return self.folder / f"client-{number}.jsonl"

    def entries(self):
        """Every logged answer so far, in order; a line that is being written is left out."""
        found = []
        for number in range(self.count):
            with contextlib.suppress(FileNotFoundError):
                for line in self._log(number).read_text().splitlines():
                    with contextlib.suppress(ValueError):
                        found.append(json.loads(line))
        return sorted(found, key=lambda entry: entry["at"])

    def acknowledged(self):
        return [entry for entry in self.entries() if "kind" in entry]

    def wait_for_progress(self, each=20, seconds=240):
        """Until every client has had so many further acknowledgements."""
        before = collections.Counter(entry["client"] for entry in self.acknowledged())

        def progressed():
            ended = [process.poll() for process in self.processes]
            assert ended == [None] * self.count, f"a client ended: {self.final_refusals()}"
            now = collections.Counter(entry["client"] for entry in self.acknowledged())
            return all(now[number] >= before[number] + each for number in range(self.count))
        wait_until(progressed, seconds, 0.2, f"{each} acknowledged writes of every client")

    def final_refusals(self):
        return [entry for entry in self.entries() if entry.get("retryable") is False or "gaveUp" in entry]

    def finish(self):
        """Lets every client end its last piece of work."""
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            process.wait(self.patience + 60)
        return self.entries()


def outage(entries, since):
    """How long writes were refused: for each client the longest time without an acknowledgement, from the first failed attempt after
    the event to the next success, and for all from the first failure of anyone to the first success after it."""
    spans = []
    for client in sorted({entry["client"] for entry in entries}):
        began, longest = None, 0.0
        for entry in entries:
            if entry["client"] != client or entry["at"] < since:
                continue
            if "kind" in entry:
                if began is not None:
                    longest = max(longest, entry["at"] - began)
                began = None
            elif began is None:
                # The attempt began earlier than its failure was logged.
                began = entry["at"] - entry["seconds"]
        spans.append(longest)
    successes = [entry["at"] for entry in entries if "kind" in entry]
    gaps = [(later - earlier, earlier) for earlier, later in zip(successes, successes[1:]) if later >= since]
    longest_gap, gap_start = max(gaps, default=(0.0, since))
    return {
        "perClientSeconds": [round(span, 2) for span in spans], "longestClientSeconds": round(max(spans, default=0), 2),
        "nobodyAcknowledgedSeconds": round(longest_gap, 2), "gapBeganAfterEventSeconds": round(gap_start - since, 2),
        "refusals": dict(collections.Counter(entry["refused"] for entry in entries if "refused" in entry and entry["at"] >= since)),
        "unknownOutcomes": sum(
            1 for entry in entries if entry["at"] >= since and (entry.get("details") or {}) == {"outcome": "unknown"}),
        "lostLines": sum(1 for entry in entries if "lost" in entry and entry["at"] >= since),
        "slowestAcknowledgedSeconds": round(max((entry["seconds"] for entry in entries if "kind" in entry), default=0), 2),
    }


def check(load, client, lot):
    """No acknowledged write is missing, none happened twice, refusals were such as may be repeated, balances are the sums of movements.
    `client` is a session at the pharmacy. Gives the number of acknowledged issues and notes."""
    entries = load.entries()
    assert load.final_refusals() == []
    refusals = {(entry["refused"], entry["retryable"]) for entry in entries if "refused" in entry}
    assert {reason for reason, _ in refusals} <= TRANSIENT and all(retryable for _, retryable in refusals), refusals
    issues = [entry["document"] for entry in entries if entry.get("kind") == "issue"]
    notes = [entry["key"] for entry in entries if entry.get("kind") == "note"]
    assert len(set(issues)) == len(issues), "two keys were answered with one document"
    documents = [movement["documentId"] for movement in pharmacy.movements(client, lot) if movement["quantityMg"] < 0]
    missing, extra = set(issues) - set(documents), set(documents) - set(issues)
    assert not missing, f"{len(missing)} acknowledged issues are missing"
    assert not extra, f"{len(extra)} issues happened that nobody was told of"
    assert len(documents) == len(issues), "an issue happened twice"
    written = collections.Counter(
        note["text"] for note in pharmacy.pages(client, "example.note.list", {}, "notes") if note["text"].startswith("steady-"))
    assert set(written) == set(notes) and set(written.values()) <= {1}, "notes are missing or doubled"
    assert pharmacy.on_hand(client, load.piece) == WHOLE - QUANTITY * len(issues)
    pharmacy.check_ledger(client, load.piece)
    return len(issues), len(notes)


def now():
    return time.time()
