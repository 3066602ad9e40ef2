"""Backup and restore: beside a running host, whole or not at all, checked, and with the keys apart."""

import json
import os
import shutil
import subprocess
import threading

import pytest

from support import county as pharmacy
from support.cluster import DATABASE, Cluster
from support.county import County
from support.host import Host, new_folder, run, wait_until
from support.sql import embedded

PASSPHRASE = {"XINGLIN_BACKUP_PASSPHRASE": "一段足够长的口令 for tests"}
LONG = 600


@pytest.fixture
def folder():
    """A folder for backups, on the file system of the hosts' folders."""
    path = new_folder()
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def stocked(own_county):
    """A county with people, whose numbers are encrypted, and stock at both sites."""
    with own_county.session("admin") as admin:
        for site in ("t1", "t2"):
            admin.call("modules.enable", {"module": "people", "site": site})
        own_county.create_account(admin, "nurse-t1", [{"role": "nurse", "site": "t1"}])
        own_county.create_account(admin, "pharmacist-t2", [{"role": "pharmacist", "site": "t2"}])
    with own_county.session("nurse-t1") as nurse:
        for number in range(5):
            nurse.call(
                "people.person.register",
                {"nameZh": f"测试{'甲乙丙丁戊'[number]}", "sex": "female", "birthDate": f"1980-01-0{number + 1}", "phone": f"1390000000{number}"},
                site="t1")
    for account, site in (("pharmacist-t1", "t1"), ("pharmacist-t2", "t2")):
        with own_county.session(account) as client:
            own_county.stock(client, "XLYP0003", 1_000_000, site=site)
    return own_county


def backup(host, path, **options):
    done = run("backup", "--output", path, data=host.data, timeout=LONG, **options)
    assert done.returncode == 0, done.stderr
    return json.loads((path / "manifest.json").read_text())


def verify(path, data, **options):
    return run("restore", "--verify", path, data=data, timeout=LONG, **options)


def counts(manifest):
    return {f"{table['schema']}.{table['name']}": table["rows"] for table in manifest["tables"]}


def test_a_backup_beside_a_writing_host_is_of_one_moment_and_restores_to_it(stocked, folder):
    host, stop, issued = stocked.host, threading.Event(), []

    def write():
        with stocked.session("pharmacist-t1") as client:
            while not stop.is_set():
                issued.append(pharmacy.issue(client, "XLYP0003", 1_000))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait_until(lambda: len(issued) > 5, LONG, what="the first issues")
        manifest = backup(host, folder / "one")
        wait_until(lambda: len(issued) > 20, LONG, what="more issues")
    finally:
        stop.set()
        writer.join()
    # Files for the owner alone; no key among them.
    assert oct((folder / "one").stat().st_mode)[-3:] == "700"
    assert sorted(os.listdir(folder / "one")) == ["database.dump", "manifest.json"]
    assert all(oct((folder / "one" / name).stat().st_mode)[-3:] == "600" for name in os.listdir(folder / "one"))
    key = (host.data / "keys" / "0001.key").read_text().split()[1]
    assert key not in (folder / "one" / "manifest.json").read_text()
    assert key.encode() not in (folder / "one" / "database.dump").read_bytes()
    # The rows of every site, though row-level security hides each from the others.
    rows = counts(manifest)
    assert rows["decoction.lot"] == 2 and rows["people.person"] == 5
    assert rows["decoction.movement"] < int(embedded(host, "SELECT count(*) FROM decoction.movement"))
    assert embedded(host, "SELECT value FROM host.note WHERE name = 'backup/last'")
    assert stocked.host.stop() == 0

    with Host() as second:
        shutil.copytree(host.data / "keys", second.data / "keys")
        shutil.copystat(host.data / "keys", second.data / "keys")
        done = run("restore", folder / "one", data=second.data, timeout=LONG)
        assert done.returncode == 0, done.stderr
        restored = County(second.start())
        restored.passwords, restored.tokens = stocked.passwords, {}
        # As of one moment: what is on hand is what the movements of the dump come to.
        with restored.session("pharmacist-t1") as client:
            pharmacy.check_ledger(client, "XLYP0003")
            left = pharmacy.on_hand(client, "XLYP0003")
            assert left == 1_000_000 - 1_000 * (rows["decoction.movement"] - 2)
            # A key that was used before the backup gives its reply still; the host goes on working.
            pharmacy.issue(client, "XLYP0003", 1_000)
        with restored.session("nurse-t1") as nurse:
            assert len(nurse.call("people.person.find", {"namePrefix": "测试"}, site="t1")["persons"]) == 5
        # What was committed under transaction ids of the old cluster does not wait for ever.
        wait_until(lambda: embedded(second, "SELECT count(*) FROM host.outbox") == "0", LONG, what="the numbering of events")
        again = run("restore", folder / "one", data=second.data, timeout=LONG)
        assert again.returncode == 1 and "stop it first" in again.stderr
        assert second.stop() == 0
        again = run("restore", folder / "one", data=second.data, timeout=LONG)
        assert again.returncode == 1 and "not empty" in again.stderr


