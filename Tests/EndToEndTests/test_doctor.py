"""`xinglin doctor`: every area, what is wrong, and what to do, in the terminal's language."""

import json
import os
import shutil
import socket
import stat
import subprocess

import pytest

from support.host import free_port, run, wait_until
from support.sql import embedded

CHECKS = {
    "settings", "dataFolder", "secretFiles", "keys", "certificate", "authority", "disk", "locks", "port", "plugins",
    "database", "migrations", "sealing", "clock", "machines",
}


def doctor(data, *arguments, port=None, **environment):
    """The exit code and the findings by check (the worst of each)."""
    if port is not None:
        environment["XINGLIN_LISTEN_PORT"] = str(port)
    done = run("doctor", "--json", *arguments, data=data, environment=environment)
    assert done.stderr == "", done.stderr
    rank = ["ok", "warning", "failed"]
    findings = {}
    for finding in json.loads(done.stdout)["findings"]:
        known = findings.get(finding["check"])
        if known is None or rank.index(finding["status"]) > rank.index(known["status"]):
            findings[finding["check"]] = finding
    return done.returncode, findings


def snapshot(folder):
    """Names, sizes, modes and times of everything below a folder."""
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in sorted(folder.rglob("*")) if "pg/data" not in str(path)
    }


@pytest.fixture
def stopped(host):
    """A data folder of a host that was started and stopped."""
    host.start()
    assert host.stop() == 0
    return host


def test_a_running_host_is_in_order_in_every_area(county):
    code, findings = doctor(county.host.data, port=county.host.port)
    assert code == 0, findings
    assert set(findings) == CHECKS
    assert {check for check, finding in findings.items() if finding["status"] == "failed"} == set()
    assert "this host serves" in findings["port"]["finding"]
    assert "PostgreSQL" in findings["database"]["finding"] and "max_connections" in findings["database"]["finding"]
    assert all(finding["remedy"] for finding in findings.values() if finding["status"] != "ok")


def test_a_chain_of_the_audit_that_stopped_fails(own_county):
    host = own_county.host
    embedded(host, """
        UPDATE host.audit_link SET number = 9223372036854775807
        WHERE (chain, number) = (SELECT chain, max(number) FROM host.audit_link GROUP BY chain ORDER BY chain LIMIT 1)
        """)
    code, findings = doctor(host.data, port=host.port)
    assert code == 1
    assert findings["sealing"]["status"] == "failed" and findings["sealing"]["finding"].startswith("1 chains")
    assert "xinglin audit verify" in findings["sealing"]["remedy"]


def test_it_changes_nothing_and_starts_nothing(stopped):
    before = snapshot(stopped.data)
    code, findings = doctor(stopped.data, port=stopped.port)
    assert code == 0, findings
    assert snapshot(stopped.data) == before
    assert stopped.postmaster() is None


def test_an_empty_machine_gets_warnings_and_no_folder(tmp_path):
    code, findings = doctor(tmp_path / "data", port=free_port())
    assert code == 0, findings
    assert findings["dataFolder"]["status"] == "warning" and "xinglin serve" in findings["dataFolder"]["remedy"]
    assert not (tmp_path / "data").exists()


def test_a_setting_that_cannot_be_used_is_a_finding(tmp_path):
    code, findings = doctor(tmp_path / "data", XINGLIN_LISTEN_PROT="7443")
    assert code == 1 and set(findings) == {"settings"}
    assert "XINGLIN_LISTEN_PORT" in findings["settings"]["finding"]
    code, findings = doctor(tmp_path / "data", XINGLIN_DATABASE_WORKERS="many")
    assert code == 1 and "database.workers" in findings["settings"]["finding"]


def test_a_missing_key_fails_with_the_way_out(stopped):
    shutil.move(stopped.data / "keys", stopped.data / "away")
    code, findings = doctor(stopped.data, port=stopped.port)
    assert code == 1 and findings["keys"]["status"] == "failed"
    assert "backup" in findings["keys"]["remedy"]
    (stopped.data / "keys").mkdir(0o700)
    code, findings = doctor(stopped.data, port=stopped.port)
    assert code == 1 and findings["keys"]["status"] == "failed"
    assert list((stopped.data / "keys").iterdir()) == [], "no key was made"


def test_a_key_of_another_database_is_found_on_a_running_one(own_county):
    data = own_county.host.data
    other = own_county.host.folder / "other"
    shutil.copytree(data / "keys", other)
    key = next((data / "keys").glob("*.key"))
    from_elsewhere = own_county.host.folder / "second"
    made = run("openrpc", data=from_elsewhere)
    assert made.returncode == 0
    key.write_text("xinglin-key-1 00 00\n")
    key.chmod(0o600)
    code, findings = doctor(data, port=own_county.host.port)
    assert code == 1 and findings["keys"]["status"] == "failed"
    key.write_text(next(other.glob("*.key")).read_text())


def test_files_that_others_can_read_fail(stopped):
    (stopped.data / "first-password").chmod(0o644)
    code, findings = doctor(stopped.data, port=stopped.port)
    assert code == 1 and findings["secretFiles"]["status"] == "failed"
    assert "first-password" in findings["secretFiles"]["finding"] and "chmod" in findings["secretFiles"]["remedy"]


