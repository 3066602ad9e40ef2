"""Machine accounts: keys and requests by the openssl command, certificates by the host, connections that show them."""

import socket
import ssl
import subprocess

from support.client import Client, tls_context


def openssl(*arguments):
    """Runs openssl and gives what it prints."""
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


class Machine:
    """A machine account's key, request and certificate in a folder."""

    def __init__(self, folder, account):
        self.folder = folder
        self.account = account
        self.key = folder / f"{account}.key"
        self.request = folder / f"{account}.csr"
        self.certificate = folder / f"{account}.pem"
        self.serial = None

    def make_request(self):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.key)
        openssl("req", "-new", "-key", self.key, "-subj", f"/CN={self.account}", "-out", self.request)
        return self.request.read_text()

    def enrol(self, client, code):
        """Exchanges the code for a certificate over any connection; gives itself."""
        params = {"account": self.account, "code": code, "csr": self.make_request()}
        reply = client.call("machine.enrol", params)
        self.certificate.write_text(reply["certificate"])
        self.serial = reply["serial"]
        return self

    def context(self, ca):
        context = tls_context(ca)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def connect(self, host, context=None, session=None):
        """A connection that shows the certificate."""
        return Client(host.port, host.ca, context=context or self.context(host.ca), session=session)


def issue(folder, name, ca, ca_key, start, end, uri="URI:xinglin:principal:lab.t1"):
    """A client certificate made past the host, valid from one date to another; gives the files of certificate and key."""
    config, index = folder / f"{name}.cnf", folder / f"{name}.index"
    request, certificate, key = (folder / f"{name}.{ending}" for ending in ("csr", "pem", "key"))
    openssl(
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", key,
        "-out", request)
    index.write_text("")
    config.write_text(f"""
[ca]
default_ca = this
[this]
new_certs_dir = {folder}
database = {index}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = clientAuth
subjectAltName = {uri}
""")
    openssl(
        "ca", "-batch", "-notext", "-config", config, "-cert", ca, "-keyfile", ca_key, "-in", request, "-out", certificate,
        "-startdate", start, "-enddate", end)
    return certificate, key


def authority(folder):
    """A CA of nobody's; gives the files of certificate and key."""
    certificate, key = folder / "foreign-ca.pem", folder / "foreign-ca.key"
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Foreign CA",
        "-keyout", key, "-out", certificate)
    return certificate, key


def handshake_verdict(host, certificate, key):
    """Shows a certificate and gives the server's alert, or None where it is taken."""
    context = tls_context(host.ca)
    context.load_cert_chain(certificate, key)
    try:
        with socket.create_connection(("127.0.0.1", host.port), timeout=15) as raw:
            with context.wrap_socket(raw, server_hostname="127.0.0.1") as connection:
                # In TLS 1.3 the verdict on the client comes after the client's own handshake is done.
                connection.settimeout(2)
                try:
                    connection.recv(1)
                except TimeoutError:
                    return None
                return "closed"
    except ssl.SSLError as error:
        return error.reason


def server_certificate(port, ca):
    """What a new connection is shown: the certificate's serial number."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        with tls_context(ca).wrap_socket(raw, server_hostname="127.0.0.1") as connection:
            return connection.getpeercert()["serialNumber"]
