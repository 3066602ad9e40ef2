"""The upgrade from the release before, with data: all of it is there, and the host works on it."""

import pytest

from support import county as pharmacy
from support.cluster import Cluster
from support.county import County
from support.host import Host, StartFailed, run, wait_until
from support.previous import PEOPLE, load, tables

LONG = 300


@pytest.fixture
def previous():
    """A database of the release before, not yet migrated, and a host for it."""
    with Cluster() as cluster, Host() as host:
        cluster.prepare_roles()
        facts = load(cluster, host.data)
        host.environment.update(cluster.environment())
        yield cluster, host, facts


def test_a_host_does_not_start_on_the_schema_of_the_release_before_and_says_what_to_do(previous):
    cluster, host, facts = previous
    assert tables(cluster) == facts["tables"]
    with pytest.raises(StartFailed) as failure:
        host.start()
    assert "xinglin migrate" in str(failure.value)
    assert tables(cluster) == facts["tables"]


def test_after_the_upgrade_every_row_is_there_and_the_host_works_on_them(previous):
    cluster, host, facts = previous
    done = cluster.migrate(host.data)
    assert done.returncode == 0, done.stderr
    applied = done.stdout.split()
    assert "host/m0005_events" in applied and "host/m0008_jobs" in applied
    again = cluster.migrate(host.data)
    assert again.returncode == 0 and "nothing to apply" in again.stdout
    after = tables(cluster)
    assert set(facts["tables"]) <= set(after)
    # A release may bring more migrations and more data files; all else is as it was.
    grown = ("host.migration", "host.note", "host.data_file")
    assert all(after[name] >= rows for name, rows in facts["tables"].items() if name in grown)
    kept = {name: rows for name, rows in facts["tables"].items() if name not in grown}
    assert {name: after[name] for name in kept} == kept

    county = County(host.start())
    county.passwords = facts["passwords"]
    # What was encrypted opens, what was stored under a key is given again, what is on hand is what the ledger says.
    with county.session("nurse-t1") as nurse:
        found = nurse.call("people.person.find", {"namePrefix": "测试"}, site="t1")["persons"]
        assert sorted(person["nameZh"] for person in found) == sorted(f"测试{name}" for name in PEOPLE)
        assert nurse.call("people.person.get", {"personId": found[0]["personId"]}, site="t1")
    for account, site in (("pharmacist-t1", "t1"), ("pharmacist-t2", "t2")):
        with county.session(account) as client:
            pharmacy.check_ledger(client, "XLYP0003", site)
            assert pharmacy.on_hand(client, "XLYP0003", site) == 990_000
            pharmacy.issue(client, "XLYP0003", 1_000, site=site)
            assert pharmacy.on_hand(client, "XLYP0003", site) == 989_000
    # What is new works on the old data.
    with county.session("admin") as admin:
        jobs = {job["job"] for job in admin.call("jobs.list")["jobs"]}
        assert "decoction.expiryWatch" in jobs
        asked = admin.call("jobs.run", {"job": "decoction.expiryWatch", "site": "t1"})["runId"]

        def ended():
            runs = admin.call("jobs.history", {"job": "decoction.expiryWatch", "site": "t1"})["runs"]
            return any(run["runId"] == asked and run["state"] == "done" for run in runs)

        wait_until(ended, LONG, what="the job")
    # Old rows are chained like new ones, where the audit is chained.
    if cluster.superuser("SELECT to_regprocedure('host.audit_waiting()') IS NOT NULL") == "t":
        wait_until(
            lambda: cluster.superuser("SELECT count(*) FROM host.audit_waiting()") == "0", LONG, what="the sealing of old rows")
        assert int(cluster.superuser("SELECT count(*) FROM host.audit_link")) >= facts["tables"]["host.audit"]
    assert host.stop() == 0
    verified = run("audit", "verify", data=host.data, environment={"XINGLIN_DATABASE_URL": cluster.url("xinglin_host")})
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_host_refuses_a_schema_that_is_newer_than_it_knows(previous):
    cluster, host, _ = previous
    assert cluster.migrate(host.data).returncode == 0
    cluster.superuser(
        "INSERT INTO host.migration (module, name, checksum) VALUES ('host', 'm9999_tomorrow', repeat('0', 64))")
    with pytest.raises(StartFailed) as failure:
        host.start()
    assert "m9999_tomorrow" in str(failure.value)
    refused = cluster.migrate(host.data)
    assert refused.returncode == 1 and "m9999_tomorrow" in refused.stderr
