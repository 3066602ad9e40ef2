"""The primary of a Patroni cluster dies under load from two hosts: no acknowledged write is missing, none happened twice.

One failover, with short times and one etcd; deploy/ha/try.sh has the whole trial, with the times that are shipped.
"""

import contextlib

from support import county as pharmacy
from support import steady_load
from support.county import FIRST, County
from support.pair import Pair
from support.patroni import PatroniCluster, log_tails
from support.steady_load import SteadyLoad

PIECE = "XLYP0021"


def test_the_death_of_the_primary_loses_and_doubles_nothing(binary, tmp_path):
    with PatroniCluster(etcd_members=1, ttl=10, loop_wait=2, retry_timeout=3) as cluster:
        try:
            fail_over(cluster, tmp_path)
        except BaseException:
            print(log_tails(cluster))
            raise


def fail_over(cluster, folder):
    cluster.prepare(folder / "migrate")
    with Pair(cluster.environment()) as pair:
        pair.start()
        county = County(pair.a).found(["pharmacist-t1"])
        with county.session("pharmacist-t1") as client:
            lot = county.stock(client, PIECE, steady_load.WHOLE)
        with SteadyLoad(county, PIECE, [pair.a.port, pair.b.port], folder) as load:
            load.wait_for_progress()
            former = cluster.leader
            since = steady_load.now()
            cluster.kill_node(former)
            cluster.wait_for_new_leader(former)
            load.wait_for_progress()
            entries = load.finish()
        with county.session("pharmacist-t1") as client:
            issues, notes = steady_load.check(load, client, lot)
        assert issues >= 40 and notes >= 20
        figures = steady_load.outage(entries, since)
        # While there was no primary, clients were told so.
        assert set(figures["refusals"]) & {"host.unavailable"}, figures
        print(figures)
        for host in (pair.a, pair.b):
            assert host.process.poll() is None, "the host itself ran on"
        # Whoever was the sealer's leader, one host is now: what was published is numbered.
        with county.session("admin") as admin:
            admin.call("host.status")
        with contextlib.closing(pair.b.connect()) as client:
            client.resume(county.token("pharmacist-t1"))
            client.call("decoction.stock.issue", pharmacy.issue_params(PIECE, 10), site=FIRST)
