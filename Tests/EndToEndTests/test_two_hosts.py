"""Two hosts on one database behind HAProxy: what holds on one holds on the other, and the loss of one is survived."""

import concurrent.futures
import time

import pytest

from support import county as pharmacy
from support import steady_load
from support.client import Refused, insist
from support.cluster import Cluster
from support.county import FIRST, County
from support.haproxy import Front
from support.host import wait_until
from support.pair import Pair
from support.racing import race
from support.steady_load import SteadyLoad

ACCOUNTS = ["pharmacist-t1", "pharmacist-t1b", "nurse-t1"]


class Twins:
    """Two hosts, what stands before them, and their county."""

    def __init__(self, cluster, pair, front, county):
        self.cluster, self.pair, self.front, self.county = cluster, pair, front, county
        self.a, self.b = pair.a, pair.b


@pytest.fixture(scope="module")
def twins(binary, tmp_path_factory):
    with Cluster() as cluster:
        cluster.prepare(tmp_path_factory.mktemp("migrate"))
        with Pair(cluster.environment()) as pair:
            pair.start()
            with Front(pair.a, pair.b) as front:
                yield Twins(cluster, pair, front, County(front).found(ACCOUNTS))


def on(host, token):
    """A connection to that host itself."""
    client = host.connect()
    try:
        insist(lambda: client.resume(token))
    except BaseException:
        client.close()
        raise
    return client


def test_a_second_host_with_copied_keys_shows_the_same_ca_and_reads_what_the_first_encrypted(twins):
    assert twins.a.ca.read_bytes() == twins.b.ca.read_bytes()
    assert not (twins.b.data / "first-password").exists(), "the second host found the accounts there"
    register = {"nameZh": "李测试", "sex": "unknown", "phone": "13900000000"}
    with twins.county.session("admin") as admin:
        admin.call("modules.enable", {"module": "people", "site": FIRST})
    nurse = twins.county.token("nurse-t1")
    with on(twins.a, nurse) as first, on(twins.b, nurse) as second:
        person = first.call("people.person.register", register, site=FIRST)["personId"]
        seen = second.call(
            "people.person.get", {"personId": person, "unmask": {"purpose": "followUp"}}, site=FIRST)
        assert seen["phone"] == register["phone"]


def test_without_the_keys_a_second_host_does_not_start(twins, tmp_path):
    other = Pair(twins.cluster.environment())
    with other:
        with pytest.raises(Exception, match="keys"):
            other.b.start()


def test_a_session_goes_on_at_the_other_host_and_connections_are_spread(twins):
    token = twins.county.token("pharmacist-t1")
    clients = [twins.county.connect(token) for _ in range(8)]
    try:
        counts = wait_until(
            lambda: (found := twins.front.open_connections()) and min(found.values()) >= 3 and found, what="connections at both")
        assert sum(counts.values()) >= 8
        assert {client.call("session.whoami")["account"] for client in clients} == {"pharmacist-t1"}
    finally:
        for client in clients:
            client.close()


def test_a_revocation_on_one_host_holds_on_the_other_within_five_seconds(twins, record_property):
    with twins.county.session("admin") as admin:
        once = admin.call(
            "accounts.create", {"account": "leaver", "roles": [{"role": "pharmacist", "site": FIRST}]})["oneTimePassword"]
    password = pharmacy.new_password()
    with twins.b.session("leaver", once) as client:
        client.call("session.changePassword", {"current": once, "new": password})
    with twins.b.session("leaver", password) as leaver, on(twins.a, twins.county.token("admin")) as admin:
        leaver.call("decoction.stock.list", {}, site=FIRST)
        admin.call("accounts.disable", {"account": "leaver"})
        began = time.monotonic()

        def reason():
            try:
                leaver.call("decoction.stock.list", {}, site=FIRST)
            except Refused as refused:
                return refused.reason
            return None
        # NOTIFY carries it over at once, and both hosts look every five seconds; the limit is for machines that have no time.
        assert wait_until(reason, 60, 0.01, "the end of the session on the other host") == "host.sessionExpired"
        record_property("secondsUntilRevoked", round(time.monotonic() - began, 3))


def test_one_key_on_both_hosts_at_once_has_one_effect(twins):
    county, piece = twins.county, twins.county.fresh_piece()
    token = county.token("pharmacist-t1")
    with county.connect(token) as client:
        lot = county.stock(client, piece, 1_000_000)
    for round_number in range(5):
        call = {"method": "decoction.stock.issue", "params": pharmacy.issue_params(piece, 1_000), "site": FIRST,
                "key": f"both-{round_number}"}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(lambda host: race(host, token, [call] * 3), (twins.a, twins.b)))
        documents = {outcome["result"]["documentId"] for side in outcomes for outcome in side}
        assert len(documents) == 1
    with county.connect(token) as client:
        assert pharmacy.on_hand(client, piece) == 1_000_000 - 5 * 1_000
        assert len(pharmacy.issue_documents(client, lot)) == 5


def test_a_race_for_the_last_stock_over_both_hosts_never_oversells(twins):
    county, piece = twins.county, twins.county.fresh_piece()
    token = county.token("pharmacist-t1")
    enough_for, portion, each = 17, 1_000, 16
    with county.connect(token) as client:
        county.stock(client, piece, enough_for * portion)

    def calls(side):
        return [{"method": "decoction.stock.issue", "params": pharmacy.issue_params(piece, portion), "site": FIRST,
                 "key": f"last-{side}-{number}"} for number in range(each)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        sides = list(pool.map(lambda side: race(side[1], token, calls(side[0])), (("a", twins.a), ("b", twins.b))))
    outcomes = [outcome for side in sides for outcome in side]
    assert sum("result" in outcome for outcome in outcomes) == enough_for
    assert {outcome["refused"]["reason"] for outcome in outcomes if "refused" in outcome} == {"decoction.insufficientStock"}
    with county.connect(token) as client:
        assert pharmacy.on_hand(client, piece) == 0
        pharmacy.check_ledger(client, piece)


def test_exactly_one_host_seals(twins):
    seals = twins.cluster.superuser(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
        "(classid::bigint << 32 | objid::bigint) = x'786C7365616C'::bigint")
    assert seals == "1"


def test_a_host_that_dies_is_survived_by_its_clients(twins, tmp_path):
    """The last test of the module: it ends with host A started anew."""
    county, piece = twins.county, twins.county.fresh_piece()
    with county.session("pharmacist-t1") as client:
        lot = county.stock(client, piece, steady_load.WHOLE)
    with SteadyLoad(county, piece, [twins.front.port], tmp_path, clients=4) as load:
        load.wait_for_progress()
        twins.a.kill()
        wait_until(lambda: twins.front.states().get("a") is False, 60, what="HAProxy seeing host A down")
        load.wait_for_progress()
        twins.a.start()
        wait_until(lambda: twins.front.states().get("a"), 60, what="HAProxy seeing host A up")
        load.wait_for_progress()
        load.finish()
        with county.session("pharmacist-t1") as client:
            issues, notes = steady_load.check(load, client, lot)
    assert issues > 40 and notes > 20
    with on(twins.a, county.token("pharmacist-t1")) as client:
        assert client.call("session.whoami")["account"] == "pharmacist-t1"
