"""Backups, restores and verifications that are broken off: by signals, by kill -9, by what the backup holds."""

import json
import os
import shutil
import signal

import pytest

from support.county import County
from support.host import Host, StartFailed, new_folder, postmaster_of, run, wait_until
from support.interrupting import Running, postmasters_below
from support.sql import psql, psql_session

LONG = 600
ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(scope="module")
def source():
    """The stopped host of a county."""
    with Host() as host:
        County(host.start()).found(["pharmacist-t1"])
        assert host.stop() == 0
        yield host


@pytest.fixture(scope="module")
def taken(source):
    """A backup of it."""
    folder = new_folder()
    done = run("backup", "--output", folder / "one", data=source.data, timeout=LONG)
    assert done.returncode == 0, done.stderr
    yield folder / "one"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def place():
    """A folder that a PostgreSQL of another user can lie below."""
    folder = new_folder()
    yield folder
    for pid in postmasters_below(folder):
        os.kill(pid, signal.SIGQUIT)
    wait_until(lambda: not postmasters_below(folder), LONG)
    shutil.rmtree(folder, ignore_errors=True)


def with_keys(source, data):
    """A new data folder with the keys alone."""
    data.mkdir()
    shutil.copytree(source.data / "keys", data / "keys")
    return data


def interrupt(running, program, number):
    """Sends the signal while that program is in the middle of its work; the exit code and what was said."""
    with running.held_in(program):
        running.send(number)
    return running.end()


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("program", ["initdb", "pg_ctl", "pg_restore"])
def test_a_verification_that_is_interrupted_leaves_nothing(source, taken, place, program, number):
    with Running("restore", "--verify", taken, "--scratch", place, data=source.data) as verifying:
        code, output, errors = interrupt(verifying, program, number)
    assert code == 1 and "interrupted" in errors and "not verified" in errors, (output, errors)
    assert os.listdir(place) == [] and postmasters_below(place) == []


def test_what_a_killed_verification_left_is_stopped_and_removed_by_the_next(source, taken, place):
    with Running("restore", "--verify", taken, "--scratch", place, data=source.data) as verifying:
        with verifying.held_in("pg_restore"):
            verifying.send(signal.SIGKILL)
            verifying.end()
    left = place / f"xinglin-verify-{verifying.pid}"
    assert left.is_dir() and postmasters_below(place)
    # Another's folder of the same name, and one that is at work, are left alone.
    (place / "xinglin-verify-other").mkdir()
    with Running("restore", "--verify", taken, "--scratch", place, data=source.data) as second:
        with second.held_in("pg_restore"):
            assert not left.exists()
            third = run("restore", "--verify", taken, "--scratch", place, data=source.data, timeout=LONG)
            assert third.returncode == 0 and "broken off" not in third.stderr, third.stderr
        code, _, errors = second.end()
    assert code == 0 and str(left) in errors and "broken off" in errors
    assert os.listdir(place) == ["xinglin-verify-other"] and postmasters_below(place) == []


@pytest.mark.parametrize("number", ENDING)
def test_a_restore_that_is_interrupted_leaves_nothing_and_can_be_run_again(source, taken, place, number):
    data = with_keys(source, place / "data")
    for program in ("initdb", "pg_restore"):
        with Running("restore", taken, data=data) as restoring:
            code, output, errors = interrupt(restoring, program, number)
        assert code == 1 and "interrupted" in errors and "nothing was restored" in errors, (output, errors)
        assert not (data / "pg").exists() and postmasters_below(place) == []
    done = run("restore", taken, data=data, timeout=LONG)
    assert done.returncode == 0, done.stderr


def test_a_killed_restore_is_marked_refused_by_all_and_replaced_by_the_next(source, taken, place):
    with Host(folder=place) as host:
        with_keys(source, host.data)
        with Running("restore", taken, data=host.data) as restoring:
            # Not held: what is stopped gets a SIGHUP when its parent dies.
            program = restoring.child("pg_restore")
            restoring.send(signal.SIGKILL)
            restoring.end()
            # The program outlives it, and restores everything; nobody has compared it.
            wait_until(lambda: not os.path.exists(f"/proc/{program}"), LONG, what="the end of pg_restore")
        with pytest.raises(StartFailed) as refusal:
            host.start()
        assert "restore into this database is not finished" in str(refusal.value)
        for command in (("backup", "--output", place / "bk"), ("migrate",), ("keys", "list")):
            refused = run(*command, data=host.data, timeout=LONG)
            assert refused.returncode == 1 and "restore into this database is not finished" in refused.stderr, command
        done = run("restore", taken, data=host.data, timeout=LONG)
        assert done.returncode == 0 and "broken off" in done.stderr, done.stderr
        host.start()
        assert host.answers()
        assert host.stop() == 0


