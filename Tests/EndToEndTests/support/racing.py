"""Client processes that do their calls at one signal. Processes, because threads of one Python take turns."""

import json
import subprocess
import sys
from pathlib import Path

RACER = Path(__file__).with_name("racer.py")


def race(host, token, calls, patience=60):
    """Runs one process per call, all at once. Gives the outcomes in the order of the calls: `{"result"}` or `{"refused"}`."""
    racers = []
    try:
        for call in calls:
            racer = subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", str(RACER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            job = {"port": host.port, "ca": str(host.ca), "token": token, "patience": patience, **call}
            racer.stdin.write(json.dumps(job) + "\n")
            racer.stdin.flush()
            racers.append(racer)
        for racer in racers:
            assert racer.stdout.readline() == "waiting\n", "a racer did not get ready"
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        return [json.loads(racer.stdout.readline()) for racer in racers]
    finally:
        for racer in racers:
            racer.stdin.close()
            racer.stdout.close()
            racer.kill()
            racer.wait()
