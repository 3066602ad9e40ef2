"""A database that takes no writes: each write gets a clear refusal, reads go on where they can, and it mends by itself."""

import pytest

from support import county as pharmacy
from support.client import Refused
from support.cluster import Cluster
from support.county import FIRST, County
from support.host import Host, StartFailed, run, wait_until

PIECE = "XLYP0030"


@pytest.fixture
def cluster(binary, tmp_path):
    with Cluster() as cluster:
        cluster.prepare(tmp_path / "migrate")
        yield cluster


def refusal(act):
    """Why a call is refused, or None where it is not."""
    try:
        act()
    except Refused as refused:
        return refused
    return None


def is_read_only(refused):
    return refused is not None and (refused.code, refused.reason, refused.retryable, refused.details) == (
        -32008, "host.unavailable", True, {"database": "readOnly"})


def set_read_only(cluster, value):
    cluster.superuser(f"ALTER SYSTEM SET default_transaction_read_only = {value}", database="postgres")
    cluster.superuser("SELECT pg_reload_conf()", database="postgres")


def test_writes_are_refused_while_an_operator_keeps_the_database_read_only(cluster):
    with Host(environment=cluster.environment()) as host:
        county = County(host.start()).found(["pharmacist-t1", "nurse-t1"])
        with county.session("admin") as admin:
            admin.call("modules.enable", {"module": "people", "site": FIRST})
        with county.session("nurse-t1") as nurse, county.session("pharmacist-t1") as client:
            county.stock(client, PIECE, 100_000)
            person = nurse.call("people.person.register", {"nameZh": "李测试", "sex": "unknown"}, site=FIRST)["personId"]

            def write():
                return client.call("decoction.stock.issue", pharmacy.issue_params(PIECE, 1_000), site=FIRST)
            assert refusal(write) is None
            set_read_only(cluster, "on")
            refused = wait_until(lambda: refusal(write), 60, what="the refusal of a write")
            assert is_read_only(refused), refused
            left = pharmacy.on_hand(client, PIECE)
            assert is_read_only(refusal(write)) and pharmacy.on_hand(client, PIECE) == left, "reads go on, nothing is written"
            # What shows personal data leaves an audit row, and a login a session: neither can be written.
            shown = wait_until(
                lambda: refusal(lambda: nurse.call("people.person.get", {"personId": person}, site=FIRST)), 60, what="a refusal")
            assert is_read_only(shown), shown
            with host.connect() as stranger:
                assert is_read_only(
                    refusal(lambda: stranger.login("pharmacist-t1", county.passwords["pharmacist-t1"])))
            # Neither is the refusal of what is forbidden given without its audit row.
            assert is_read_only(refusal(lambda: nurse.call("decoction.stock.issue", pharmacy.issue_params(PIECE, 1), site=FIRST)))
            assert is_read_only(refusal(lambda: nurse.call("decoction.lot.accept", {"lotId": person}, site=FIRST)))
            with Host(environment=cluster.environment()) as second, pytest.raises(StartFailed, match="default_transaction_read_only"):
                second.start()
            set_read_only(cluster, "off")
            wait_until(lambda: refusal(write) is None, 60, what="a write that succeeds again")
            assert pharmacy.on_hand(client, PIECE) == left - 1_000
            nurse.call("people.person.get", {"personId": person}, site=FIRST)
            pharmacy.check_ledger(client, PIECE)


def test_a_standby_is_not_served_from_and_a_host_does_not_start_on_it(cluster):
    with Host(environment=cluster.environment()) as host:
        county = County(host.start()).found(["pharmacist-t1"])
        with county.session("pharmacist-t1") as client:
            county.stock(client, PIECE, 100_000)

            def write():
                return client.call("decoction.stock.issue", pharmacy.issue_params(PIECE, 1_000), site=FIRST)

            def read():
                return client.call("decoction.stock.list", {"pieceCode": PIECE}, site=FIRST)
            signal = cluster.data / "standby.signal"
            cluster.halt()
            signal.touch(mode=0o644)
            cluster.launch()
            for act in (write, read):
                refused = wait_until(lambda: refusal(act), 60, what="a refusal")
                assert (refused.code, refused.reason, refused.retryable) == (-32008, "host.unavailable", True)
            with Host(environment=cluster.environment()) as second:
                with pytest.raises(StartFailed) as failed:
                    second.start()
                assert "standby" in str(failed.value) and "patronictl" in str(failed.value)
                report = run("doctor", data=second.data, environment=cluster.environment())
                assert report.returncode == 1 and "standby" in report.stdout
            signal.unlink()
            cluster.halt()
            cluster.launch()
            wait_until(lambda: refusal(write) is None, 120, what="a write that succeeds again")
            pharmacy.check_ledger(client, PIECE)