@pytest.fixture
def lying(taken, place):
    """A backup whose manifest tells of another number of rows."""
    shutil.copytree(taken, place / "lying")
    name = place / "lying" / "manifest.json"
    manifest = json.loads(name.read_text())
    for table in manifest["tables"]:
        if table["name"] == "account":
            table["rows"] += 1
    name.write_text(json.dumps(manifest))
    return place / "lying"


@pytest.mark.parametrize("is_new", [True, False])
def test_a_restore_that_comes_to_other_data_keeps_nothing_of_it(source, taken, place, lying, is_new):
    data = with_keys(source, place / "data")
    if not is_new:
        # A cluster that was there before stays; the database that was filled goes.
        with Host() as host:
            shutil.copytree(source.data / "keys", host.data / "keys")
            host.start()
            host.kill()
            psql("DROP DATABASE xinglin WITH (FORCE)", host.socket_folder(), database="postgres")
            _check_lying(host.data, lying, taken, is_new)
        return
    _check_lying(data, lying, taken, is_new)


def _check_lying(data, lying, taken, is_new):
    done = run("restore", lying, data=data, timeout=LONG)
    assert done.returncode == 1 and "use another backup" in done.stderr and "host.account" in done.stderr
    assert (data / "pg").exists() != is_new and postmaster_of(data / "pg" / "data") is None
    done = run("restore", taken, data=data, timeout=LONG)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("number", ENDING)
def test_a_backup_that_is_interrupted_leaves_nothing_and_its_name_free(source, place, number):
    target = place / "one"
    with Running("backup", "--output", target, data=source.data) as backing_up:
        code, output, errors = interrupt(backing_up, "pg_dump", number)
    assert code == 1 and "interrupted" in errors and "no backup was written" in errors, (output, errors)
    assert os.listdir(place) == [] and postmaster_of(source.data / "pg" / "data") is None
    done = run("backup", "--output", target, data=source.data, timeout=LONG)
    assert done.returncode == 0, done.stderr


def test_a_backup_that_was_killed_is_replaced_by_the_next_and_one_under_way_is_not(source, place):
    target = place / "one"
    with Running("backup", "--output", target, data=source.data) as backing_up:
        backing_up.child("pg_dump")
        backing_up.send(signal.SIGSTOP)
        second = run("backup", "--output", target, data=source.data, timeout=LONG)
        backing_up.send(signal.SIGCONT)
        assert second.returncode == 1 and "another backup is being written" in second.stderr, second.stderr
        assert backing_up.end()[0] == 0
    shutil.rmtree(target)
    with Running("backup", "--output", target, data=source.data) as backing_up:
        program = backing_up.child("pg_dump")
        backing_up.send(signal.SIGKILL)
        backing_up.end()
    assert (place / "one.partial" / "database.dump").exists()
    # What it had begun may outlive it for a moment.
    wait_until(lambda: not os.path.exists(f"/proc/{program}"), LONG, what="the end of pg_dump")
    done = run("backup", "--output", target, data=source.data, timeout=LONG)
    assert done.returncode == 0, done.stderr
    assert os.listdir(place) == ["one"]


def test_a_backup_that_waits_for_a_lock_is_interrupted_too(own_county, place):
    host = own_county.host
    counts = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'xinglin backup' AND wait_event_type = 'Lock'"

    def sql(statement):
        return psql(statement, host.socket_folder(), host.socket_port())

    with psql_session(host) as other:
        other.send("BEGIN; LOCK TABLE host.site IN ACCESS EXCLUSIVE MODE;")
        locked = "SELECT count(*) FROM pg_locks WHERE relation = 'host.site'::regclass AND mode = 'AccessExclusiveLock' AND granted"
        wait_until(lambda: sql(locked) == "1", LONG, what="the lock")
        with Running("backup", "--output", place / "one", data=host.data) as backing_up:
            wait_until(lambda: sql(counts) == "1", LONG, what="the wait for the lock")
            backing_up.send(signal.SIGTERM)
            code, _, errors = backing_up.end()
        assert code == 1 and "interrupted" in errors, errors
        assert sql(locked) == "1" and os.listdir(place) == []
    assert host.answers()
