"""What breaks around a host: each fault is said clearly, and when it is mended the host goes on."""

import contextlib
import os
import shutil
import ssl
import subprocess

import pytest

from support import county as pharmacy
from support.client import Disconnected, Refused, insist
from support.cluster import Cluster
from support.county import County
from support.host import Host, StartFailed, run, wait_until
from support.machine import openssl, server_certificate
from test_certificate_reload import HostOfAnOperator, OperatorsCertificate, hang_up

PIECE = "XLYP0019"


@contextlib.contextmanager
def small_disk(folder, megabytes):
    """A file system of that size on the folder."""
    if os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root alone")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        # Lazily: where a test fails, processes may still stand on it.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder):
    """Takes all the room that is left; gives the file that holds it."""
    ballast = folder / "ballast"
    # Without a buffer: what is left in one would be written on closing, and fail there.
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    with open(ballast, "ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(512))
    return ballast


def test_a_full_disk_of_the_database_is_said_and_calls_go_on_when_there_is_room():
    with Cluster() as cluster, Host() as host:
        cluster.prepare(host.data)
        host.environment.update(cluster.environment())
        disk = cluster.folder / "small"
        disk.mkdir()
        with small_disk(disk, 48):
            shutil.chown(disk, "postgres", "postgres")
            cluster.superuser(f"CREATE TABLESPACE small LOCATION '{disk}'")
            for table in ("supplier", "lot", "movement", "decision"):
                cluster.superuser(f"ALTER TABLE decoction.{table} SET TABLESPACE small")
            county = County(host.start()).found(["pharmacist-t1"])
            with county.session("pharmacist-t1") as client:
                lot = county.stock(client, PIECE, 1_000_000_000)
                ballast = fill(disk)
                # Tables have some room of their own; then the disk is asked for more.
                params = {"nameZh": "供应商" + "药" * 90}
                done, refusals = 0, []
                while not refusals:
                    try:
                        client.call("decoction.supplier.create", {**params, "licence": f"F{done}"}, site="t1", key=f"f{done}")
                        done += 1
                    except Refused as refusal:
                        refusals.append(refusal)
                assert refusals[0].reason == "host.storageFull" and refusals[0].retryable, refusals[0]
                assert "disk is full" in refusals[0].message
                wait_until(
                    lambda: all(word in host.log.read_text() for word in ("host.storageFull", "53100")), 120, what="a word in the log")
                assert pharmacy.on_hand(client, PIECE) == 1_000_000_000, "reading goes on"
                ballast.unlink()
                made = client.call(
                    "decoction.supplier.create", {**params, "licence": f"F{done}"}, site="t1", key=f"f{done}")
                assert made["supplierId"], "the same key does the work now"
                assert pharmacy.issue(client, PIECE, 1_000)["documentId"]
                assert pharmacy.issue_documents(client, lot)
            assert host.stop() == 0
            for table in ("supplier", "lot", "movement", "decision"):
                cluster.superuser(f"ALTER TABLE decoction.{table} SET TABLESPACE pg_default")
            cluster.superuser("DROP TABLESPACE small")


def test_a_full_disk_of_the_whole_data_folder_is_survived(binary):
    with Host() as host:
        host.data.mkdir()
        with small_disk(host.data, 400):
            county = County(host.start()).found(["pharmacist-t1"])
            with county.session("pharmacist-t1") as client:
                lot = county.stock(client, PIECE, 1_000_000_000)
            ballast = fill(host.data)
            acknowledged, key = [], 0
            # The log of changes has room for some time, and then PostgreSQL goes down: whatever it is, the host says so.
            with contextlib.suppress(Disconnected), county.session("pharmacist-t1") as client:
                while True:
                    try:
                        acknowledged.append(client.call(
                            "decoction.stock.issue", {"lines": [{"pieceCode": PIECE, "quantityMg": 1}], "reason": "满" * 100},
                            site="t1", key=f"k{key}", deadline_ms=20_000)["documentId"])
                        key += 1
                    except Refused as refusal:
                        assert refusal.retryable and refusal.reason in ("host.unavailable", "host.storageFull"), refusal
                        break
                    if key >= 20_000:
                        pytest.fail("the disk was never full")
            ballast.unlink()
            with county.session("pharmacist-t1") as client:
                reply, _ = insist(lambda: client.call(
                    "decoction.stock.issue", {"lines": [{"pieceCode": PIECE, "quantityMg": 1}], "reason": "满" * 100},
                    site="t1", key=f"k{key}", deadline_ms=20_000), 120)
                acknowledged.append(reply["documentId"])
                assert pharmacy.issue_documents(client, lot) == set(acknowledged)
                pharmacy.check_ledger(client, PIECE)
            assert host.process.poll() is None
            assert host.stop() == 0


def test_a_log_on_a_full_disk_stops_nothing(binary):
    with open("/dev/full", "wb") as full, Host(environment={"XINGLIN_LOG_LEVEL": "info"}) as host:
        host.stderr = full
        county = County(host.start()).found(["pharmacist-t1"])
        with county.session("pharmacist-t1") as client:
            county.stock(client, PIECE, 1_000_000)
            for number in range(50):
                assert pharmacy.issue(client, PIECE, 1_000, key=f"log-{number}")
        assert host.stop() == 0


# Certificates

def expire(operator):
    """Makes the operator's server certificate one whose time is over."""
    folder = operator.folder
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01\n")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\nserial={folder}/serial\nnew_certs_dir={folder}\n"
        "default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n")
    openssl("req", "-new", "-key", operator.key, "-subj", "/CN=server", "-out", folder / "server.csr")
    openssl(
        "ca", "-batch", "-config", folder / "ca.cnf", "-cert", operator.ca, "-keyfile", operator.ca_key, "-in",
        folder / "server.csr", "-out", operator.certificate, "-notext", "-extfile", folder / "names", "-startdate",
        "20200101000000Z", "-enddate", "20210101000000Z")


