"""kill -9 of PostgreSQL under load: calls are refused for a while, succeed again by themselves, nothing is lost or doubled."""

import os
import signal
import threading
import time

from support import county as pharmacy
from support.client import Disconnected, Refused
from support.host import wait_until

CLIENTS, PORTION, KILLS = 6, 10, 2
WHOLE = 100_000_000
BETWEEN_KILLS = 8  # effects each client must have after a kill before the next one


class Worker(threading.Thread):
    """Issues under a new key each time, and repeats a call until it is answered with a result."""

    def __init__(self, county, number, piece, halt):
        super().__init__(daemon=True)
        self.county, self.number, self.piece, self.halt = county, number, piece, halt
        self.documents, self.refusals, self.failure = [], [], None

    def run(self):
        client = None
        try:
            while not self.halt.is_set():
                key = f"load-{self.number}-{len(self.documents)}"
                deadline = time.monotonic() + 90
                while True:
                    try:
                        if client is None:
                            client = self.county.session("pharmacist-t1")
                        reply = client.call(
                            "decoction.stock.issue", pharmacy.issue_params(self.piece, PORTION), site="t1", key=key,
                            deadline_ms=20_000)
                        self.documents.append(reply["documentId"])
                        break
                    except Refused as refusal:
                        self.refusals.append((refusal.code, refusal.reason, refusal.retryable))
                        if not refusal.retryable or time.monotonic() > deadline:
                            raise
                        time.sleep(0.05)
                    except (Disconnected, OSError):
                        if client is not None:
                            client.close()
                        client = None
                        if time.monotonic() > deadline:
                            raise
                        time.sleep(0.05)
        except Exception as error:
            self.failure = error
        finally:
            if client is not None:
                client.close()


def test_kill_9_of_postgresql_under_load_loses_and_doubles_nothing(own_county):
    county, piece = own_county, "XLYP0003"
    host = county.host
    with county.session("pharmacist-t1") as client:
        lot = county.stock(client, piece, WHOLE)
    halt = threading.Event()
    workers = [Worker(county, number, piece, halt) for number in range(CLIENTS)]

    def progressed(since):
        for worker in workers:
            assert worker.failure is None, worker.failure
        return all(len(worker.documents) >= count + BETWEEN_KILLS for worker, count in zip(workers, since))

    try:
        for worker in workers:
            worker.start()
        wait_until(lambda: progressed([0] * CLIENTS), 60, what="issues before the first kill")
        killed = []
        for _ in range(KILLS):
            postmaster = wait_until(host.postmaster, 60, what="a running PostgreSQL")
            assert postmaster not in killed
            killed.append(postmaster)
            os.kill(postmaster, signal.SIGKILL)
            since = [len(worker.documents) for worker in workers]
            wait_until(lambda: progressed(since), 90, what="issues after a kill of PostgreSQL")
    finally:
        halt.set()
        for worker in workers:
            worker.join(100)

    assert [worker.failure for worker in workers] == [None] * CLIENTS
    refusals = {refusal for worker in workers for refusal in worker.refusals}
    assert (-32008, "host.unavailable", True) in refusals
    # Under load a call may also wait its turn in vain; every refusal says that it may be repeated.
    assert {reason for _, reason, _ in refusals} <= {"host.unavailable", "host.busy", "host.overloaded"}
    assert all(retryable for _, _, retryable in refusals)

    acknowledged = [document for worker in workers for document in worker.documents]
    assert len(set(acknowledged)) == len(acknowledged), "no two keys share a document"
    with county.session("pharmacist-t1") as client:
        assert pharmacy.issue_documents(client, lot) == set(acknowledged)
        assert pharmacy.on_hand(client, piece) == WHOLE - PORTION * len(acknowledged)
        pharmacy.check_ledger(client, piece)
    assert host.process.poll() is None, "the host itself ran on"
