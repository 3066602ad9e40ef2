"""What an operator mistypes or forgets is refused with what to do about it, and nothing is made."""

import json
import os
import shutil
import socket

import pytest

from support.host import Host, new_folder, run

LONG = 300
CHINESE = {"LC_ALL": "zh_CN.UTF-8"}


@pytest.fixture(scope="module")
def stopped():
    """The data folder of a host that was started and stopped."""
    with Host() as host:
        host.start()
        assert host.stop() == 0
        yield host


@pytest.fixture
def place():
    folder = new_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("command", [
    ["audit", "verify"], ["audit", "checkpoints"], ["audit", "public-key"], ["keys", "list"], ["keys", "rotate"],
    ["keys", "rotate", "--prepare"], ["keys", "retire", "1"], ["migrate"], ["backup", "--output", "{place}/bk"],
    ["backup", "--keys", "{place}/bk"], ["doctor"], ["modules", "list"], ["settings"],
], ids=" ".join)
def test_a_mistyped_data_folder_is_not_made(place, command):
    mistyped = place / "daat"
    command = [word.format(place=place) for word in command]
    done = run(*command, data=mistyped, environment={"XINGLIN_BACKUP_PASSPHRASE": "long enough for a test"})
    assert os.listdir(place) == []
    if command[0] in ("audit", "keys", "migrate", "backup"):
        assert done.returncode == 1 and str(mistyped) in done.stderr, done.stderr
        assert "migrate first" not in done.stderr


def test_a_backup_inside_the_data_folder_or_in_a_folder_that_is_not_there_is_refused(stopped, place):
    inside = run("backup", "--output", stopped.data / "bk", data=stopped.data)
    assert inside.returncode == 1 and "inside the data folder" in inside.stderr
    (place / "link").symlink_to(stopped.data)
    linked = run("backup", "--output", place / "link" / "bk", data=stopped.data)
    assert linked.returncode == 1 and "inside the data folder" in linked.stderr
    assert not list(stopped.data.glob("bk*"))
    missing = run("backup", "--output", place / "none" / "bk", data=stopped.data)
    assert missing.returncode == 1 and f"there is no folder {place}/none" in missing.stderr
    assert "xinglin doctor" not in missing.stderr


def test_a_checkpoint_file_that_is_not_there_is_named_alone(stopped, place):
    done = run("audit", "verify", "--checkpoint", place / "none.jsonl", data=stopped.data, timeout=LONG)
    assert done.returncode == 1 and "none.jsonl: No such file" in done.stderr and "doctor" not in done.stderr


@pytest.mark.parametrize("environment, words", [({}, "passphrase"), (CHINESE, "口令")])
def test_a_wrong_passphrase_and_a_damaged_archive_are_told_as_such(stopped, place, environment, words):
    file, right = place / "county.keys", {"XINGLIN_BACKUP_PASSPHRASE": "the right passphrase"}
    assert run("backup", "--keys", file, data=stopped.data, environment=right).returncode == 0
    wrong = {**environment, "XINGLIN_BACKUP_PASSPHRASE": "some other passphrase"}
    done = run("restore", "--keys", file, data=place / "new", environment=wrong)
    assert done.returncode == 1 and words in done.stderr and "sealed" not in done.stderr
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = run("restore", "--keys", file, data=place / "new", environment={**environment, **right})
    assert done.returncode == 1 and words in done.stderr


def test_a_verification_with_a_data_folder_needs_its_keys(stopped, place):
    assert run("backup", "--output", place / "one", data=stopped.data, timeout=LONG).returncode == 0
    verify = ["restore", "--verify", place / "one", "--scratch", place]
    mistyped = run(*verify, data=place / "daat", timeout=LONG)
    assert mistyped.returncode == 1 and f"{place}/daat/keys" in mistyped.stderr and not (place / "daat").exists()
    (place / "empty").mkdir()
    shutil.copytree(stopped.data / "keys", place / "empty" / "keys")
    (place / "empty" / "keys" / "0001.key").unlink()
    missing = run(*verify, data=place / "empty", timeout=LONG)
    assert missing.returncode == 1 and f"{place}/empty/keys" in missing.stderr
    unasked = run(*verify, timeout=LONG)
    assert unasked.returncode == 0 and "not examined" in unasked.stdout, unasked.stderr
    nowhere = run(*verify[:3], "--scratch", place / "none", data=stopped.data)
    assert nowhere.returncode == 1 and f"there is no folder {place}/none" in nowhere.stderr
    assert "left behind" not in nowhere.stderr
    dump = place / "one" / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-1])
    damaged = run(*verify, data=stopped.data)
    assert damaged.returncode == 1 and "use another backup" in damaged.stderr


def test_a_port_that_is_taken_is_told_with_its_taker_and_the_setting(stopped):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("serve", "--listen", f"127.0.0.1:{port}", data=stopped.data, timeout=LONG)
    assert done.returncode == 1 and f"127.0.0.1:{port} is taken by" in done.stderr
    assert f"({os.getpid()})" in done.stderr and "listen.port" in done.stderr and "errno" not in done.stderr


def test_a_job_that_is_not_there_is_told_with_the_nearest(county, tmp_path):
    host, state = county.host, {"XDG_STATE_HOME": str(tmp_path)}

    def xinglin(*arguments, **environment):
        return run(*arguments, "--host", f"127.0.0.1:{host.port}", "--ca", host.ca, environment={**state, **environment})

    assert xinglin("login", "admin", XINGLIN_PASSWORD=county.passwords["admin"]).returncode == 0
    typo = xinglin("jobs", "history", "decoction.expiryWach")
    assert typo.returncode == 1 and "did you mean decoction.expiryWatch?" in typo.stderr and typo.stdout == ""
    stranger = xinglin("jobs", "history", "somethingElseAltogether")
    assert stranger.returncode == 1 and "xinglin jobs list" in stranger.stderr
    never = xinglin("jobs", "history", "decoction.expiryWatch", "--state", "skipped")
    assert never.returncode == 0


def _doctor(data, **environment):
    done = run("doctor", "--json", data=data, environment=environment)
    return {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}


def test_doctor_says_that_it_could_not_compare_the_keys_and_names_what_does(stopped):
    found = _doctor(stopped.data)["keys"]
    assert found["status"] == "warning" and "not compared" in found["finding"] and "keys list" in found["remedy"]


def test_doctor_names_a_prepared_key_and_one_remedy_for_an_open_one(own_county):
    host = own_county.host
    assert run("keys", "rotate", "--prepare", data=host.data).returncode == 0
    found = _doctor(host.data)["keys"]
    assert found["status"] == "ok" and "number 1 in use, number 2 prepared" in found["finding"]
    (host.data / "keys" / "0001.key").chmod(0o644)
    found = _doctor(host.data)["keys"]
    assert found["status"] == "failed" and "0001.key is open to other users" in found["finding"]
    assert "run:" not in found["finding"] and "chmod" in found["remedy"] and "backup" not in found["remedy"]
    (host.data / "keys" / "0001.key").chmod(0o600)


def test_doctor_says_where_the_folders_host_serves_and_claims_nothing_of_its_modules(county):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    found = _doctor(county.host.data, XINGLIN_LISTEN_PORT=str(free))
    assert found["port"]["status"] == "ok" and f"127.0.0.1:{free}" in found["port"]["finding"]
    assert f"listens at port {county.host.port}" in found["port"]["finding"]
    assert str(county.host.pid) in found["port"]["finding"]
    assert "xinglin call modules.list" in found["plugins"]["finding"]
    listed = run("modules", "list", data=county.host.data)
    assert "running" not in listed.stdout and "loads" in listed.stdout
