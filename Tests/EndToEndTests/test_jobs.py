"""Scheduled jobs of two hosts on one database: each run once, whichever host dies."""

import subprocess
import threading

import pytest

from support.client import Refused
from support.cluster import Cluster
from support.county import County
from support.host import Host, run, wait_until

LONG = 120


@pytest.fixture
def two_hosts():
    """Two hosts on one PostgreSQL; the county is founded through the first."""
    with Cluster() as cluster, Host() as first, Host() as second:
        cluster.prepare(first.data)
        first.environment.update(cluster.environment())
        second.environment.update(cluster.environment())
        county = County(first.start()).found(["pharmacist-t1"])
        # Both must read what is encrypted.
        second.data.mkdir(mode=0o755)
        subprocess.run(["cp", "-a", str(first.data / "keys"), str(second.data / "keys")], check=True)
        yield county, cluster, first, second


GATE = """
    CREATE TABLE public.gate (is_shut boolean NOT NULL);
    INSERT INTO public.gate VALUES (true);
    CREATE FUNCTION public.wait_at_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        -- Each statement sees what was committed meanwhile.
        WHILE EXISTS (SELECT FROM public.gate WHERE is_shut) LOOP PERFORM pg_sleep(0.05); END LOOP;
        RETURN NULL;
    END $$;
    CREATE TRIGGER gate AFTER DELETE ON example.note FOR EACH STATEMENT EXECUTE FUNCTION public.wait_at_gate()"""


def notes(cluster, count, age="400 days"):
    """Old notes of the township, written past the host."""
    cluster.superuser(f"""
        INSERT INTO example.note (site_id, note_id, text, written_on, created_at, created_by)
        SELECT site_id, gen_random_uuid(), 'note ' || n, (now() - interval '{age}')::date, now(), account_id
        FROM host.site, generate_series(1, {count}) AS n, host.account WHERE code = 't1' AND account = 'admin'""")


