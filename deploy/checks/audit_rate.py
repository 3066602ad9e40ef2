#!/usr/bin/env python3
"""How fast audit rows are sealed and verified, and in how much memory.

usage: deploy/checks/audit_rate.py [ROWS]     (200,000 unless told; XINGLIN_BINARY names the program, such as a release build)

Writes that many rows past the host into a database of its own, lets a host seal them, and verifies them.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "EndToEndTests"))

from support import audit_chain  # noqa: E402
from support.county import County  # noqa: E402
from support.host import BINARY, Host, clean_environment, wait_until  # noqa: E402
from support.sql import embedded  # noqa: E402

START = 1_795_000_000_000_000
BATCH = 20_000


def write(host, sites, first, count):
    """Rows as the host would have written them, in turn at each site."""
    values = []
    for number in range(first, first + count):
        row = {
            "account_id": None, "at": START + number, "method": "decoction.stock.issue", "reason": None, "request": None,
            "notes": '{"documentId":"0198f3a2-0001-7002-8003-%012x"}' % number, "site_id": sites[number % len(sites)],
            "trace": f"{number:032x}",
        }
        values.append(
            f"(timestamptz 'epoch' + {row['at']} * interval '1 microsecond', '{row['site_id']}', '{row['method']}', 'done', "
            f"'{row['notes']}', '{row['trace']}', '\\x{audit_chain.row_digest(row)}')")
    embedded(host, "INSERT INTO host.audit (at, site_id, method, outcome, notes, trace, digest) VALUES " + ",".join(values))


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with Host() as host:
        County(host.start()).found([])
        sites = embedded(host, "SELECT site_id FROM host.site").split()
        started = time.monotonic()
        for first in range(0, rows, BATCH):
            write(host, sites, first, min(BATCH, rows - first))
        wait_until(lambda: embedded(host, "SELECT count(*) FROM host.audit_waiting()") == "0", 3600, 0.2, "the sealing")
        # While rows were written here the sealer was at work too: so this is the least that it does.
        print(f"written and sealed: {rows / (time.monotonic() - started):,.0f} rows/s")
        with tempfile.TemporaryFile() as output:
            started = time.monotonic()
            verifier = subprocess.Popen(
                [str(BINARY), "audit", "verify", "--data", str(host.data)], stdout=output, env=clean_environment())
            _, status, usage = os.wait4(verifier.pid, 0)
            seconds = time.monotonic() - started
            output.seek(0)
            print(output.read().decode(), end="")
        print(f"verified: {rows / seconds:,.0f} rows/s, {usage.ru_utime + usage.ru_stime:.1f} s of processor time, "
              f"{usage.ru_maxrss / 1024:.0f} MiB at the most")
        return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
