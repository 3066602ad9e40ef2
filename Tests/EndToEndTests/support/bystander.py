"""What must not suffer while somebody misbehaves: another client's pings, and the host's memory."""

import contextlib
import threading
import time

from support.client import Client

# What a ping may take at the most while somebody attacks. It is answered in milliseconds; the limit only says "not disturbed".
PATIENCE = 20


class Bystander:
    """A client on a thread of its own that pings all the time. None of its pings may fail."""

    def __init__(self, host):
        self.host = host
        self.answered = 0
        self.slowest = 0.0
        self.failure = None
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.ended.set()
        self.thread.join(2 * PATIENCE)
        if kind is None:
            assert self.failure is None, f"a bystander was disturbed: {self.failure!r}"
            assert self.answered > 0, "a bystander was never answered"

    def _run(self):
        try:
            with Client(self.host.port, self.host.ca, timeout=PATIENCE) as client:
                while not self.ended.is_set() or self.answered == 0:
                    begun = time.monotonic()
                    client.call("host.ping")
                    self.slowest = max(self.slowest, time.monotonic() - begun)
                    self.answered += 1
                    self.ended.wait(0.02)
        except Exception as failure:  # noqa: BLE001 - told by __exit__, on the test's thread
            self.failure = failure


def memory(host):
    """The host's resident memory in MiB."""
    with open(f"/proc/{host.pid}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


@contextlib.contextmanager
def undisturbed(host, megabytes):
    """Runs the body beside a bystander; the host may not have grown by more than that after it."""
    before = memory(host)
    with Bystander(host) as bystander:
        yield bystander
        grown = memory(host) - before
    assert grown <= megabytes, f"the host grew by {grown:.0f} MiB, {megabytes} were allowed"
    assert host.process.poll() is None, "the host ended"


def read_to_end(raw, seconds):
    """Everything until the other side ends or resets the stream; fails where it does neither in time."""
    deadline = time.monotonic() + seconds
    received = bytearray()
    while True:
        left = deadline - time.monotonic()
        assert left > 0, f"the connection was still open after {seconds} s"
        raw.settimeout(left)
        try:
            data = raw.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            return bytes(received)
        if not data:
            return bytes(received)
        received += data
