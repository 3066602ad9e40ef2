"""The keys of encrypted columns: rotated beside a running host, killed in between, refused when they are not there."""

import re
import shutil
import stat
import subprocess
import threading

import pytest

from support.client import insist
from support.cluster import Cluster
from support.county import County
from support.host import BINARY, REPOSITORY, Host, StartFailed, clean_environment, run, wait_until
from support.plugin import built, callback_county, copy_sample
from support.sql import embedded

SEALED_WITH = "SELECT count(*) FROM callback.request WHERE get_byte(phone, 4) = {key}"


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """A module with an encrypted column."""
    folder = tmp_path_factory.mktemp("keys")
    return built(copy_sample(folder / "Callback"), folder / "out")


@pytest.fixture
def sealing(host, plugin):
    """A county whose module seals telephone numbers."""
    host.environment["XINGLIN_PLUGINS_DIRECTORIES"] = str(plugin.parent)
    return callback_county(County(host.start()).found([]))


def keys(host, *arguments, environment=None):
    return run("keys", *arguments, data=host.data, environment={**host.environment, **(environment or {})}, timeout=300)


def add(client, number, site="t1"):
    """Notes a number down and gives the request's id."""
    params = {"phone": f"000-{number:08d}", "reason": "询问"}
    return insist(lambda: client.call("callback.request.add", params, site=site, key=f"add-{number}"))[0]["requestId"]


def phone(client, request, site="t1"):
    return client.call("callback.request.get", {"requestId": request}, site=site)["phone"]


def fill(host, county, count, first=1_000_000):
    """Many values at once: copies of a few that clients made would not open elsewhere, so clients make all of them."""
    ids = {}
    with county.session("nurse-t1") as nurse:
        for start in range(first, first + count, 32):
            calls = {
                number: nurse.send_call(
                    "callback.request.add", {"phone": f"000-{number:08d}", "reason": "询问"}, site="t1", key=f"add-{number}")
                for number in range(start, min(start + 32, first + count))
            }
            for number, call in calls.items():
                ids[number] = nurse.reply_to(call)["requestId"]
    return ids


def test_a_rotation_beside_a_running_host_loses_nothing(sealing):
    host = sealing.host
    ids = fill(host, sealing, 300)
    stop, written, failures = threading.Event(), {}, []

    def write(first):
        try:
            with sealing.session("nurse-t1") as nurse:
                number = first
                while not stop.is_set():
                    written[number] = add(nurse, number)
                    # Reading goes on through the change, of old values and of new ones.
                    assert phone(nurse, written[number]) == f"000-{number:08d}"
                    old = 1_000_000 + number % 300
                    assert phone(nurse, ids[old]) == f"000-{old:08d}"
                    number += 1
        except Exception as failure:  # noqa: BLE001 - shown by the test
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(first,)) for first in (1, 100_001)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(written) > 20, what="the first writes")
    done = keys(host, "rotate")
    assert done.returncode == 0, done.stdout + done.stderr
    at_end = len(written)
    wait_until(lambda: len(written) > at_end + 20, what="writes after the rotation")
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    # Not one value is left under the former key, and none came after.
    assert embedded(host, SEALED_WITH.format(key=1)) == "0"
    assert int(embedded(host, SEALED_WITH.format(key=2))) == len(ids) + len(written)
    new = host.data / "keys" / "0002.key"
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    with sealing.session("nurse-t1") as nurse:
        for number, request in list(ids.items())[::10] + list(written.items())[::10]:
            assert phone(nurse, request) == f"000-{number:08d}"
            assert nurse.call("callback.request.find", {"phone": f"000-{number:08d}"}, site="t1") == {"requestId": request}
    listed = keys(host, "list")
    assert listed.returncode == 0, listed.stderr
    assert re.search(r"^1 +former, index", listed.stdout, re.M) and re.search(r"^2 +current", listed.stdout, re.M)


def test_kill_9_of_a_rotation_at_several_moments_and_a_last_run_that_completes_it(sealing):
    host = sealing.host
    ids = fill(host, sealing, 1_500)
    command = [str(BINARY), "keys", "rotate", "--data", str(host.data)]
    environment = clean_environment(**host.environment)
    killed = 0
    for left in (1_500, 900, 200):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
        try:
            # Once the key is there, and once some of the values are done; the command may be quicker than we look.
            wait_until(
                lambda: process.poll() is not None
                or (host.data / "keys" / "0002.key").exists() and int(embedded(host, SEALED_WITH.format(key=1))) <= left,
                pause=0.01, what=f"{left} values left")
        finally:
            killed += process.poll() is None
            process.kill()
            process.wait()
        with sealing.session("nurse-t1") as nurse:
            for number in (1_000_000, 1_000_700, 1_001_499):
                assert phone(nurse, ids[number]) == f"000-{number:08d}"
            add(nurse, left)
    assert killed > 0, "no run was killed: nothing was shown"
    done = keys(host, "rotate")
    assert done.returncode == 0, done.stdout + done.stderr
    assert embedded(host, "SELECT count(*) FROM host.note WHERE name = 'key/rotation'") == "0"
    current = embedded(host, "SELECT value FROM host.note WHERE name = 'key/current'")
    total = embedded(host, "SELECT count(*) FROM callback.request")
    assert embedded(host, SEALED_WITH.format(key=current)) == total
    with sealing.session("nurse-t1") as nurse:
        for number, request in list(ids.items())[::50]:
            assert phone(nurse, request) == f"000-{number:08d}"