def test_verify_says_what_it_checked_and_finds_what_was_altered(stocked, folder):
    host = stocked.host
    manifest = backup(host, folder / "one")
    done = verify(folder / "one", host.data)
    assert done.returncode == 0, done.stderr
    assert f"rows: {sum(counts(manifest).values())} of {len(manifest['tables'])} tables" in done.stdout
    for word in ("digests", "constraints", "audit", "opened"):
        assert word in done.stdout
    chinese = verify(folder / "one", host.data, environment={"LC_ALL": "zh_CN.UTF-8"})
    assert chinese.returncode == 0 and "与清单相符" in chinese.stdout
    assert not [name for name in os.listdir("/tmp") if name.startswith("xinglin-verify-") and _is_mine(name)]

    dump = folder / "one" / "database.dump"
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1])
    done = verify(folder / "one", host.data)
    assert done.returncode == 1 and "missing or was altered" in done.stderr
    dump.write_bytes(whole)

    name = folder / "one" / "manifest.json"
    for table in manifest["tables"]:
        if table["name"] == "movement":
            table["rows"] += 1
    name.write_text(json.dumps(manifest))
    done = verify(folder / "one", host.data)
    assert done.returncode == 1 and "decoction.movement" in done.stderr
    name.write_text("{")
    done = verify(folder / "one", host.data)
    assert done.returncode == 1 and "no whole backup" in done.stderr


def _is_mine(name):
    return os.stat(f"/tmp/{name}").st_ctime > os.stat(f"/proc/{os.getpid()}").st_ctime


def test_verify_finds_an_audit_row_that_was_altered_before_the_backup(stocked, folder):
    host = stocked.host
    embedded(host, "UPDATE host.audit SET notes = '{\"altered\":true}' WHERE seq = (SELECT min(seq) FROM host.audit)")
    backup(host, folder / "one")
    done = verify(folder / "one", host.data)
    assert done.returncode == 1 and "audit" in done.stderr


