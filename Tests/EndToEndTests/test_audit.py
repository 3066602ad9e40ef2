"""The audit: what is written down, that it is chained and signed, and that what was altered is found."""

import os
import shutil
import signal
import threading
import time

import pytest

from support import audit_chain
from support import county as pharmacy
from support.client import Disconnected, Refused
from support.cluster import Cluster
from support.county import County
from support.host import Host, run, wait_until
from support.sql import embedded


def test_writes_and_refusals_that_matter_are_audited_and_an_altered_row_is_found(own_county):
    county = own_county
    host = county.host

    def audited(method, outcome, reason=None):
        condition = f"reason = '{reason}'" if reason else "reason IS NULL"
        return int(embedded(
            host, f"SELECT count(*) FROM host.audit WHERE method = '{method}' AND outcome = '{outcome}' AND {condition}"))

    with county.session("pharmacist-t1") as client:
        county.stock(client, "XLYP0003", 10_000)
        pharmacy.issue(client, "XLYP0003", 1_000)
        with pytest.raises(Refused):
            pharmacy.issue(client, "XLYP0003", 1_000_000)
        with pytest.raises(Refused):
            client.call("decoction.stock.list", site="t2")
    with host.connect() as client, pytest.raises(Refused):
        client.login("admin", "not the password")
    # The rows are there when the reply is.
    assert audited("decoction.lot.receive", "done") == 1
    assert audited("decoction.lot.accept", "done") == 1
    assert audited("decoction.stock.issue", "done") == 1
    assert audited("decoction.stock.issue", "refused", "decoction.insufficientStock") == 1
    assert audited("decoction.stock.list", "refused", "host.forbidden") == 1
    assert audited("session.login", "refused", "host.badCredentials") == 1
    assert audited("decoction.stock.list", "done") == 0, "reads of what is no personal data leave no row"

    text = embedded(host, "SELECT * FROM host.audit")
    assert "not the password" not in text
    assert not any(password in text for password in county.passwords.values())

    whole = run("audit", "verify", data=host.data)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    sequence = embedded(host, "SELECT seq FROM host.audit WHERE method = 'decoction.stock.issue' AND outcome = 'done'")
    embedded(host, f"UPDATE host.audit SET method = 'decoction.lot.accept' WHERE seq = {sequence}")
    altered = run("audit", "verify", data=host.data)
    assert altered.returncode == 1
    assert sequence in altered.stdout
    embedded(host, f"UPDATE host.audit SET method = 'decoction.stock.issue' WHERE seq = {sequence}")
    assert run("audit", "verify", data=host.data).returncode == 0
    assert host.answers()


def verify(host, *arguments, environment=None):
    return run("audit", "verify", *arguments, data=host.data, environment=environment, timeout=300)


def test_an_outsider_verifies_chains_and_checkpoints_and_finds_what_was_cut_away_with_its_checkpoints(own_county, tmp_path):
    county = own_county
    host = county.host
    with county.session("pharmacist-t1") as client:
        county.stock(client, "XLYP0003", 1_000_000)
        for _ in range(20):
            pharmacy.issue(client, "XLYP0003", 1_000)
    # A clean stop seals and signs what is there.
    assert host.stop() == 0
    anchor = tmp_path / "checkpoints.jsonl"
    exported = run("audit", "checkpoints", "--export", anchor, data=host.data)
    assert exported.returncode == 0, exported.stderr
    page = run("audit", "checkpoints", "--print", data=host.data).stdout
    assert "杏林审计检查点" in page and "Heads of the chains" in page
    host.start()
    with county.session("pharmacist-t1") as client:
        pharmacy.issue(client, "XLYP0003", 1_000)
    assert host.stop() == 0
    host.start()
    before = anchor.read_text()
    longer = run("audit", "checkpoints", "--export", anchor, data=host.data)
    assert longer.returncode == 0 and anchor.read_text().startswith(before) and len(anchor.read_text()) > len(before)
    links = audit_chain.check_chains(lambda sql: embedded(host, sql))
    assert audit_chain.check_checkpoints(anchor, links, tmp_path) >= 2

    public_key = host.data / "checkpoint-public.pem"
    whole = verify(host, "--checkpoint", anchor, "--public-key", public_key)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "all is as it was sealed" in whole.stdout
    assert public_key.read_text() in run("audit", "public-key", data=host.data).stdout

    chain = embedded(host, "SELECT site_id FROM host.site WHERE code = 't1'")
    embedded(host, f"""
        BEGIN;
        DELETE FROM host.audit a USING host.audit_link l WHERE l.seq = a.seq AND l.chain = '{chain}' AND l.number > 10;
        DELETE FROM host.audit_link WHERE chain = '{chain}' AND number > 10;
        DELETE FROM host.audit_checkpoint WHERE number > 1;
        UPDATE host.audit_watermark SET seq = (SELECT max(seq) FROM host.audit_link);
        COMMIT;
        """)
    cut = verify(host, "--checkpoint", anchor)
    assert cut.returncode == 1
    assert "cut tail: site t1, number" in cut.stdout and "missing checkpoints" in cut.stdout
    # The export of the next day does not destroy the only witness.
    witness = anchor.read_bytes()
    refused = run("audit", "checkpoints", "--export", anchor, data=host.data)
    assert refused.returncode == 1 and "that the database lacks" in refused.stderr and "first 2" in refused.stderr
    assert anchor.read_bytes() == witness and [path for path in tmp_path.iterdir() if ".new" in path.name] == []
    other = tmp_path / "other.jsonl"
    assert run("audit", "checkpoints", "--export", other, data=host.data).returncode == 0
    assert run("audit", "checkpoints", "--export", other, data=host.data).returncode == 0, "the same again"
    notes = tmp_path / "notes.txt"
    notes.write_text("no checkpoints\n")
    assert run("audit", "checkpoints", "--export", notes, data=host.data).returncode == 1
    assert notes.read_text() == "no checkpoints\n", "what is no export is not written over"
    chinese = verify(host, "--checkpoint", anchor, environment={"LC_ALL": "zh_CN.UTF-8"})
    assert "链尾被截断：机构 t1，第 11" in chinese.stdout
    stopped = host.stop()
    assert stopped == 0
    assert verify(host, "--checkpoint", anchor).returncode == 1, "on a stopped host too"
    assert verify(host, "--checkpoint", tmp_path / "none").returncode == 1
    assert verify(host, "--public-key", tmp_path / "none").returncode == 2


