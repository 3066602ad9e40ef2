"""Starting, stopping, being killed, starting again."""

import stat
import threading

import pytest

from support import county as pharmacy
from support.client import Disconnected, Refused
from support.cluster import Cluster
from support.host import Host, StartFailed, wait_until
from support.sql import embedded


def test_a_host_stops_starts_is_killed_and_starts_again_on_one_data_folder(host):
    # First start: what an operator finds in the data folder.
    host.start()
    password = host.data / "first-password"
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    assert stat.S_IMODE((host.data / "keys").stat().st_mode) == 0o700
    first_ca = host.ca.read_bytes()
    county = pharmacy.County(host).found(["pharmacist-t1"])
    with county.session("pharmacist-t1") as client:
        county.stock(client, "XLYP0003", 12_345)

    # SIGTERM: exit code 0, and its PostgreSQL is stopped too.
    assert host.stop() == 0
    assert host.postmaster() is None
    host.start()
    assert host.ca.read_bytes() == first_ca
    with county.session("pharmacist-t1") as client:
        assert pharmacy.on_hand(client, "XLYP0003") == 12_345
        pharmacy.issue(client, "XLYP0003", 345)

    # kill -9: the orphaned PostgreSQL is adopted, or stopped and started anew; in either case there is one, with our data.
    orphan = host.postmaster()
    host.kill()
    assert host.postmaster() == orphan, "PostgreSQL outlives its host"
    host.start()
    assert host.postmaster() is not None
    with county.session("pharmacist-t1") as client:
        assert pharmacy.on_hand(client, "XLYP0003") == 12_000
        pharmacy.check_ledger(client, "XLYP0003")
    assert host.stop() == 0
    assert host.postmaster() is None


LOCK_EVERY_TABLE = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'decoction' LOOP
        EXECUTE 'LOCK TABLE ' || name || ' IN ACCESS EXCLUSIVE MODE';
    END LOOP;
    PERFORM pg_sleep(1.8);
END $$;
"""


def test_sigterm_with_calls_in_flight_answers_them_and_exits_0(own_county):
    county = own_county
    host = county.host
    client, idle = county.session("pharmacist-t1"), county.session("pharmacist-t1")
    lot = county.stock(client, "XLYP0003", 10_000)
    locker = threading.Thread(target=embedded, args=(host, LOCK_EVERY_TABLE))
    locker.start()
    wait_until(lambda: embedded(host, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), what="the lock")
    calls = [
        client.send_call("decoction.stock.issue", pharmacy.issue_params("XLYP0003", 1_000), site="t1", key=f"flight-{number}")
        for number in range(3)
    ]
    wait_until(
        lambda: int(embedded(host, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) >= 1,
        what="a call that waits for the lock")
    process = host.process
    process.terminate()
    done = 0
    for call in calls:
        try:
            done += bool(client.reply_to(call, 30)["moves"])
        except Refused as refusal:
            assert refusal.reason in ("host.shuttingDown", "host.busy") and refusal.retryable
    locker.join()
    assert done >= 1, "a call that was in the database when the signal came is done and answered"
    assert client.receive_line(30) is None, "then the line is closed"
    with pytest.raises((Refused, Disconnected)) as refusal:
        idle.call("host.ping", timeout=30)
    assert getattr(refusal.value, "reason", "host.shuttingDown") == "host.shuttingDown"
    assert process.wait(40) == 0
    client.close()
    idle.close()
    host.start()
    with county.session("pharmacist-t1") as client:
        assert pharmacy.on_hand(client, "XLYP0003") == 10_000 - 1_000 * done
        assert len(pharmacy.issue_documents(client, lot)) == done


def test_new_connections_are_answered_while_old_ones_only_stand_there(county):
    held = [county.host.connect() for _ in range(50)]
    try:
        assert county.host.answers()
    finally:
        for client in held:
            client.close()


def test_a_port_in_use_is_named_and_the_start_fails(county):
    with Host() as second:
        second.port = county.host.port
        with pytest.raises(StartFailed):
            second.start(90)
        assert second.process.returncode not in (0, None)
        assert str(second.port) in second.log_tail(50)


def test_with_an_external_database_serve_refuses_while_migrations_are_pending(host):
    with Cluster() as cluster:
        cluster.prepare_roles()
        host.environment.update(cluster.environment())
        with pytest.raises(StartFailed):
            host.start(60)
        assert "xinglin migrate" in host.log_tail(50), "the message says what to do"
        secrets = [cluster.password, *cluster.logins.values()]
        assert not any(secret in host.log_tail(500) for secret in secrets)
        assert cluster.migrate(host.data).returncode == 0
        assert cluster.migrate(host.data).returncode == 0, "a second run changes nothing"
        host.start()
        county = pharmacy.County(host).found(["pharmacist-t1"])
        with county.session("pharmacist-t1") as client:
            county.stock(client, "XLYP0003", 1_000)
            assert pharmacy.on_hand(client, "XLYP0003") == 1_000
        assert host.postmaster() is None, "no embedded cluster beside the external one"
        assert host.stop() == 0