def test_a_backup_is_never_overwritten_and_never_half_there(stocked, folder):
    host = stocked.host
    backup(host, folder / "one")
    again = run("backup", "--output", folder / "one", data=host.data)
    assert again.returncode == 1 and "exists already" in again.stderr
    # A full disk: nothing that looks whole is left, nothing at all.
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        full = run("backup", "--output", disk / "two", data=host.data)
        assert full.returncode == 1 and "No space left on device" in full.stderr
        assert os.listdir(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    # Broken off in the middle: the draft has another name, and the next one replaces it; what is not its own it leaves alone.
    (folder / "three.partial").mkdir()
    (folder / "three.partial" / "database.dump").write_text("half")
    backup(host, folder / "three")
    (folder / "four.partial").mkdir()
    (folder / "four.partial" / "notes").write_text("kept")
    broken = run("backup", "--output", folder / "four", data=host.data)
    assert broken.returncode == 1 and "broken off" in broken.stderr and (folder / "four.partial" / "notes").exists()


def test_the_keys_go_apart_and_come_back_with_the_passphrase_alone(stocked, folder):
    host, file = stocked.host, folder / "county.keys"
    short = run("backup", "--keys", file, data=host.data, environment={"XINGLIN_BACKUP_PASSPHRASE": "short"})
    assert short.returncode == 1 and not file.exists()
    done = run("backup", "--keys", file, data=host.data, environment=PASSPHRASE)
    assert done.returncode == 0, done.stderr
    assert oct(file.stat().st_mode)[-3:] == "600"
    key = (host.data / "keys" / "0001.key").read_text().split()[1]
    assert key.encode() not in file.read_bytes()
    assert run("backup", "--keys", file, data=host.data, environment=PASSPHRASE).returncode == 1
    backup(host, folder / "one")
    assert host.stop() == 0
    with Host() as second:
        # Without the keys nothing is restored.
        none = run("restore", folder / "one", data=second.data, timeout=LONG)
        assert none.returncode == 1 and "key files" in none.stderr and not (second.data / "pg").exists()
        wrong = run("restore", "--keys", file, data=second.data, environment={"XINGLIN_BACKUP_PASSPHRASE": "x" * 20})
        assert wrong.returncode == 1 and not (second.data / "keys" / "0001.key").exists()
        damaged = folder / "damaged.keys"
        damaged.write_bytes(file.read_bytes()[:-40] + b"0" * 40)
        assert run("restore", "--keys", damaged, data=second.data, environment=PASSPHRASE).returncode == 1
        for _ in range(2):
            done = run("restore", "--keys", file, data=second.data, environment=PASSPHRASE)
            assert done.returncode == 0, done.stderr
        for place in ("keys/0001.key", "tls/ca.pem"):
            assert (second.data / place).read_bytes() == (host.data / place).read_bytes()
        assert oct((second.data / "keys" / "0001.key").stat().st_mode)[-3:] == "600"
        done = run("restore", folder / "one", data=second.data, timeout=LONG)
        assert done.returncode == 0, done.stderr
        second.start()
        with second.session("nurse-t1", stocked.passwords["nurse-t1"]) as nurse:
            person = nurse.call("people.person.find", {"namePrefix": "测试甲"}, site="t1")["persons"][0]
            assert nurse.call("people.person.get", {"personId": person["personId"]}, site="t1")
    # The keys of another database are told from these.
    with Host() as third:
        third.start()
        assert third.stop() == 0
        shutil.rmtree(third.data / "pg")
        foreign = run("restore", folder / "one", data=third.data, timeout=LONG)
        assert foreign.returncode == 1 and "not the one" in foreign.stderr


def test_an_external_server_is_backed_up_by_a_login_that_sees_every_row_alone(folder):
    with Cluster() as cluster, Host() as host:
        cluster.prepare(host.data)
        host.environment.update(cluster.environment())
        County(host.start()).found(["pharmacist-t1"])
        refused = run("backup", "--output", folder / "one", data=host.data, environment=cluster.environment())
        assert refused.returncode == 1 and "BYPASSRLS" in refused.stderr and not (folder / "one").exists()
        cluster.logins["postgres"] = cluster.password
        environment = {**cluster.environment(), "XINGLIN_DATABASE_BACKUP_URL": cluster.url("postgres")}
        manifest = backup(host, folder / "one", environment=environment)
        assert counts(manifest)["host.site"] == 3
        assert cluster.superuser("SELECT count(*) FROM host.note WHERE name = 'backup/last'") == "1"
        assert host.stop() == 0
        cluster.superuser(f"DROP DATABASE {DATABASE}; ", database="postgres")
        cluster.superuser(f"CREATE DATABASE {DATABASE}", database="postgres")
        done = run("restore", folder / "one", data=host.data, environment=environment, timeout=LONG)
        assert done.returncode == 0, done.stderr
        host.start()
        assert host.answers()
