"""The operations port: alive, ready, and figures that add up with what clients did."""

import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import threading

import pytest

from support import county as pharmacy
from support.client import Refused
from support.cluster import Cluster
from support.county import County
from support.host import Host, StartFailed, run, wait_until
from support.operations import Metrics, Operations

PATIENCE = 240


@pytest.fixture(scope="module")
def watched(county):
    return Operations(county.host)


def calls(metrics, method):
    """What became of a method's calls: `{"done": 3, "forbidden": 1}`."""
    found = {}
    for (name, labels), value in metrics.samples.items():
        labels = dict(labels)
        if name == "xinglin_calls_total" and labels["method"] == method and value:
            found[labels.get("reason") or labels["outcome"]] = int(value)
    return found


def grown(before, after):
    return {key: after.get(key, 0) - before.get(key, 0) for key in {*before, *after} if after.get(key, 0) != before.get(key, 0)}


def test_the_pages_are_of_their_types_and_take_get_and_head_alone(watched):
    health = watched.health()
    assert (health.status, health.json) == (200, {"alive": True, "reasons": []})
    assert health.headers["content-type"] == "application/json" and health.headers["cache-control"] == "no-store"
    wait_until(lambda: watched.readiness() == (200, {"ready": True, "reasons": []}), PATIENCE)
    page = watched.get("/metrics")
    assert page.status == 200 and page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    head = watched.get("/metrics", method="HEAD")
    assert head.status == 200 and head.body == b"" and int(head.headers["content-length"]) > 1_000
    for method in ["POST", "PUT", "DELETE", "OPTIONS"]:
        refused = watched.get("/metrics", method=method, body=b"x")
        assert refused.status == 405 and refused.headers["allow"] == "GET, HEAD", method
    assert watched.get("/metrics/").status == 404 and watched.get("/").status == 404
    assert watched.get("/metrics?x=1").status == 200


@pytest.mark.parametrize("name", ["metrics.example.cn", "127.0.0.1.example.cn:80", "192.0.2.1"])
def test_a_page_in_a_browser_that_was_led_here_reads_nothing(watched, name):
    page = watched.get("/metrics", headers={"Host": name})
    assert page.status == 421 and b"xinglin_" not in page.body


def test_the_text_is_what_prometheus_reads(watched):
    text = watched.text()
    metrics = Metrics(text)
    assert metrics.value("xinglin_build_info", version="0.1.0") == 1
    assert metrics.value("xinglin_up_database") == 1 and metrics.value("xinglin_ready") == 1
    assert {family.type for family in metrics.families.values()} == {"counter", "gauge", "histogram"}
    assert all(family.documentation for family in metrics.families.values())
    assert all(name.startswith("xinglin_") for name in metrics.families)
    # Every job has its figure before any has run.
    failures = [dict(labels)["name"] for name, labels in metrics.samples if name == "xinglin_job_failures"]
    assert {"decoction.expiryWatch", "host.sessionsPurge"} <= set(failures)
    # Each histogram: buckets grow, and the last is the count.
    for (name, labels), count in metrics.samples.items():
        if not name.endswith("_count"):
            continue
        own = dict(labels)
        buckets = sorted(
            (float(dict(pairs)["le"]), value) for (found, pairs), value in metrics.samples.items()
            if found == name[:-6] + "_bucket" and {k: v for k, v in pairs if k != "le"} == own
        )
        assert len(buckets) == 16 and buckets[-1] == (float("inf"), count), name
        assert [value for _, value in buckets] == sorted(value for _, value in buckets)