def test_the_first_key_is_retired_while_the_host_stands_and_missed_by_nobody(sealing):
    host = sealing.host
    with sealing.session("nurse-t1") as nurse:
        request = add(nurse, 7)
    early = keys(host, "retire", "1")
    assert early.returncode == 1 and "run xinglin keys rotate first" in early.stderr
    assert keys(host, "rotate").returncode == 0
    running = keys(host, "retire", "1")
    assert running.returncode == 1 and "stop every host" in running.stderr
    # Checked lines that wait hold indexes made with the key: whoever is in them could never be found by number again.
    embedded(host, """INSERT INTO host.import (import_id, site_id, account_id, kind, name, sm3, columns, state, created_at)
        SELECT gen_random_uuid(), (SELECT site_id FROM host.site LIMIT 1), account_id, 'people.residents', 'f.csv', '', '', 'checked',
        now() FROM host.account LIMIT 1""")
    host.stop()
    waiting = keys(host, "retire", "1")
    assert waiting.returncode == 1 and "an import is not finished" in waiting.stderr, waiting.stderr
    host.start()
    embedded(host, "UPDATE host.import SET state = 'cancelled'")
    host.stop()
    done = keys(host, "retire", "1")
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (host.data / "keys").iterdir()}
    assert names == {"0001.key.retired", "0002.key", "checkpoint.pem"}
    (host.data / "keys" / "0001.key.retired").rename(host.folder / "away")
    host.start()
    with sealing.session("nurse-t1") as nurse:
        assert phone(nurse, request) == "000-00000007"
        assert nurse.call("callback.request.find", {"phone": "000-00000007"}, site="t1") == {"requestId": request}
        assert add(nurse, 7) == request, "the stored reply is still there"
    listed = keys(host, "list").stdout
    assert re.search(r"^1 +retired", listed, re.M) and re.search(r"^2 +current, index", listed, re.M)
    doctor = run("doctor", data=host.data, environment=host.environment)
    assert re.search(r"^keys +ok +.*number 2 in use", doctor.stdout, re.M), doctor.stdout


def test_without_the_new_key_the_host_does_not_start_and_the_doctor_says_why(sealing):
    host = sealing.host
    with sealing.session("nurse-t1") as nurse:
        request = add(nurse, 9)
    assert keys(host, "rotate", "--prepare").stdout.strip().endswith("0002.key")
    assert keys(host, "rotate").returncode == 0
    host.stop()
    folder = host.data / "keys"
    (folder / "0002.key").rename(host.folder / "0002.key")
    with pytest.raises(StartFailed, match="key 2 of this database is not in"):
        host.start()
    (folder / "0002.key").write_text("xinglin-key-1 rubbish\n")
    (folder / "0002.key").chmod(0o600)
    with pytest.raises(StartFailed, match="is damaged"):
        host.start()
    doctor = run("doctor", data=host.data, environment=host.environment)
    assert re.search(r"^keys +failed .*damaged", doctor.stdout, re.M), doctor.stdout
    (folder / "0002.key").unlink()
    shutil.copy2(host.folder / "0002.key", folder / "0002.key")
    (folder / "0002.key").chmod(0o644)
    with pytest.raises(StartFailed, match="chmod 600"):
        host.start()
    (folder / "0002.key").chmod(0o600)
    host.start()
    with sealing.session("nurse-t1") as nurse:
        assert phone(nurse, request) == "000-00000009"


def test_a_rotation_on_an_external_server_works_as_the_owner_under_forced_row_security(plugin):
    with Cluster() as cluster, Host(environment={"XINGLIN_PLUGINS_DIRECTORIES": str(plugin.parent)}) as host:
        cluster.prepare_roles()
        # As docs/third-party-plugins.md has it: the script once more, with the new module.
        cluster.superuser((REPOSITORY / "deploy" / "roles.sql").read_text(), modules="callback")
        host.environment.update(cluster.environment())
        migrated = run("migrate", data=host.data, environment=host.environment)
        assert migrated.returncode == 0, migrated.stderr
        county = callback_county(County(host.start()).found([]), ("t1", "t2"))
        ids = {}
        for site, number in (("t1", 1), ("t2", 2)):
            with county.session(f"nurse-{site}") as nurse:
                ids[site] = add(nurse, number, site)
        done = keys(host, "rotate")
        assert done.returncode == 0, done.stdout + done.stderr
        assert cluster.superuser(SEALED_WITH.format(key=2)) == "2"
        # A login that may not is told what to set.
        less = keys(host, "rotate", environment={"XINGLIN_DATABASE_MIGRATE_URL": ""})
        assert less.returncode == 1 and "database.migrateUrl" in less.stderr, less.stderr
        host.stop()
        retired = keys(host, "retire", "1")
        assert retired.returncode == 0, retired.stderr
        host.start()
        for site, number in (("t1", 1), ("t2", 2)):
            with county.session(f"nurse-{site}") as nurse:
                assert phone(nurse, ids[site], site) == f"000-{number:08d}"
                found = nurse.call("callback.request.find", {"phone": f"000-{number:08d}"}, site=site)
                assert found == {"requestId": ids[site]}
