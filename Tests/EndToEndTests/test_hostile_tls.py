"""TLS from its hostile side: old versions, weak ciphers, renegotiation, early data, odd extensions, and false servers."""

import datetime
import socket
import ssl
import subprocess
import threading

import pytest

from support.bystander import read_to_end, undisturbed
from support.client import tls_context
from support.host import clean_environment, run

MEGABYTES = 64
PING = '{"jsonrpc":"2.0","id":1,"method":"host.ping"}\n'


def s_client(host, *options, typed="", seconds=20):
    """What openssl s_client says."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{host.port}", "-CAfile", str(host.ca), *options],
        input=typed.encode(), capture_output=True, timeout=seconds, env=clean_environment())
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1", "-tls1_2"])
def test_old_versions_are_refused(county, version):
    with undisturbed(county.host, MEGABYTES):
        code, said = s_client(county.host, version, "-cipher", "ALL:@SECLEVEL=0", typed=PING)
    assert code != 0 and "jsonrpc" not in said and "Cipher is (NONE)" in said


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_where_1_2_is_allowed_older_versions_are_still_refused(impatient, version):
    code, said = s_client(impatient.host, version, "-cipher", "ALL:@SECLEVEL=0", typed=PING)
    assert code != 0 and "jsonrpc" not in said and "Cipher is (NONE)" in said


@pytest.mark.parametrize("cipher", ["aNULL", "eNULL", "RC4", "3DES", "EXPORT", "MD5", "DES", "PSK"])
def test_weak_ciphers_are_refused(impatient, cipher):
    code, said = s_client(impatient.host, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0", typed=PING)
    assert code != 0 and "jsonrpc" not in said


def server_random(host, newest):
    """The random of the host's ServerHello to a client of that version."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = tls_context(host.ca, newest)
    tls = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    with socket.create_connection(("127.0.0.1", host.port), 10) as raw:
        raw.sendall(outgoing.read())
        hello = b""
        while len(hello) < 43:
            hello += raw.recv(4096)
    # Record header 5, handshake header 4, version 2, then the random.
    return hello[11:43]


def test_who_is_talked_down_to_1_2_can_tell(impatient):
    # RFC 8446 4.1.3: a client that speaks 1.3 sees this, and ends the handshake that somebody cut down.
    assert server_random(impatient.host, ssl.TLSVersion.TLSv1_2).endswith(b"DOWNGRD\x01")
    assert not server_random(impatient.host, ssl.TLSVersion.TLSv1_3).endswith(b"DOWNGRD\x01")
    with impatient.host.connect() as client:
        assert client.socket.version() == "TLSv1.3"


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_renegotiation_ends_the_connection_or_is_not_there(impatient, version):
    with undisturbed(impatient.host, MEGABYTES):
        code, said = s_client(impatient.host, version, typed="R\n" * 3)
    # With 1.2 the host ends the connection; 1.3 has no renegotiation, which the client knows itself.
    wanted = {"-tls1_2": ("unexpected eof", "no renegotiation"), "-tls1_3": ("wrong ssl version",)}[version]
    assert code != 0 and "RENEGOTIATING" in said and any(word in said for word in wanted)
    assert said.count("BEGIN CERTIFICATE") == 1


def test_early_data_is_not_taken(county, tmp_path):
    session, early = tmp_path / "session", tmp_path / "early"
    early.write_text(PING)
    s_client(county.host, "-sess_out", str(session), typed=PING)
    # Without a ticket there is nothing to send early with; with one it is not taken.
    if session.exists():
        _, said = s_client(county.host, "-sess_in", str(session), "-early_data", str(early))
        assert "Early data was accepted" not in said


@pytest.mark.parametrize("name", ["localhost", "a." * 100 + "example", "xn--fiqs8s.example", "x" * 60, "127.0.0.1", None])
@pytest.mark.parametrize("protocols", [None, ["h2", "http/1.1"], ["x" * 255]])
def test_odd_names_and_protocols_change_nothing(county, name, protocols):
    context = tls_context(county.host.ca)
    context.check_hostname = False
    if protocols:
        context.set_alpn_protocols(protocols)
    with socket.create_connection(("127.0.0.1", county.host.port), 10) as raw:
        with context.wrap_socket(raw, server_hostname=name) as tls:
            assert tls.selected_alpn_protocol() is None
            names = {value for _, value in tls.getpeercert()["subjectAltName"]}
            assert "localhost" in names
            tls.sendall(PING.encode())
            assert b'"version"' in tls.recv(4096)