def test_promtool_finds_nothing_to_complain_of(watched):
    promtool = os.environ.get("PROMTOOL") or shutil.which("promtool")
    if promtool is None:
        pytest.skip("there is no promtool; deploy/test.sh fetches it")
    done = subprocess.run([promtool, "check", "metrics"], input=watched.text(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_what_clients_did_is_what_is_counted(own_county):
    """Threads of clients with their sessions: every call is in the figures once, under what became of it."""
    county = own_county
    operations = Operations(county.host)
    county.token("pharmacist-t1")
    methods = ["host.ping", "decoction.stock.list", "decoction.supplier.create", "accounts.list", "session.login", "session.resume"]
    before = {method: calls(operations.metrics(), method) for method in [*methods, "(unknown)"]}
    start = operations.metrics()
    clients, rounds = 4, 25
    failures = []

    def work(number):
        try:
            with county.session("pharmacist-t1") as client:
                for turn in range(rounds):
                    client.call("host.ping")
                    client.call("decoction.stock.list", site=pharmacy.FIRST)
                    supplier = {"nameZh": f"供应商{number}-{turn}", "licence": f"L{number}-{turn}"}
                    client.call("decoction.supplier.create", supplier, site=pharmacy.FIRST, key=f"k{number}-{turn}")
                    # The same once more: a stored reply.
                    client.call("decoction.supplier.create", supplier, site=pharmacy.FIRST, key=f"k{number}-{turn}")
                    for method, params in [("accounts.list", {}), (f"made.up.{number}.{turn}", {}), ("decoction.stock.list", {"limit": -1})]:
                        with pytest.raises(Refused):
                            client.call(method, params, site=pharmacy.FIRST)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with county.host.connect() as client:
        for _ in range(2):
            with pytest.raises(Refused):
                client.call("session.login", {"account": "nobody", "password": "wrong"})
        client.send_line("no JSON")
        assert client.receive()["error"]["code"] == -32700

    metrics = operations.metrics()
    after = {method: calls(metrics, method) for method in before}
    count = clients * rounds
    assert {method: grown(before[method], after[method]) for method in before} == {
        "host.ping": {"done": count}, "decoction.stock.list": {"done": count, "invalid": count},
        "decoction.supplier.create": {"done": 2 * count}, "accounts.list": {"forbidden": count},
        "session.login": {"unauthenticated": 2}, "session.resume": {"done": clients}, "(unknown)": {"unknownMethod": count},
    }

    def more(name, **labels):
        return metrics.total(name, **labels) - start.total(name, **labels)

    assert more("xinglin_idempotent_replays_total") == count
    assert more("xinglin_login_failures_total") == 2
    assert more("xinglin_requests_refused_total", reason="parseError") == 1
    assert more("xinglin_handshakes_total", outcome="done") == clients + 1
    assert more("xinglin_received_bytes_total") > 0 and more("xinglin_sent_bytes_total") > 0
    # Every call is in its method's histogram too.
    for method in before:
        observed = metrics.value("xinglin_call_seconds_count", method=method) or 0
        assert observed == metrics.total("xinglin_calls_total", method=method), method
    assert metrics.value("xinglin_calls_in_flight") == 0
    assert "made.up" not in operations.text(), "a client's text became a label"


def test_connections_and_workers_are_told(own_county):
    operations = Operations(own_county.host)

    def state():
        metrics = operations.metrics()
        return (metrics.value("xinglin_connections", state="session"), metrics.value("xinglin_connections", state="noSession"))

    wait_until(lambda: state() == (0, 0), PATIENCE)
    with own_county.session("pharmacist-t1"), own_county.host.connect(), own_county.host.connect():
        wait_until(lambda: state() == (1, 2), PATIENCE)
    wait_until(lambda: state() == (0, 0), PATIENCE)
    # Somebody connects and goes before the handshake.
    failed = operations.metrics().value("xinglin_handshakes_total", outcome="failed")
    socket.create_connection(("127.0.0.1", own_county.host.port)).close()
    wait_until(lambda: operations.metrics().value("xinglin_handshakes_total", outcome="failed") == failed + 1, PATIENCE)

    def workers():
        metrics = operations.metrics()
        return {state: metrics.value("xinglin_workers", workers="general", state=state) for state in ["busy", "idle", "down"]}

    wait_until(lambda: workers() == {"busy": 0, "idle": 8, "down": 0}, PATIENCE)
    metrics = operations.metrics()
    assert metrics.value("xinglin_certificate_left_seconds", certificate="server") > 390 * 86_400
    assert metrics.value("xinglin_certificate_left_seconds", certificate="ca") > 3_600 * 86_400
    assert metrics.value("xinglin_process_resident_bytes") > 10_000_000
    assert metrics.value("xinglin_process_threads") > 10 and metrics.value("xinglin_process_open_files") > 10
    assert 0 < metrics.value("xinglin_disk_free_bytes") < metrics.value("xinglin_disk_size_bytes")
    assert metrics.value("xinglin_outbox_rows") == 0 and metrics.value("xinglin_database_size_bytes") > 1_000_000
    assert metrics.value("xinglin_sealer_leads") == 1


def test_without_a_database_the_host_lives_and_is_not_ready(host):
    with Cluster() as cluster:
        cluster.prepare(host.data)
        host.environment |= cluster.environment()
        host.start()
        operations = Operations(host)
        wait_until(lambda: operations.readiness() == (200, {"ready": True, "reasons": []}), PATIENCE)
        wait_until(lambda: operations.metrics().value("xinglin_up_database") == 1, PATIENCE)
        cluster.superuser("ALTER ROLE xinglin_host NOLOGIN")
        cluster.superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'xinglin_host'")
        wait_until(lambda: "database" in operations.readiness()[1]["reasons"], PATIENCE, 1)
        assert operations.readiness()[0] == 503
        metrics = operations.metrics()
        assert metrics.value("xinglin_up_database") == 0 and metrics.value("xinglin_ready") == 0
        assert metrics.value("xinglin_outbox_rows") is None, "what was read long ago is not told"
        assert metrics.value("xinglin_not_ready", reason="database") == 1
        assert operations.health().status == 200, "a host without its database is alive"
        cluster.superuser("ALTER ROLE xinglin_host LOGIN")
        wait_until(lambda: operations.readiness()[0] == 200, PATIENCE)
        assert host.stop() == 0


def test_a_schema_that_lacks_something_is_not_ready(host):
    with Cluster() as cluster:
        cluster.prepare(host.data)
        host.environment |= cluster.environment()
        host.start()
        operations = Operations(host)
        wait_until(lambda: operations.metrics().value("xinglin_up_database") == 1, PATIENCE)
        cluster.superuser("DELETE FROM host.migration WHERE module = 'decoction'")
        wait_until(lambda: operations.readiness() == (503, {"ready": False, "reasons": ["schema"]}), PATIENCE, 1)
        assert host.stop() == 0


def test_the_port_tells_of_the_end_and_is_gone_after_it(host):
    host.start()
    operations = Operations(host)
    wait_until(lambda: operations.readiness()[0] == 200, PATIENCE)
    assert host.stop() == 0
    with pytest.raises(OSError):
        operations.health()
    assert not (host.data / "operations-port").exists()
    levels = {json.loads(line)["level"] for line in host.log.read_text().splitlines()}
    assert levels <= {"info", "notice"}, "an orderly end is no error"


def test_two_hosts_start_side_by_side_and_a_taken_port_is_refused(host):
    host.start()
    taken = Operations(host).address
    with Host() as other:
        other.start()
        assert Operations(other).address != taken
    with Host(environment={"XINGLIN_OPERATIONS_LISTEN": taken}) as third:
        with pytest.raises(StartFailed) as failed:
            third.start()
        assert "operations.listen" in str(failed.value) and taken.split(":")[0] in str(failed.value)
        assert not (third.data / "pg").exists(), "nothing was begun"


def test_the_port_can_be_off(host):
    host.environment["XINGLIN_OPERATIONS_LISTEN"] = "off"
    host.start()
    assert not (host.data / "operations-port").exists()
    assert host.answers()


@pytest.mark.parametrize("address", ["0.0.0.0:7480", "192.0.2.7:7480", "[::]:7480", "7480", "127.0.0.1", "localhost:7480", "127.1:7480"])
def test_an_address_that_others_could_reach_is_refused(address, tmp_path):
    done = run("settings", data=tmp_path, environment={"XINGLIN_OPERATIONS_LISTEN": address})
    assert done.returncode == 1 and "operations.listen" in done.stderr and "loopback" in done.stderr, done


class Manager:
    """A service manager's socket, which is always read."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.told = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            self.told.put(self.socket.recv(4096).decode())

    def receive(self):
        return self.told.get(timeout=PATIENCE)

    def next_but_watchdog(self):
        while (said := self.receive()) == "WATCHDOG=1":
            pass
        return said


def test_the_service_manager_is_told_when_it_is_ready_alive_reloading_and_stopping(host):
    manager = Manager(host.folder)
    host.environment |= {"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"}
    host.start()
    assert manager.next_but_watchdog() == "READY=1"
    assert [manager.receive() for _ in range(3)] == ["WATCHDOG=1"] * 3
    host.process.send_signal(signal.SIGHUP)
    assert [manager.next_but_watchdog(), manager.next_but_watchdog()] == ["RELOADING=1", "READY=1"]
    assert host.stop() == 0
    assert manager.next_but_watchdog() == "STOPPING=1"


def test_a_service_manager_that_reads_nothing_holds_up_nothing(host):
    deaf = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    deaf.bind(str(host.folder / "notify"))
    host.environment |= {"NOTIFY_SOCKET": str(host.folder / "notify"), "WATCHDOG_USEC": "20000"}
    host.start()
    assert host.answers() and Operations(host).health().status == 200
    assert host.stop() == 0
    deaf.close()


# Log

LINE = {"ts", "level", "label", "msg", "metadata"}


def test_every_log_line_is_one_object_and_those_of_a_call_carry_its_trace(host):
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    host.environment["XINGLIN_LOG_LEVEL"] = "debug"
    county = County(host.start()).found(["pharmacist-t1"])
    with county.session("pharmacist-t1") as client:
        client.send_line({"jsonrpc": "2.0", "id": 1, "method": "host.ping", "params": {"_meta": {"traceparent": parent}}})
        client.receive()
        client.send_line({"jsonrpc": "2.0", "id": 2, "method": "host.ping", "params": {"_meta": {"traceparent": "张三 13800138000"}}})
        client.receive()
        with pytest.raises(Refused) as refused:
            client.call("accounts.list", site=pharmacy.FIRST)
    assert host.stop() == 0
    written = host.log.read_text().splitlines()
    # A library that prints past the log is named by what it printed.
    assert [line for line in written if not line.startswith("{")] == []
    lines = [json.loads(line) for line in written]
    assert len(lines) > 10
    for line in lines:
        assert set(line) <= LINE and {"ts", "level", "label", "msg"} <= set(line)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", line["ts"])
        assert line["level"] in ["trace", "debug", "info", "notice", "warning", "error", "critical"]
    answered = [line["metadata"] for line in lines if line["msg"] == "call"]
    assert all(re.fullmatch(r"[0-9a-f]{32}", call["trace"]) for call in answered)
    assert len({call["trace"] for call in answered}) == len(answered)
    assert all({"method", "outcome", "site", "us", "trace"} <= set(call) for call in answered)
    assert [call["traceparent"] for call in answered if "traceparent" in call] == [parent]
    assert [call["trace"] for call in answered if call["outcome"] == "host.forbidden"] == [refused.value.trace]
    text = host.log.read_text()
    for account in ["pharmacist-t1", "张三", "13800138000", host.folder.name + "/data/first-password"]:
        assert account not in text, account


def test_a_refused_call_is_logged_with_the_site_that_it_asked_for(host):
    county = County(host.start()).found(["pharmacist-t1"])
    asked = [
        ("decoction.stock.list", {}, pharmacy.SECOND, "host.forbidden"),
        ("people.person.get", {"personId": "0198f3a2-7c3e-7000-8000-000000000001"}, pharmacy.FIRST, "host.moduleDisabled"),
        # No such site, and a method at none.
        ("decoction.stock.list", {}, "13800138000", "host.siteUnknown"), ("accounts.list", {}, pharmacy.FIRST, "host.forbidden"),
    ]
    with county.session("pharmacist-t1") as client:
        for method, params, site, reason in asked:
            with pytest.raises(Refused) as refused:
                client.call(method, params, site=site)
            assert refused.value.reason == reason, method
    assert host.stop() == 0
    text = host.log.read_text()
    calls = [line["metadata"] for line in map(json.loads, text.splitlines()) if line["msg"] == "call"]
    found = [(call["method"], call["site"]) for call in calls if call["outcome"] != "done"]
    assert found[-4:] == [
        ("decoction.stock.list", pharmacy.SECOND), ("people.person.get", pharmacy.FIRST), ("decoction.stock.list", ""),
        ("accounts.list", ""),
    ]
    assert "13800138000" not in text, "what a client makes up is not logged"


def test_a_start_that_is_refused_is_a_line_of_the_log(host):
    host.start()
    second = Host(folder=host.folder)
    second.log = host.folder / "second.log"
    with pytest.raises(StartFailed):
        second.start()
    line = json.loads(second.log.read_text().splitlines()[-1])
    assert set(line) == LINE and (line["level"], line["msg"]) == ("critical", "the host did not start")
    assert "another xinglin works on" in line["metadata"]["reason"]
    # Settings that cannot be read, too; and as text where the log is text.
    for environment, form in [({}, "json"), ({"XINGLIN_LOG_FORMAT": "text"}, "text")]:
        third = Host(folder=host.folder, environment={"XINGLIN_DATABASE_WORKERS": "many", **environment})
        third.log = host.folder / f"{form}.log"
        with pytest.raises(StartFailed):
            third.start()
        lines = third.log.read_text().splitlines()
        assert "database.workers" in lines[-1]
        assert (json.loads(lines[-1])["level"] if form == "json" else lines[-1][:9]) in ["critical", "xinglin: "]
    # A command is no service: it says what is wrong in a sentence.
    done = run("settings", data=host.data, environment={"XINGLIN_DATABASE_WORKERS": "many", "XINGLIN_LOG_FORMAT": "json"})
    assert done.returncode == 1 and done.stderr.startswith("xinglin: ")


def test_the_format_of_the_log_is_a_setting(host):
    host.environment["XINGLIN_LOG_FORMAT"] = "text"
    host.start()
    assert host.stop() == 0
    assert not any(line.startswith("{") for line in host.log.read_text().splitlines())