def certificate(folder, *dates):
    """A self-signed certificate and its key, valid between two dates (openssl's form)."""
    key, file = folder / "own.key", folder / "own.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
         "-out", folder / "first.pem", "-subj", "/CN=localhost", "-days", "30"], check=True, capture_output=True)
    request, database = folder / "own.csr", folder / "index.txt"
    subprocess.run(
        ["openssl", "req", "-new", "-key", key, "-out", request, "-subj", "/CN=localhost"], check=True,
        capture_output=True)
    database.write_text("")
    (folder / "serial").write_text("01\n")
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\n"
        f"dir={folder}\ndatabase={database}\nserial={folder}/serial\nnew_certs_dir={folder}\ndefault_md=sha256\n"
        "policy=p\nunique_subject=no\n[p]\ncommonName=supplied\n")
    subprocess.run(
        ["openssl", "ca", "-batch", "-selfsign", "-config", folder / "ca.cnf", "-keyfile", key, "-cert",
         folder / "first.pem", "-in", request, "-out", file, "-startdate", dates[0], "-enddate", dates[1]],
        check=True, capture_output=True)
    key.chmod(0o600)
    return {"XINGLIN_TLS_CERTIFICATE_FILE": str(file), "XINGLIN_TLS_KEY_FILE": str(key)}


def test_an_expired_certificate_fails_and_one_that_soon_does_warns(tmp_path):
    expired = certificate(tmp_path, "20200101000000Z", "20210101000000Z")
    code, findings = doctor(tmp_path / "data", port=free_port(), **expired)
    assert code == 1 and findings["certificate"]["status"] == "failed"
    assert "2021-01-01" in findings["certificate"]["finding"] and "SIGHUP" in findings["certificate"]["remedy"]


def test_the_own_certificate_warns_by_the_days_of_the_setting(stopped):
    code, findings = doctor(stopped.data, port=stopped.port, XINGLIN_DOCTOR_CERTIFICATE_WARN_DAYS="3000")
    assert code == 0 and findings["certificate"]["status"] == "warning"
    assert findings["authority"]["status"] == "ok"


def test_the_disk_is_judged_by_the_settings(tmp_path):
    code, findings = doctor(tmp_path / "data", port=free_port(), XINGLIN_DOCTOR_DISK_FAIL_MEGABYTES="1073741824")
    assert code == 1 and findings["disk"]["status"] == "failed"
    assert "doctor.diskFailMegabytes" in findings["disk"]["remedy"]
    code, findings = doctor(
        tmp_path / "data", port=free_port(), XINGLIN_DOCTOR_DISK_WARN_MEGABYTES="1073741824")
    assert code == 0 and findings["disk"]["status"] == "warning"


def test_an_unreachable_database_fails_without_its_password(tmp_path):
    url = "postgresql://xinglin_host:word-to-hide@127.0.0.1:1/xinglin?connect_timeout=2"
    code, findings = doctor(tmp_path / "data", port=free_port(), XINGLIN_DATABASE_URL=url)
    assert code == 1 and findings["database"]["status"] == "failed"
    assert "database.url" in findings["database"]["remedy"] and "word-to-hide" not in json.dumps(findings)


def test_a_port_that_another_program_has_is_named_with_that_program(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, findings = doctor(tmp_path / "data", port=other.getsockname()[1])
    assert code == 1 and findings["port"]["status"] == "failed"
    assert str(os.getpid()) in findings["port"]["finding"]


def test_a_postgresql_left_over_by_a_killed_host_is_named(host):
    host.start()
    pid = host.postmaster()
    host.kill()
    try:
        code, findings = doctor(host.data, port=host.port)
        assert code == 0 and findings["locks"]["status"] == "warning"
        assert str(pid) in findings["locks"]["finding"]
        assert host.postmaster() == pid
    finally:
        host.start()
        wait_until(host.answers)


def test_a_module_setting_that_does_not_exist_is_named_with_the_nearest(tmp_path):
    config = tmp_path / "settings.yaml"
    config.write_text("modules:\n  decotion:\n    days: 3\n")
    code, findings = doctor(tmp_path / "data", "--config", str(config), port=free_port())
    assert code == 0 and findings["plugins"]["status"] == "warning"
    assert "modules.decoction" in findings["plugins"]["remedy"]


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "C.UTF-8"])
def test_findings_and_remedies_follow_the_language(tmp_path, language):
    _, findings = doctor(tmp_path / "data", port=free_port(), LC_ALL=language)
    texts = [text for finding in findings.values() for text in (finding["finding"], finding["remedy"]) if text]
    chinese = [text for text in texts if any("\u4e00" <= character <= "\u9fff" for character in text)]
    assert bool(chinese) == language.startswith("zh")


def test_the_data_folder_must_not_be_writable_by_others(stopped):
    stopped.data.chmod(0o777)
    code, findings = doctor(stopped.data, port=stopped.port)
    assert code == 1 and findings["dataFolder"]["status"] == "failed"
    stopped.data.chmod(0o755)
    assert stat.S_IMODE(stopped.data.stat().st_mode) == 0o755
