"""SIGHUP takes renewed certificates into use without a connection being dropped."""

import shutil
import signal
import threading

import pytest

from support import county as pharmacy
from support.host import Host, wait_until
from support.machine import Machine, openssl, server_certificate
from support.sql import embedded

HOLD_DECOCTION = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'decoction' LOOP
        EXECUTE 'LOCK TABLE ' || name || ' IN ACCESS EXCLUSIVE MODE';
    END LOOP;
    PERFORM pg_sleep(1.5);
END $$;
"""


class OperatorsCertificate:
    """A server certificate of an operator's own CA, in the files of tls.certificateFile and tls.keyFile."""

    def __init__(self, folder):
        self.folder = folder
        self.ca, self.ca_key = folder / "operator-ca.pem", folder / "operator-ca.key"
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        self.new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        openssl("req", "-x509", *self.new_key, "-subj", "/CN=Operator CA", "-keyout", self.ca_key, "-out", self.ca)
        self.renew()

    def renew(self):
        """Another certificate and key; gives the certificate's serial number as Python's ssl does."""
        openssl(
            "req", "-x509", *self.new_key, "-CA", self.ca, "-CAkey", self.ca_key, "-subj", "/CN=server", "-addext",
            "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE", "-keyout", self.key, "-out", self.certificate)
        return openssl("x509", "-in", self.certificate, "-noout", "-serial").strip().removeprefix("serial=")

    @property
    def environment(self):
        return {"XINGLIN_TLS_CERTIFICATE_FILE": str(self.certificate), "XINGLIN_TLS_KEY_FILE": str(self.key)}


class HostOfAnOperator(Host):
    """Its clients trust the operator's CA."""

    def __init__(self, operator):
        super().__init__(environment=operator.environment)
        self.operator = operator

    @property
    def ca(self):
        return self.operator.ca


@pytest.fixture
def operated(tmp_path):
    with HostOfAnOperator(OperatorsCertificate(tmp_path)) as host:
        yield host


def hang_up(host):
    """SIGHUP, and waits for what the host says to it."""
    before = host.log.read_text().count("reloaded")
    host.process.send_signal(signal.SIGHUP)
    wait_until(lambda: host.log.read_text().count("reloaded") > before, what="an answer to SIGHUP in the log")
    return [line for line in host.log.read_text().splitlines() if "reloaded" in line][-1]


def test_sighup_with_a_call_in_flight_drops_nothing_and_shows_new_connections_the_new_certificate(operated, tmp_path):
    host = operated
    county = pharmacy.County(host.start()).found(["pharmacist-t1"])
    first = server_certificate(host.port, host.ca)
    with county.session("admin") as admin:
        made = admin.call("accounts.createMachine", {"account": "lab.t1", "roles": [{"role": "integrator", "site": "t1"}]})
        machine = Machine(tmp_path, "lab.t1").enrol(admin, made["enrolmentCode"])
    # Beside the operator's certificate the machines' still come from the private CA.
    openssl("verify", "-CAfile", host.data / "tls" / "ca.pem", "-purpose", "sslclient", machine.certificate)
    with county.session("pharmacist-t1") as person, machine.connect(host) as robot:
        county.stock(person, "XLYP0003", 10_000)
        locker = threading.Thread(target=embedded, args=(host, HOLD_DECOCTION))
        locker.start()
        wait_until(lambda: embedded(host, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), what="the lock")
        call = person.send_call("decoction.stock.issue", pharmacy.issue_params("XLYP0003", 1_000), site="t1", key="in-flight")
        wait_until(
            lambda: int(embedded(host, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) >= 1,
            what="a call that waits for the lock")
        renewed = host.operator.renew()
        assert "not reloaded" not in hang_up(host)
        assert server_certificate(host.port, host.ca) == renewed != first
        assert person.reply_to(call, 30)["moves"], "the call in flight is answered on the connection that it came on"
        locker.join()
        assert person.call("session.whoami")["account"] == "pharmacist-t1"
        assert robot.call("session.whoami")["account"] == "lab.t1"
        with machine.connect(host) as anew:
            assert anew.call("session.whoami")["account"] == "lab.t1"


def test_a_broken_new_certificate_leaves_the_old_one_in_use_and_is_logged(operated):
    host = operated
    host.start()
    first = server_certificate(host.port, host.ca)
    with host.connect() as client:
        for damage in (
            lambda: host.operator.certificate.write_text("no certificate"),
            lambda: host.operator.certificate.unlink(),
            # A certificate whose key is another one.
            lambda: (host.operator.renew(), openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                                                    "-out", host.operator.key)),
        ):
            damage()
            line = hang_up(host)
            assert "not reloaded" in line and "error" in line.lower(), line
            assert server_certificate(host.port, host.ca) == first
            assert "version" in client.call("host.ping")
        renewed = host.operator.renew()
        assert "not reloaded" not in hang_up(host)
        assert server_certificate(host.port, host.ca) == renewed
        assert "version" in client.call("host.ping")


def test_sighup_renews_the_hosts_own_certificate_when_its_time_has_come(host):
    host.start()
    first = server_certificate(host.port, host.ca)
    assert "not reloaded" not in hang_up(host)
    assert server_certificate(host.port, host.ca) == first, "a certificate that is good is kept"
    (host.data / "tls" / "server.pem").unlink()
    with host.connect() as client:
        assert "not reloaded" not in hang_up(host)
        assert server_certificate(host.port, host.ca) != first
        assert "version" in client.call("host.ping")
    # Without the CA's key none can be made; the one in use goes on.
    second = server_certificate(host.port, host.ca)
    (host.data / "tls" / "server.pem").unlink()
    shutil.move(host.data / "tls" / "ca.key", host.folder / "ca.key")
    line = hang_up(host)
    assert "not reloaded" in line and "ca.key" in line
    assert server_certificate(host.port, host.ca) == second