def test_a_forged_link_ends_neither_the_host_nor_the_verification_and_is_seen(own_county):
    host = own_county.host
    with own_county.session("pharmacist-t1") as client:
        own_county.stock(client, "XLYP0003", 1_000_000)
        wait_until(lambda: embedded(host, "SELECT count(*) FROM host.audit_waiting()") == "0", 120, what="the sealing")
        chain = embedded(host, "SELECT site_id FROM host.site WHERE code = 't1'")
        last = embedded(host, f"SELECT max(number) FROM host.audit_link WHERE chain = '{chain}'")
        # What the host's own login may not even add.
        with pytest.raises(AssertionError, match="a link follows the one before it"):
            embedded(host, f"""
                INSERT INTO host.audit_link SELECT chain, 9223372036854775806, -7, now(), digest, link
                FROM host.audit_link WHERE chain = '{chain}' AND number = 1""")
        embedded(host, f"UPDATE host.audit_link SET number = 9223372036854775807 WHERE chain = '{chain}' AND number = {last}")
        for _ in range(3):
            pharmacy.issue(client, "XLYP0003", 1_000)
    assert host.stop() == 0
    host.start()
    with own_county.session("pharmacist-t1") as client:
        pharmacy.issue(client, "XLYP0003", 1_000)
    waiting = f"SELECT count(*) FROM host.audit a WHERE site_id = '{chain}' AND NOT EXISTS (SELECT FROM host.audit_link l WHERE l.seq = a.seq)"
    assert int(embedded(host, waiting)) >= 4
    found = verify(host)
    assert found.returncode == 1 and f"missing links: site t1, numbers {last}–9223372036854775806" in found.stdout, found.stdout
    assert host.answers()


def test_an_audit_that_was_emptied_is_not_as_it_was_sealed(own_county):
    host = own_county.host
    assert host.stop() == 0
    host.start()
    embedded(host, "DELETE FROM host.audit_checkpoint; DELETE FROM host.audit_link; DELETE FROM host.audit; DELETE FROM host.audit_watermark")
    emptied = verify(host)
    assert emptied.returncode == 1
    assert "the audit is empty although the host has" in emptied.stdout and "the watermark of sealing is gone" in emptied.stdout
    assert "all is as it was sealed" not in emptied.stdout


def test_without_its_signing_key_the_host_does_not_start(own_county):
    host = own_county.host
    assert host.stop() == 0
    key = host.data / "keys" / "checkpoint.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    key.rename(host.data / "aside.pem")
    refused = run("serve", "--listen", "127.0.0.1:0", data=host.data)
    assert refused.returncode == 1
    assert "checkpoint.pem, is missing" in refused.stderr
    doctor = run("doctor", data=host.data)
    assert doctor.returncode == 1 and "checkpoint.pem, is missing" in doctor.stdout
    (host.data / "aside.pem").rename(key)
    host.start()
    assert verify(host).returncode == 0


