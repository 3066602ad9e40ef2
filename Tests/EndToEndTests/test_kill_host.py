"""kill -9 of the host between any two statements of an issue: nothing is half done, and the retry completes it once."""

import pytest

from support import county as pharmacy
from support.client import Disconnected
from support.cluster import Cluster
from support.county import County
from support.host import Host, wait_until
from support.proxy import KillingProxy

PORTION = 1_000
MOST_STATEMENTS = 60


@pytest.fixture
def proxied_county():
    """A county on a host whose PostgreSQL is reached through a proxy."""
    with Cluster() as cluster, Host() as host, KillingProxy(cluster.folder / "proxy", cluster.socket) as proxy:
        cluster.prepare(host.data)
        host.environment.update(cluster.environment(proxy.folder))
        yield County(host.start()).found(["pharmacist-t1"]), cluster, proxy


def test_kill_9_of_the_host_between_any_two_statements_of_an_issue_leaves_nothing_half_done(proxied_county):
    county, cluster, proxy = proxied_county
    host, piece = county.host, "XLYP0003"
    with county.session("pharmacist-t1") as client:
        lot = county.stock(client, piece, 1_000_000)
    expected, kept, lost, statements, attempt = 1_000_000, 0, 0, [], 0
    allowed = 0
    while allowed < MOST_STATEMENTS:
        attempt += 1
        key = f"kill-{attempt}"
        client = county.session("pharmacist-t1")
        proxy.arm(host, allowed)
        try:
            client.call("decoction.stock.issue", pharmacy.issue_params(piece, PORTION), site="t1", key=key, timeout=20)
            answered = True
        except Disconnected:
            answered = False
        finally:
            client.close()
        statements, killed = proxy.disarm()
        assert answered != killed
        if answered:
            expected -= PORTION
            if any("decoction." in statement for statement in statements):
                break  # the whole transaction went through before the count was reached
            continue  # some other transaction of the host's was counted: try the same count again

        host.kill()
        wait_until(lambda: cluster.sessions_of_hosts() == 0, what="the end of the killed host's sessions")
        host.start()
        with county.session("pharmacist-t1") as client:
            pharmacy.check_ledger(client, piece)
            left = pharmacy.on_hand(client, piece)
            assert left in (expected, expected - PORTION), f"after {len(statements)} statements"
            kept += left != expected
            lost += left == expected
            documents = pharmacy.issue_documents(client, lot)
            assert len(documents) == (1_000_000 - left) // PORTION

            reply = pharmacy.issue(client, piece, PORTION, key=key)
            assert reply == pharmacy.issue(client, piece, PORTION, key=key)
            expected -= PORTION
            assert pharmacy.on_hand(client, piece) == expected
            assert pharmacy.issue_documents(client, lot) == documents | {reply["documentId"]}
            pharmacy.check_ledger(client, piece)
        allowed += 1

    assert allowed >= 6, "an issue is more than a handful of statements"
    assert any("COMMIT" in statement.upper() for statement in statements)
    assert lost >= 5, "a host killed before COMMIT leaves nothing"
    assert kept >= 1, "a host killed after COMMIT was sent has done the work, and the retry gives its reply"
    audited = cluster.superuser(
        "SELECT count(*) FROM host.audit WHERE method = 'decoction.stock.issue' AND outcome = 'done'")
    assert int(audited) == (1_000_000 - expected) // PORTION, "each effect has just one audit row"