def test_an_expired_certificate_is_said_on_every_side_and_renewed_without_a_restart(tmp_path):
    operator = OperatorsCertificate(tmp_path)
    with HostOfAnOperator(operator) as host:
        host.start()
        expire(operator)
        with host.connect() as client:
            assert "not reloaded" not in hang_up(host)
            with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"):
                host.connect()
            wait_until(lambda: "the server's certificate has expired" in host.log.read_text(), seconds=120, what="a word in the log")
            doctor = run("doctor", data=host.data, environment={**operator.environment, "XINGLIN_LISTEN_PORT": str(host.port)})
            assert doctor.returncode == 1 and "expired on 2021-01-01" in doctor.stdout
            called = run("call", "host.ping", "--host", f"127.0.0.1:{host.port}", "--ca", operator.ca)
            assert called.returncode != 0 and "expired" in called.stderr.lower(), called.stderr
            renewed = operator.renew()
            assert "not reloaded" not in hang_up(host)
            assert server_certificate(host.port, host.ca) == renewed
            assert "version" in client.call("host.ping"), "the connection that was open has stayed"
        with host.connect() as client:
            assert "version" in client.call("host.ping")


def test_a_host_starts_with_an_expired_certificate_and_says_so(tmp_path):
    operator = OperatorsCertificate(tmp_path)
    expire(operator)
    with HostOfAnOperator(operator) as host:
        host.start()
        wait_until(lambda: "the server's certificate has expired" in host.log.read_text(), seconds=120, what="a word in the log")
        renewed = operator.renew()
        assert "not reloaded" not in hang_up(host)
        assert server_certificate(host.port, host.ca) == renewed


# Files that are missing, or not what they were

FOLDERS, FILES = ("keys", "tls"), ("postgresql.conf", "postgresql.auto.conf")


@pytest.fixture(scope="module")
def stopped(binary):
    """A host that was started and stopped, and a copy of what the tests damage."""
    with Host() as host:
        host.start()
        assert host.stop() == 0
        kept = host.folder / "kept"
        for name in FOLDERS:
            shutil.copytree(host.data / name, kept / name)
        for name in FILES:
            shutil.copy2(host.data / "pg" / "data" / name, kept / name)
        yield host, kept


def restore(host, kept):
    for name in FOLDERS:
        path = host.data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        shutil.copytree(kept / name, path)
    for name in FILES:
        # In place, so that owner and mode stay.
        (host.data / "pg" / "data" / name).write_bytes((kept / name).read_bytes())


def lost_ca(data):
    (data / "tls" / "ca.pem").unlink()


def lost_ca_key(data):
    (data / "tls" / "ca.key").unlink()
    (data / "tls" / "server.pem").unlink()


def open_key(data):
    next((data / "keys").glob("*.key")).chmod(0o644)


def damaged_key(data):
    next((data / "keys").glob("*.key")).write_text("xinglin-key-1 00\n")


def empty_key(data):
    next((data / "keys").glob("*.key")).write_text("")


def no_folder_of_keys(data):
    shutil.rmtree(data / "keys")
    (data / "keys").write_text("")


def wrong_settings(data):
    (data / "pg" / "data" / "postgresql.conf").write_text("shared_buffers == many\n")


def wrong_value(data):
    (data / "pg" / "data" / "postgresql.auto.conf").write_text("shared_buffers = 'many'\n")


@pytest.mark.parametrize("damage, words", [
    (lost_ca, "ca.pem is missing; put it back"), (lost_ca_key, "ca.key is missing; put it back"),
    (open_key, "open to other users; run: chmod 600"), (damaged_key, "is damaged"), (empty_key, "is damaged"),
    (no_folder_of_keys, "Not a directory"), (wrong_settings, "cannot read its settings: .*postgresql.conf"),
    (wrong_value, "cannot read its settings: .*shared_buffers"),
], ids=lambda value: getattr(value, "__name__", None))
def test_a_start_is_refused_with_what_to_do_and_succeeds_when_that_is_done(stopped, damage, words):
    host, kept = stopped
    damage(host.data)
    try:
        with pytest.raises(StartFailed, match=words):
            host.start()
    finally:
        restore(host, kept)
    host.start()
    assert host.answers()
    assert host.stop() == 0


def test_keys_that_vanish_under_a_running_host_are_missed_by_the_doctor_and_not_by_calls(own_county):
    host = own_county.host
    with own_county.session("admin") as admin:
        admin.call("modules.enable", {"module": "people", "site": "t1"})
    with own_county.session("pharmacist-t1") as client:
        (host.data / "keys").rename(host.data / "away")
        params = {"nameZh": "测试人员", "sex": "unknown", "document": {"kind": "passport", "number": "XF0000001"}}
        person = client.call("people.person.register", params, site="t1")["personId"]
        doctor = run("doctor", data=host.data, environment={"XINGLIN_LISTEN_PORT": str(host.port)})
        assert doctor.returncode == 1
        assert host.stop() == 0
    with pytest.raises(StartFailed, match="the key files of this database are not in"):
        host.start()
    (host.data / "away").rename(host.data / "keys")
    host.start()
    with own_county.session("pharmacist-t1") as client:
        found = client.call("people.person.find", {"documentNumber": "XF0000001"}, site="t1")["persons"]
        assert [one["personId"] for one in found] == [person]
