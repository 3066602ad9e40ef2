"""Many clients of many sites in one process: reads its job from stdin, works, and reports what it saw of other sites.

Everything a site writes carries the site's mark; a reply with another site's mark is a foreign row.
"""

import json
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.client import Client, Refused  # noqa: E402

MARK = re.compile(rb"MARK-(\d\d)-")
PIECES = [f"XLYP{number:04d}" for number in range(19, 63)]
RETRYABLE = ("host.busy", "host.overloaded")


class Desk:
    """One account of one site."""

    def __init__(self, job, entry, seed):
        self.number, self.site = entry["number"], entry["site"]
        self.mark = f"MARK-{self.number:02d}-"
        self.client = Client(job["port"], job["ca"], timeout=90)
        self.client.resume(entry["token"])
        self.random = random.Random(seed)
        self.seed = seed
        self.suppliers, self.lots, self.counter = [], [], 0

    def choose(self, foreign):
        """The next call: method, params, site, and whether it must be refused."""
        self.counter += 1
        name = f"{self.mark}{self.seed}-{self.counter}"
        draw = self.random.random()
        if draw < 0.12 or not self.suppliers:
            return "decoction.supplier.create", {"nameZh": f"供应商{name}", "licence": name}, self.site, False
        if draw < 0.27 or not self.lots:
            return "decoction.lot.receive", {
                "pieceCode": self.random.choice(PIECES), "supplierId": self.random.choice(self.suppliers), "batchNumber": name,
                "producedOn": "2026-09-01", "expiresOn": "2028-09-01", "quantityMg": 1_000_000, "unitCostFenPerKg": 5_000,
            }, self.site, False
        if draw < 0.35:
            return "decoction.lot.accept", {"lotId": self.random.choice(self.lots)}, self.site, None
        if draw < 0.42:
            line = {"pieceCode": self.random.choice(PIECES), "quantityMg": 1_000}
            return "decoction.stock.issue", {"lines": [line], "reason": f"内部调拨{name}"}, self.site, None
        if draw < 0.50:
            return "example.note.add", {"text": name}, self.site, False
        if draw < 0.70 and foreign:
            # Another site's record by its id, and another site by its name.
            lot = self.random.choice(foreign)
            return self.random.choice([
                ("decoction.lot.accept", {"lotId": lot}, self.site, True),
                ("decoction.lot.reject", {"lotId": lot, "reason": "不是本院的"}, self.site, True),
                ("decoction.movement.list", {"lotId": lot}, self.site, None),
                ("decoction.stock.list", {}, self.another_site(), True),
                ("decoction.supplier.create", {"nameZh": name, "licence": name}, self.another_site(), True),
            ])
        return self.random.choice([
            ("decoction.stock.list", {"limit": 500}, self.site, False), ("decoction.supplier.list", {"limit": 500}, self.site, False),
            ("decoction.movement.list", {"limit": 500}, self.site, False), ("example.note.list", {"limit": 500}, self.site, False),
        ])

    def another_site(self):
        return self.random.choice([f"s{number:02d}" for number in range(20) if number != self.number])


def judge(desk, call, line, report):
    """Counts a reply, and notes whatever it should not have held."""
    method, params, site, must_fail = call
    report["replies"] += 1
    foreign = {mark for mark in MARK.findall(line) if int(mark) != desk.number}
    if foreign:
        report["foreign"].append(f"{method} at {desk.site} showed rows of {sorted(mark.decode() for mark in foreign)}")
    report["marked"] += bool(MARK.search(line))
    message = json.loads(line)
    if "error" in message:
        reason = message["error"]["data"]["reason"]
        report["reasons"][reason] = report["reasons"].get(reason, 0) + 1
        if must_fail is False and reason not in RETRYABLE:
            report["wrong"].append(f"{method} at {site} was refused with {reason}")
        if must_fail and reason not in ("host.notFound", "host.forbidden", *RETRYABLE):
            report["wrong"].append(f"{method} with a foreign record was refused with {reason}")
        return
    if must_fail:
        report["wrong"].append(f"{method} with a foreign record or site was let through")
    result = message["result"]
    if method == "decoction.movement.list" and params.get("lotId") and params["lotId"] not in desk.lots and result["movements"]:
        report["foreign"].append(f"{method} showed movements of a foreign lot")
    if method == "decoction.supplier.create":
        desk.suppliers.append(result["supplierId"])
        report["made"][desk.site] = report["made"].get(desk.site, 0) + 1
    if method == "decoction.lot.receive":
        desk.lots.append(result["lotId"])


def main():
    job = json.loads(sys.stdin.readline())
    report = {"replies": 0, "marked": 0, "foreign": [], "wrong": [], "reasons": {}, "made": {}}
    try:
        desks = [Desk(job, entry, job["seed"] * 1_000 + index) for index, entry in enumerate(job["desks"])]
    except Refused as refusal:
        report["wrong"].append(f"a session was refused: {refusal}")
        print(json.dumps(report), flush=True)
        return
    print("waiting", flush=True)
    sys.stdin.readline()
    for _ in range(job["rounds"]):
        under_way = []
        for desk in desks:
            foreign = [lot for other in desks if other.number != desk.number for lot in other.lots[-2:]]
            call = desk.choose(foreign)
            desk.client.send_call(call[0], call[1], site=call[2], deadline_ms=60_000)
            under_way.append((desk, call))
        for desk, call in under_way:
            judge(desk, call, desk.client.receive_line(90), report)
    print(json.dumps(report), flush=True)


main()
