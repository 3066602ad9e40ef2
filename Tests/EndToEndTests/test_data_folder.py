"""A data folder belongs to one host, and its database to its keys. Backends that hang do not hold the callers."""

import os
import shutil
import signal
import subprocess
import time

import pytest

from support import county as pharmacy
from support.client import Refused
from support.host import BINARY, Host, StartFailed, clean_environment, run
from support.sql import embedded

PASSPHRASE = {"XINGLIN_BACKUP_PASSPHRASE": "correct horse battery"}


def test_a_second_host_on_the_data_folder_is_refused_and_the_first_one_goes_on(host):
    host.start()
    postmaster = host.postmaster()
    second = Host(folder=host.folder)
    with pytest.raises(StartFailed, match="another xinglin works on"):
        second.start()
    # A command beside the running host uses its PostgreSQL and leaves it running.
    done = subprocess.run(
        [str(BINARY), "audit", "verify", "--data", str(host.data)], capture_output=True, text=True,
        env=clean_environment(), timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert host.postmaster() == postmaster
    with host.connect() as client:
        assert client.call("host.ping")["version"]


def test_without_its_keys_or_with_others_the_host_refuses_to_start(host):
    host.start()
    host.stop()
    keys, away = host.data / "keys", host.data / "keys.away"
    keys.rename(away)
    with pytest.raises(StartFailed, match="the key files of this database are not in"):
        host.start()
    # Another key under the same name.
    other = Host()
    try:
        other.start()
        other.stop()
        shutil.rmtree(keys, ignore_errors=True)
        shutil.copytree(other.data / "keys", keys)
        keys.chmod(0o700)
        with pytest.raises(StartFailed, match="is not the one this database was encrypted with"):
            host.start()
    finally:
        other.destroy()
    # What the operator restores from the backup of the keys.
    shutil.rmtree(keys)
    away.rename(keys)
    host.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_command_of_another_user_is_refused_and_told_as_whom_to_run(host):
    """Root on the folder of the service's user: nothing is made there that the host could not read."""
    host.start()
    assert host.stop() == 0
    backup = host.folder / "backup"
    assert run("backup", "--output", backup, data=host.data).returncode == 0
    assert run("backup", "--keys", host.folder / "keys.archive", data=host.data, environment=PASSPHRASE).returncode == 0
    taken = [host.data, host.data / "keys"]
    for path in taken:
        shutil.chown(path, "nobody")
    before = sorted(path.name for path in host.data.rglob("*"))
    empty = host.folder / "empty"
    empty.mkdir()
    shutil.chown(empty, "nobody")
    commands = [
        (host.data, "audit", "verify"), (host.data, "backup", "--output", host.folder / "second"), (host.data, "keys", "list"),
        (host.data, "migrate"), (host.data, "serve"),
        (empty, "restore", "--keys", host.folder / "keys.archive"), (empty, "serve"),
    ]
    for data, *arguments in commands:
        done = run(*arguments, data=data, environment={"XINGLIN_LOG_FORMAT": "text", **PASSPHRASE})
        assert done.returncode == 1, (arguments, done)
        assert f"{data} belongs to nobody, and this command runs as root" in done.stderr, (arguments, done.stderr)
        assert "runuser -u nobody -- xinglin" in done.stderr, arguments
    assert sorted(path.name for path in host.data.rglob("*")) == before and list(empty.iterdir()) == []
    assert not (host.folder / "second").exists()
    doctor = run("doctor", data=host.data, environment={"LC_ALL": "zh_CN.UTF-8"})
    assert doctor.returncode == 1 and "属于用户 nobody" in doctor.stdout and "runuser -u nobody -- xinglin" in doctor.stdout
    for path in taken:
        shutil.chown(path, "root")
    assert run("audit", "verify", data=host.data).returncode == 0
    host.start()


def test_hanging_backends_do_not_hold_calls_beyond_their_deadline(host):
    county = pharmacy.County(host.start()).found(["pharmacist-t1"])
    with county.session("pharmacist-t1") as client:
        county.stock(client, "XLYP0003", 1_000)
        backends = [
            int(line)
            for line in embedded(host, "SELECT pid FROM pg_stat_activity WHERE application_name = 'xinglin worker'").split()
        ]
        assert backends
        for backend in backends:
            os.kill(backend, signal.SIGSTOP)
        try:
            began = time.monotonic()
            with pytest.raises(Refused) as refusal:
                client.call("decoction.stock.list", site="t1", deadline_ms=1000)
            assert refusal.value.reason in ("host.unavailable", "host.deadline")
            assert time.monotonic() - began < 10
        finally:
            for backend in backends:
                os.kill(backend, signal.SIGCONT)
        assert pharmacy.on_hand(client, "XLYP0003") == 1_000