def test_http_on_the_port_gets_no_answer_of_ours(county):
    with socket.create_connection(("127.0.0.1", county.host.port), 10) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 45\r\n\r\n" + PING.encode())
        assert b"jsonrpc" not in read_to_end(raw, 15)
    with county.host.connect() as client:
        client.send_bytes(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        # Each line is no JSON; the blank one is passed over.
        assert [client.receive()["error"]["code"] for _ in range(2)] == [-32700, -32700]
        assert client.call("host.ping")["version"]


# False servers, seen from our own client


class FalseServer:
    """Takes one TLS connection with a given certificate and keeps what the client says after the handshake."""

    def __init__(self, certificate, key, newest=ssl.TLSVersion.TLSv1_3):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.maximum_version = newest
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(20)
        self.port = self.listener.getsockname()[1]
        self.heard = b""
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join(20)
        self.listener.close()

    def _serve(self):
        try:
            raw, _ = self.listener.accept()
            raw.settimeout(5)
            with raw, self.context.wrap_socket(raw, server_side=True) as tls:
                self.heard = tls.recv(4096)
        except OSError:
            pass


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    """Two certificate authorities."""
    folder = tmp_path_factory.mktemp("authorities")
    for name in ("ours", "foreign"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")
    return folder


def issue(folder, by, names, begins=-30, ends=30):
    """A server certificate that is good from and until so many days from now."""
    folder_of_ca = folder / "issued"
    folder_of_ca.mkdir(exist_ok=True)
    for name, text in (("index.txt", ""), ("serial", "01\n")):
        (folder_of_ca / name).write_text(text)
    key, request, certificate = (folder_of_ca / name for name in ("key.pem", "request.pem", "certificate.pem"))
    settings = folder_of_ca / "openssl.cnf"
    settings.write_text(f"""
[ca]
default_ca = own
[own]
database = {folder_of_ca}/index.txt
new_certs_dir = {folder_of_ca}
serial = {folder_of_ca}/serial
default_md = sha256
policy = any
x509_extensions = server
unique_subject = no
[any]
commonName = supplied
[server]
subjectAltName = {names}
""")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server", "-keyout", key, "-out", request)
    now = datetime.datetime.now(datetime.timezone.utc)
    instant = [(now + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ") for days in (begins, ends)]
    openssl("ca", "-batch", "-notext", "-config", settings, "-cert", folder / f"{by}.pem", "-keyfile", folder / f"{by}.key", "-in", request,
            "-out", certificate, "-startdate", instant[0], "-enddate", instant[1])
    return certificate, key


@pytest.mark.parametrize("by, names, begins, ends", [
    ("foreign", "IP:127.0.0.1,DNS:localhost", -30, 30), ("ours", "IP:127.0.0.1,DNS:localhost", -30, -1),
    ("ours", "IP:127.0.0.1,DNS:localhost", 1, 30), ("ours", "DNS:xinglin.example,IP:192.0.2.1", -30, 30),
], ids=["foreign", "expired", "not yet valid", "another's"])
def test_our_client_tells_a_false_server_nothing(authorities, tmp_path, by, names, begins, ends):
    certificate, key = issue(authorities, by, names, begins, ends)
    with FalseServer(certificate, key) as server:
        done = run(
            "call", "session.login", '{"account":"admin"}', "--host", f"127.0.0.1:{server.port}", "--ca", authorities / "ours.pem",
            environment={"XINGLIN_PASSWORD": "a secret that must stay", "XDG_STATE_HOME": str(tmp_path)})
    assert done.returncode == 3 and "certificate" in done.stderr
    assert server.heard == b""


def test_our_client_talks_to_a_server_whose_certificate_is_good(authorities, tmp_path):
    # Or the test above would pass for another reason.
    certificate, key = issue(authorities, "ours", "IP:127.0.0.1,DNS:localhost")
    with FalseServer(certificate, key) as server:
        run("call", "host.ping", "--host", f"127.0.0.1:{server.port}", "--ca", authorities / "ours.pem",
            environment={"XDG_STATE_HOME": str(tmp_path)})
    assert b"host.ping" in server.heard