def test_a_run_of_a_killed_host_is_done_by_the_other_exactly_once(two_hosts):
    county, cluster, first, second = two_hosts
    second.start()
    notes(cluster, 7)
    cluster.superuser(GATE)
    with county.session("admin") as admin:
        asked = admin.call("jobs.run", {"job": "example.notesPurge", "site": "t1"})["runId"]
    # It has deleted, and has not committed.
    wait_until(
        lambda: cluster.superuser("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1", LONG,
        what="the run")
    runner = int(cluster.superuser(f"SELECT host FROM host.job_run WHERE run_id = '{asked}'").split("/")[1])
    dying, other = (first, second) if runner == first.pid else (second, first)
    assert runner == dying.pid
    dying.kill()
    assert cluster.superuser("SELECT count(*) FROM example.note") == "7"
    cluster.superuser("UPDATE public.gate SET is_shut = false")
    state = f"SELECT state FROM host.job_run WHERE run_id = '{asked}'"
    wait_until(lambda: cluster.superuser(state) == "done", LONG, what="the end of the run")
    row = cluster.superuser(f"SELECT takeovers, failures, counts, host FROM host.job_run WHERE run_id = '{asked}'")
    takeovers, failures, counts, host = row.split("|")
    assert (takeovers, failures, counts) == ("1", "0", '{"notes":7}')
    assert int(host.split("/")[1]) == other.pid
    assert cluster.superuser("SELECT count(*) FROM example.note") == "0"
    assert cluster.superuser("SELECT count(*) FROM host.audit WHERE method = 'example.notesPurge'") == "1"


def test_missed_runs_are_made_up_for_once_by_two_hosts_that_start_together(two_hosts):
    county, cluster, first, second = two_hosts
    assert first.stop() == 0
    cluster.superuser("""
        UPDATE host.enabled_module SET enabled_at = now() - interval '30 days';
        UPDATE host.job_schedule SET decided_until = now() - interval '3 days' WHERE job = 'decoction.expiryWatch'""")
    sites = int(cluster.superuser("SELECT count(*) FROM host.enabled_module WHERE module = 'decoction'"))
    assert sites >= 1
    starts = [threading.Thread(target=host.start) for host in (first, second)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    done = "SELECT count(*) FROM host.job_run WHERE job = 'decoction.expiryWatch' AND state = 'done'"
    wait_until(lambda: int(cluster.superuser(done)) >= sites, LONG, what="the missed runs")
    # Long enough for the other host to have looked too.
    wait_until(
        lambda: cluster.superuser("SELECT count(*) FROM host.job_run WHERE state IN ('waiting', 'running')") == "0", LONG,
        what="the end of all runs")
    assert int(cluster.superuser(done)) == sites
    skipped = cluster.superuser(
        "SELECT DISTINCT reason, counts FROM host.job_run WHERE job = 'decoction.expiryWatch' AND state = 'skipped'")
    assert skipped == 'host.jobMissed|{"missed":2}'


def test_many_runs_are_shared_by_two_hosts_and_each_is_done_once(two_hosts):
    county, cluster, first, second = two_hosts
    second.start()
    with county.session("admin") as admin:
        for number in range(40):
            admin.call("jobs.run", {"job": "decoction.expiryWatch", "site": "t1"}, key=f"run-{number}")
            admin.call("jobs.run", {"job": "decoction.expiryWatch", "site": "t1"}, key=f"run-{number}")
            admin.call("jobs.run", {"job": "example.notesPurge", "site": "t1"}, key=f"purge-{number}")
        wait_until(
            lambda: cluster.superuser("SELECT count(*) FROM host.job_run WHERE state IN ('waiting', 'running')") == "0",
            LONG, what="the end of all runs")
        history = admin.call("jobs.history", {"job": "decoction.expiryWatch", "limit": 500})["runs"]
    assert [run["state"] for run in history] == ["done"] * 40
    assert cluster.superuser("SELECT count(*) FROM host.job_run WHERE requested_by IS NOT NULL") == "80"


def test_the_command_line_shows_and_runs_jobs_in_both_languages(own_county, tmp_path):
    host = own_county.host
    state = {"XDG_STATE_HOME": str(tmp_path)}

    def xinglin(*arguments, **environment):
        done = run(*arguments, "--host", f"127.0.0.1:{host.port}", "--ca", host.ca, environment={**state, **environment})
        assert done.returncode == 0, done.stderr
        return done.stdout

    xinglin("login", "admin", XINGLIN_PASSWORD=own_county.passwords["admin"])
    listed = xinglin("jobs")
    assert "decoction.expiryWatch" in listed and "30 6 * * *" in listed and "NEXT RUN" in listed
    assert "下次运行" in xinglin("jobs", "list", "--locale", "zh")
    assert "begun" in xinglin("jobs", "run", "decoction.expiryWatch", "--site", "t1")
    wait_until(lambda: "done" in xinglin("jobs", "history", "decoction.expiryWatch"), LONG, what="the run")
    assert "完成" in xinglin("jobs", "history", "decoction.expiryWatch", "--site", "t1", "--locale", "zh")
    for limit in ("-5", "0", "501"):
        refused = run("jobs", "history", "--limit", limit, environment=state)
        assert refused.returncode == 2 and "--limit must be 1 to 500" in refused.stderr, refused.stderr


def test_a_host_refuses_to_start_where_the_settings_name_a_job_that_is_not_there(host):
    host.environment["XINGLIN_JOBS_DISABLED"] = "decoction.expiryWach"
    host.launch()
    assert host.process.wait(LONG) == 1
    assert "decoction.expiryWatch" in host.log_tail()


def test_a_job_that_is_off_is_run_by_hand_alone(host):
    host.environment["XINGLIN_JOBS_DISABLED"] = "host.sessionsPurge"
    county = County(host.start()).found([])
    with county.session("admin") as admin:
        jobs = {job["job"]: job for job in admin.call("jobs.list")["jobs"]}
        assert jobs["host.sessionsPurge"]["state"] == "off" and "nextRunAt" not in jobs["host.sessionsPurge"]
        asked = admin.call("jobs.run", {"job": "host.sessionsPurge"})["runId"]

        def ended():
            runs = admin.call("jobs.history", {"job": "host.sessionsPurge"})["runs"]
            return any(run["runId"] == asked and run["state"] == "done" for run in runs)

        wait_until(ended, LONG, what="the run")
        with pytest.raises(Refused) as refused:
            admin.call("jobs.run", {"job": "host.sessionsPurg"})
        assert refused.value.reason == "host.notFound"
