"""Machine accounts: programs that call with a client certificate."""

import json
import ssl
import stat
import time

import pytest

from support.client import Client, Disconnected, Refused
from support.host import run
from support.machine import Machine, authority, handshake_verdict, issue, openssl
from support.sql import embedded


@pytest.fixture
def laboratory(county, admin, tmp_path):
    """A machine account of the first township centre, enrolled with a request that openssl made."""
    account = county.fresh_number("lab-").lower()
    made = admin.call("accounts.createMachine", {"account": account, "roles": [{"role": "integrator", "site": "t1"}]})
    with county.host.connect() as client:
        return Machine(tmp_path, account).enrol(client, made["enrolmentCode"])


def refusal_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def until_refused(client, since, seconds=5):
    """Calls until the host refuses, and gives the refusal; the right must end within the time."""
    while True:
        try:
            client.call("session.whoami")
        except Refused as refusal:
            return refusal
        assert time.monotonic() - since < seconds, f"the certificate was good for more than {seconds} s"
        time.sleep(0.05)


def test_a_machine_enrols_and_calls_with_its_certificate_and_people_still_log_in_without(county, laboratory):
    with laboratory.connect(county.host) as machine:
        who = machine.call("session.whoami")
        assert (who["account"], who["sites"]) == (laboratory.account, ["t1"]) and "token" not in who
        assert refusal_of(lambda: machine.call("accounts.list")).reason == "host.forbidden"
        assert refusal_of(lambda: machine.login("admin", county.passwords["admin"])).reason == "host.unauthenticated"
    with county.session("pharmacist-t1") as person:
        assert person.call("session.whoami")["account"] == "pharmacist-t1"
    with county.host.connect() as anyone:
        assert refusal_of(lambda: anyone.call("session.whoami")).reason == "host.unauthenticated"
        assert refusal_of(lambda: anyone.login(laboratory.account, "a guess")).reason == "host.badCredentials"
    text = openssl("x509", "-in", laboratory.certificate, "-noout", "-ext", "subjectAltName,extendedKeyUsage")
    assert f"URI:xinglin:principal:{laboratory.account}" in text and "Client Authentication" in text
    openssl("verify", "-CAfile", county.host.ca, "-x509_strict", "-purpose", "sslclient", laboratory.certificate)


def test_a_code_works_once(county, admin, tmp_path):
    account = county.fresh_number("once-").lower()
    code = admin.call("accounts.createMachine", {"account": account, "roles": []})["enrolmentCode"]
    with county.host.connect() as client:
        Machine(tmp_path, account).enrol(client, code)
        again = refusal_of(lambda: Machine(tmp_path, account).enrol(client, code))
    assert (again.code, again.reason) == (-32001, "host.badCredentials")
    stored = embedded(county.host, "SELECT count(*) FROM host.enrolment_code WHERE encode(code_digest, 'escape') LIKE '%-%-%'")
    assert stored == "0" and code not in county.host.log_tail(1000)


def test_certificates_that_are_foreign_expired_early_or_for_servers_fail_the_handshake(county, tmp_path):
    tls = county.host.data / "tls"
    foreign, foreign_key = authority(tmp_path)
    good = ("20250101000000Z", "20990101000000Z")
    cases = {
        "foreign": (issue(tmp_path, "foreign", foreign, foreign_key, *good), "UNKNOWN_CA"),
        "expired": (
            issue(tmp_path, "expired", tls / "ca.pem", tls / "ca.key", "20250101000000Z", "20250201000000Z"), "EXPIRED"),
        "early": (issue(tmp_path, "early", tls / "ca.pem", tls / "ca.key", "20980101000000Z", "20990101000000Z"), "CERTIFICATE"),
        "server": ((tls / "server.pem", tls / "server.key"), "CERTIFICATE"),
    }
    with county.session("pharmacist-t1") as other:
        for name, (files, alert) in cases.items():
            verdict = handshake_verdict(county.host, *files)
            assert verdict is not None and alert in verdict.upper(), f"{name}: {verdict}"
            assert other.call("session.whoami")["account"] == "pharmacist-t1"


def test_a_certificate_of_the_ca_that_the_host_never_issued_speaks_for_nobody(county, tmp_path):
    tls = county.host.data / "tls"
    for name, uri, expected in (
        ("unlisted", "URI:xinglin:principal:admin", "unknown"), ("nameless", "URI:https://example.cn/", "unsuited"),
    ):
        certificate, key = issue(tmp_path, name, tls / "ca.pem", tls / "ca.key", "20250101000000Z", "20990101000000Z", uri)
        machine = Machine(tmp_path, name)
        machine.certificate, machine.key = certificate, key
        with machine.connect(county.host) as client:
            refusal = refusal_of(lambda: client.call("session.whoami"))
            assert (refusal.reason, refusal.details["certificate"]) == ("host.unauthenticated", expected)
            assert "version" in client.call("host.ping")


