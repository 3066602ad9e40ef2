#!/usr/bin/env python3
"""Kills host and PostgreSQL at random moments under load and checks every invariant after each (docs/hardening.md).

    deploy/checks/crash.py [--cycles 50] [--seed N] [--workers 4]

XINGLIN_BINARY names another program than .build/debug/xinglin.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "EndToEndTests"))

from support.crash import CrashRun  # noqa: E402
from support.host import Host  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    started = time.monotonic()
    with Host(["--demo"], environment={"XINGLIN_DEMO_RESIDENTS": "2000"}) as host:
        host.start(600)
        with CrashRun(host, options.seed, options.workers, say=lambda line: print(line, flush=True)) as crashes:
            try:
                for number in range(1, options.cycles + 1):
                    crashes.cycle(number, import_lines=1_500 if number % 5 == 1 else 0)
            except BaseException:
                print(f"the log ends:\n{host.log_tail(30)}", file=sys.stderr)
                raise
            summary = crashes.summary()
    summary["seconds"] = round(time.monotonic() - started)
    print(json.dumps(summary, ensure_ascii=False))


main()
