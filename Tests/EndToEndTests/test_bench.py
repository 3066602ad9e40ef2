"""Measuring works. What the figures say is for people: no test fails on a time."""

import json
import os
import shutil
import subprocess

import pytest

from support.host import BINARY, REPOSITORY, clean_environment, run

WORKS = ["select", "read", "read-audited", "list", "insert", "dispense"]


def test_the_script_measures_every_work_beside_pgbench(tmp_path):
    if shutil.which("pgbench", path=os.environ["PATH"] + ":/usr/lib/postgresql/15/bin") is None:
        pytest.fail("pgbench is missing; deploy/test.sh installs postgresql-15, which has it")
    figures = tmp_path / "figures.json"
    done = subprocess.run(
        [REPOSITORY / "deploy" / "bench.sh", "--quick", "--binary", BINARY, "--json", figures],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, env=clean_environment())
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(figures.read_text())
    assert [(row["work"], row["connections"]) for row in result["works"]] == [(w, c) for w in WORKS for c in (1, 8)]
    for row in result["works"]:
        assert row["host"]["calls"] > 0 and row["pgbench"]["perSecond"] > 0, row
        assert row["host"]["faults"] == {}, row
    assert result["beside"]["ping"]["calls"] > 0 and result["beside"]["echo"]["calls"] > 0
    assert result["beside"]["handshakes"]["calls"] > 0
    assert "not done" not in done.stdout


def test_the_host_does_not_load_the_bench_module_unless_it_is_named():
    assert (BINARY.parent / "libBenchOnRequestPlugin.so").exists()
    plain = run("modules")
    assert plain.returncode == 0, plain.stderr
    assert "bench" not in plain.stdout.split() and "example" in plain.stdout.split()
    for name in ("bench", "BenchOnRequest"):
        named = run("modules", environment={"XINGLIN_PLUGINS_LOAD": name})
        assert named.returncode == 0, named.stderr
        assert "bench" in named.stdout.split() and "example" not in named.stdout.split()


def test_a_measurement_names_what_the_host_refuses(county, tmp_path):
    host = county.host
    flags = ["--host", f"127.0.0.1:{host.port}", "--connections", "2", "--seconds", "0.2", "--warm-up", "0", "--json"]
    state = {"XDG_STATE_HOME": str(tmp_path)}
    done = run("bench", "ping", *flags, data=host.data, environment=state)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["calls"] > 0 and figures["faults"] == {}
    assert 0 < figures["latencyMicroseconds"]["p50"] <= figures["latencyMicroseconds"]["max"]
    refused = run("bench", "sites.list", *flags, data=host.data, environment=state)
    assert refused.returncode == 1 and "not one call" in refused.stderr
    assert list(json.loads(refused.stdout)["faults"]) == ["host.unauthenticated"]