class Writer(threading.Thread):
    """Issues again and again, whatever ends its connection. Counts what was acknowledged."""

    def __init__(self, connect, piece, halt):
        super().__init__(daemon=True)
        self.connect, self.piece, self.halt = connect, piece, halt
        self.done, self.failure = 0, None

    def run(self):
        client = None
        try:
            while not self.halt.is_set():
                try:
                    client = client or self.connect()
                    client.call("decoction.stock.issue", pharmacy.issue_params(self.piece, 10), site="t1", deadline_ms=20_000)
                    self.done += 1
                except Refused as refusal:
                    if not refusal.retryable and refusal.reason != "host.unavailable":
                        raise
                    time.sleep(0.05)
                except (Disconnected, OSError):
                    if client is not None:
                        client.close()
                    client = None
                    time.sleep(0.05)
        except Exception as error:
            self.failure = error
        finally:
            if client is not None:
                client.close()


def progress(writers, count):
    """Waits until each of the writers has done so much more."""
    since = [writer.done for writer in writers]

    def reached():
        for writer in writers:
            assert writer.failure is None, writer.failure
        return all(writer.done >= before + count for writer, before in zip(writers, since))

    wait_until(reached, 180, what="writes of every writer")


def no_row_waits(sql):
    wait_until(lambda: sql("SELECT count(*) FROM host.audit_waiting()") == "0", 120, what="the sealing of every row")


def test_kill_9_of_host_and_postgresql_while_writers_run_leaves_chains_that_go_on(own_county):
    county, piece = own_county, "XLYP0003"
    host = county.host
    with county.session("pharmacist-t1") as client:
        county.stock(client, piece, 100_000_000)
    token = county.token("pharmacist-t1")
    halt = threading.Event()
    writers = [Writer(lambda: county.connect(token), piece, halt) for _ in range(4)]
    try:
        for writer in writers:
            writer.start()
        progress(writers, 5)
        os.kill(wait_until(host.postmaster, 60, what="a running PostgreSQL"), signal.SIGKILL)
        progress(writers, 5)
        host.kill()
        host.start()
        progress(writers, 5)
        os.kill(wait_until(host.postmaster, 60, what="a running PostgreSQL"), signal.SIGKILL)
        host.kill()
        host.start()
        progress(writers, 5)
    finally:
        halt.set()
        for writer in writers:
            writer.join(100)
    assert [writer.failure for writer in writers] == [None] * len(writers)
    no_row_waits(lambda sql: embedded(host, sql))
    whole = verify(host)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    audit_chain.check_chains(lambda sql: embedded(host, sql))
    done = embedded(host, "SELECT count(*) FROM host.audit WHERE method = 'decoction.stock.issue' AND outcome = 'done'")
    assert int(done) >= sum(writer.done for writer in writers), "no acknowledged write lacks its row"


def test_two_hosts_on_one_database_seal_one_chain_and_each_signs_with_its_own_key():
    with Cluster() as cluster, Host() as first, Host() as second:
        cluster.prepare(first.data)
        for host in (first, second):
            host.environment.update(cluster.environment())
        county = County(first.start()).found(["pharmacist-t1"])
        (second.data / "keys").mkdir(parents=True, mode=0o700)
        for key in (first.data / "keys").glob("*.key"):
            shutil.copy2(key, second.data / "keys" / key.name)
        second.start()
        piece = "XLYP0003"
        with county.session("pharmacist-t1") as client:
            county.stock(client, piece, 100_000_000)
        token = county.token("pharmacist-t1")

        def connect(host):
            client = host.connect()
            client.resume(token)
            return client

        halt = threading.Event()
        writers = [Writer(lambda host=host: connect(host), piece, halt) for host in (first, second) for _ in range(2)]
        try:
            for writer in writers:
                writer.start()
            progress(writers, 5)
            # The one that seals goes; the other goes on where it stood.
            first.kill()
            progress(writers[2:], 20)
            first.start()
            progress(writers, 5)
        finally:
            halt.set()
            for writer in writers:
                writer.join(100)
        assert [writer.failure for writer in writers] == [None] * len(writers)
        no_row_waits(cluster.superuser)
        assert second.stop() == 0
        assert first.stop() == 0
        whole = verify(first, environment=cluster.environment())
        assert whole.returncode == 0, whole.stdout + whole.stderr
        assert cluster.superuser("SELECT count(*) FROM host.audit_key") == "2"
        assert int(cluster.superuser("SELECT count(DISTINCT key) FROM host.audit_checkpoint")) == 2
        audit_chain.check_chains(cluster.superuser)