def test_a_revoked_certificate_is_out_within_five_seconds_resumed_tls_sessions_included(county, admin, laboratory):
    host = county.host
    context = laboratory.context(host.ca)
    with laboratory.connect(host, context) as machine:
        assert machine.call("session.whoami")["account"] == laboratory.account
        # The ticket comes with the first bytes of the server.
        ticket = machine.socket.session
        with laboratory.connect(host, context, ticket) as resumed:
            assert resumed.socket.session_reused
            assert resumed.call("session.whoami")["account"] == laboratory.account
        params = {"account": laboratory.account, "serial": laboratory.serial, "reason": "设备报废"}
        admin.call("accounts.revokeCertificate", params)
        refusal = until_refused(machine, time.monotonic())
        assert (refusal.code, refusal.reason) == (-32001, "host.unauthenticated")
        assert refusal.details == {"certificate": "revoked", "serial": laboratory.serial}
        assert "revoked" in refusal.message and "accounts.enrolmentCode" in refusal.hint
        with laboratory.connect(host, context, ticket) as resumed:
            assert resumed.socket.session_reused, "TLS itself does not look at the certificate again"
            assert refusal_of(lambda: resumed.call("session.whoami")).details["certificate"] == "revoked"
    with laboratory.connect(host) as anew:
        assert refusal_of(lambda: anew.call("session.whoami")).details["certificate"] == "revoked"
    audited = embedded(
        host, f"SELECT count(*) FROM host.audit WHERE reason = 'host.unauthenticated' AND notes LIKE '%{laboratory.serial}%'")
    assert int(audited) == 3, "once for each connection"


def test_a_disabled_machine_is_out_and_comes_back(county, admin, laboratory):
    with laboratory.connect(county.host) as machine:
        machine.call("session.whoami")
        admin.call("accounts.disable", {"account": laboratory.account})
        assert until_refused(machine, time.monotonic()).details["certificate"] == "accountDisabled"
        admin.call("accounts.enable", {"account": laboratory.account})
        assert machine.call("session.whoami")["account"] == laboratory.account


def test_xinglin_enrol_call_and_renew(county, admin, tmp_path):
    account = county.fresh_number("gate-").lower()
    made = admin.call("accounts.createMachine", {"account": account, "roles": [{"role": "integrator", "site": "t1"}]})
    address = ["--host", f"127.0.0.1:{county.host.port}", "--ca", county.host.ca]
    folder = tmp_path / "machine"
    environment = {"XINGLIN_ENROLMENT_CODE": made["enrolmentCode"]}
    done = run("enrol", account, *address, "--out", folder, environment=environment)
    assert done.returncode == 0, done.stderr
    certificate, key = folder / f"{account}.pem", folder / f"{account}.key"
    assert done.stdout.strip() == str(certificate)
    assert {path.name for path in folder.iterdir()} == {f"{account}.key", f"{account}.pem", "ca.pem"}
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "ca.pem").read_text() == county.host.ca.read_text()

    def whoami(*more):
        called = run("call", "session.whoami", *address, "--cert", certificate, *more)
        assert called.returncode == 0, called.stderr
        return json.loads(called.stdout)

    assert whoami()["account"] == account
    assert whoami("--cert-key", key)["account"] == account
    first = certificate.read_text()
    renewed = run("enrol", account, *address, "--out", folder, "--renew")
    assert renewed.returncode == 0, renewed.stderr
    assert certificate.read_text() != first and whoami()["account"] == account
    listed = admin.call("accounts.certificates", {"account": account})["certificates"]
    assert [entry["state"] for entry in listed] == ["valid", "valid"]

    again = run("enrol", account, *address, "--out", folder, environment=environment)
    assert again.returncode == 1 and "host.badCredentials" in again.stderr
    assert not list(folder.glob("*.new")) and whoami()["account"] == account, "what was there is kept"
    assert made["enrolmentCode"] not in done.stdout + done.stderr + again.stderr


def test_xinglin_call_says_that_a_certificate_is_refused_and_what_to_do(county, tmp_path):
    foreign, foreign_key = authority(tmp_path)
    certificate, key = issue(tmp_path, "foreign", foreign, foreign_key, "20250101000000Z", "20990101000000Z")
    address = ["--host", f"127.0.0.1:{county.host.port}", "--ca", county.host.ca]
    done = run("call", "session.whoami", *address, "--cert", certificate, "--cert-key", key)
    assert done.returncode == 3 and "certificate" in done.stderr and "xinglin enrol" in done.stderr
    missing = run("call", "session.whoami", *address, "--cert", tmp_path / "nothing.pem")
    assert missing.returncode == 2 and "nothing.pem" in missing.stderr


def test_doctor_looks_at_the_ca_and_the_machines_certificates(county, laboratory):
    done = run("doctor", data=county.host.data)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = {line.split("  ")[0].strip(): line for line in done.stdout.splitlines()}
    assert "ok" in lines["CA certificate"] and "days" in lines["CA certificate"]
    assert "machine certificates" in lines
    soon = f"UPDATE host.machine_certificate SET expires_at = now() + interval '9 days' WHERE serial = '{laboratory.serial}'"
    embedded(county.host, soon)
    warned = run("doctor", data=county.host.data)
    assert warned.returncode == 0 and laboratory.account in warned.stdout and "--renew" in warned.stdout


def test_a_client_that_asks_for_tls_1_2_is_refused_with_a_certificate_too(county, laboratory):
    context = laboratory.context(county.host.ca)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, Disconnected)):
        Client(county.host.port, county.host.ca, context=context)
