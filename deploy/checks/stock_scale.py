#!/usr/bin/env python3
"""How the pharmacy's calls grow with its ledger.

usage: deploy/checks/stock_scale.py [MOVEMENTS …]     (10,000 100,000 1,000,000 unless told; XINGLIN_BINARY names the program)

Fills one township's ledger past the host, as years of work would have left it: fifty movements a lot, four lots of five used up,
the rest half full. After each size it calls what a pharmacist's desk calls, over TLS, one call at a time, and prints milliseconds.
"""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "EndToEndTests"))

from support.county import County, days  # noqa: E402
from support.host import Host  # noqa: E402
from support.sql import embedded  # noqa: E402

PER_LOT = 50
BATCH_LOTS = 1_000
PIECES = 398
CALLS = 200

# A lot's receipt of 1 kg and 49 issues of it: of 20 g each where it is used up (and of 40 g the last), of 10 g else.
FILL = """
WITH piece AS (
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS n FROM decoction.piece WHERE control_class = 'none' ORDER BY code LIMIT {pieces}
), made AS (
    INSERT INTO decoction.lot (site_id, lot_id, piece_code, supplier_id, batch_number, produced_on, expires_on, unit_cost_fen_per_kg,
        received_mg, on_hand_mg, state, received_at, received_by, received_on)
    SELECT '{site}', gen_random_uuid(), code, '{supplier}', 'B' || i, current_date - 400, current_date + 1 + (i * 7919 % 700)::integer,
        6800, 1000000, CASE WHEN i % 5 = 0 THEN 510000 ELSE 0 END, 'accepted', now() - interval '300 days', '{account}',
        current_date - 300
    FROM generate_series({first}, {last}) AS i JOIN piece ON n = i % {pieces}
    RETURNING lot_id, piece_code, on_hand_mg
)
INSERT INTO decoction.movement (site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id,
    location_id, booked_on)
SELECT '{site}', gen_random_uuid(), 1, lot_id, piece_code, CASE WHEN k = 0 THEN 'receipt' ELSE 'issue' END,
    CASE WHEN k = 0 THEN 1000000 WHEN on_hand_mg > 0 THEN -10000 WHEN k = 49 THEN -40000 ELSE -20000 END,
    CASE WHEN k = 0 THEN '' ELSE '调剂' END, now() - interval '300 days' + k * interval '5 days', '{account}', '{site}',
    current_date - 300 + (k * 5)::integer
FROM made, generate_series(0, 49) AS k
"""


def fill(host, site, supplier, account, have, movements):
    """Grows the ledger to that many movements."""
    for first in range(have // PER_LOT, movements // PER_LOT, BATCH_LOTS):
        last = min(first + BATCH_LOTS, movements // PER_LOT) - 1
        embedded(host, FILL.format(
            pieces=PIECES, site=site, supplier=supplier, account=account, first=first, last=last))
    # What a million rows leave to write and to vacuum is not the calls' time.
    embedded(host, "VACUUM (ANALYZE) decoction.lot, decoction.movement; CHECKPOINT")


def measure(client, method, params, calls):
    """Milliseconds of that many calls, each with parameters of its own."""
    spent = []
    for _ in range(calls + 5):
        asked = params()
        started = time.perf_counter()
        client.call(f"decoction.{method}", asked, site="t1")
        spent.append((time.perf_counter() - started) * 1000)
    # The first few make plans and fill caches.
    return sorted(spent[5:])


def main():
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    chance = random.Random(20_261_122)
    with Host() as host:
        county = County(host.start()).found(["pharmacist-t1"])
        with county.session("pharmacist-t1") as client:
            supplier = county.supplier(client)
            site = embedded(host, "SELECT site_id FROM host.site WHERE code = 't1'")
            account = embedded(host, "SELECT account_id FROM host.account WHERE account = 'pharmacist-t1'")
            print(f"{'movements':>10}  {'call':<22} {'p50 ms':>8} {'p99 ms':>8} {'calls':>6}")
            have = 0
            for size in sizes:
                fill(host, site, supplier, account, have, size)
                have = size
                lots = embedded(host, "SELECT lot_id FROM decoction.lot WHERE on_hand_mg > 0 ORDER BY lot_id LIMIT 500").split()
                codes = embedded(host, "SELECT DISTINCT piece_code FROM decoction.lot WHERE on_hand_mg > 0 ORDER BY 1").split()
                for method, params, calls in (
                    ("stock.list", lambda: {"pieceCode": chance.choice(codes)}, CALLS),
                    ("stock.list", lambda: {"limit": 100}, CALLS),
                    ("stock.issue", lambda: {
                        "lines": [{"pieceCode": chance.choice(codes), "quantityMg": 1_000}], "reason": "调剂"}, CALLS),
                    ("lot.trace", lambda: {"lotId": chance.choice(lots)}, CALLS),
                    ("movement.list", lambda: {"lotId": chance.choice(lots)}, CALLS),
                    ("stock.expiring", lambda: {"withinDays": 30, "limit": 100}, CALLS),
                    ("replenishment.suggest", lambda: {"usedDays": 30, "coverDays": 14}, 20),
                    ("stock.value", lambda: {}, 20),
                    ("stock.value", lambda: {"asOf": days(-30)}, 20),
                    ("report.stock", lambda: {"by": "location"}, 20),
                    ("report.movements", lambda: {"from": days(-30), "to": days(0)}, 20),
                    ("report.lines", lambda: {"figure": "issued", "from": days(-30), "pieceCode": chance.choice(codes)}, 20),
                    ("ledger.verify", dict, 5),
                ):
                    spent = measure(client, method, params, calls)
                    name = method
                    if method == "stock.list" and "limit" in params():
                        name += " (page)"
                    if method == "stock.value" and params():
                        name += " (past)"
                    print(f"{size:>10,}  {name:<22} {statistics.median(spent):>8.1f} "
                          f"{spent[int(len(spent) * 0.99) - 1]:>8.1f} {len(spent):>6}", flush=True)


if __name__ == "__main__":
    main()
