"""One racing client: reads its job from stdin, connects, says `waiting`, and calls when it reads `go`."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.client import Client, Refused, insist  # noqa: E402


def main():
    job = json.loads(sys.stdin.readline())
    with Client(job["port"], job["ca"], timeout=job["patience"]) as client:
        insist(lambda: client.resume(job["token"]), job["patience"])
        print("waiting", flush=True)
        sys.stdin.readline()
        try:
            result, reasons = insist(
                lambda: client.call(job["method"], job["params"], site=job["site"], key=job["key"], deadline_ms=30_000),
                job["patience"])
            outcome = {"result": result, "repeatedFor": reasons}
        except Refused as refusal:
            outcome = {"refused": {
                "code": refusal.code, "reason": refusal.reason, "details": refusal.details, "retryable": refusal.retryable}}
        print(json.dumps(outcome), flush=True)


main()
