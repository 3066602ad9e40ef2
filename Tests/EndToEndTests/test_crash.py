"""kill -9 of the host, of PostgreSQL and of its backends at random moments under load; the long run is deploy/checks/crash.py."""

import random

from support.crash import CrashRun
from support.host import Host

CYCLES = 5


def test_five_crashes_under_load_leave_every_invariant_standing(binary):
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    with Host(["--demo"], environment={"XINGLIN_DEMO_RESIDENTS": "50"}) as host:
        with CrashRun(host.start(240), seed) as crashes:
            for number in range(1, CYCLES + 1):
                crashes.cycle(number, import_lines=600 if number % 2 == 1 else 0)
            summary = crashes.summary()
    print(summary)
    assert sum(summary["kills"].values()) == CYCLES
    assert summary["acknowledged"]["decoction.stock.issue"] >= CYCLES * 2
