"""The TLS side of the socket."""

import socket
import ssl
import stat

import pytest

from support.client import Client, tls_context


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_certificate_verifies_for(county, name):
    with Client(county.host.port, county.host.ca, host=name) as client:
        assert client.socket.version() == "TLSv1.3"
        assert "version" in client.call("host.ping")


def test_the_certificate_does_not_verify_for_another_name(county):
    with socket.create_connection(("127.0.0.1", county.host.port), timeout=10) as raw:
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch|not valid for"):
            tls_context(county.host.ca).wrap_socket(raw, server_hostname="xinglin.example")


def test_without_the_ca_the_certificate_does_not_verify(county):
    with socket.create_connection(("127.0.0.1", county.host.port), timeout=10) as raw:
        with pytest.raises(ssl.SSLCertVerificationError, match="verify failed"):
            ssl.create_default_context().wrap_socket(raw, server_hostname="127.0.0.1")


def test_a_client_of_tls_1_2_is_refused(county):
    context = tls_context(county.host.ca, newest=ssl.TLSVersion.TLSv1_2)
    with socket.create_connection(("127.0.0.1", county.host.port), timeout=10) as raw:
        with pytest.raises(ssl.SSLError, match="(?i)protocol.version|alert"):
            context.wrap_socket(raw, server_hostname="127.0.0.1")


def test_plain_text_is_closed_without_an_answer(county):
    with socket.create_connection(("127.0.0.1", county.host.port), timeout=15) as raw:
        raw.sendall(b'{"jsonrpc":"2.0","id":1,"method":"host.ping"}\n')
        received = b""
        try:
            while data := raw.recv(4096):
                received += data
        except ConnectionResetError:
            pass
    assert b"jsonrpc" not in received


def test_the_keys_are_for_the_owner_alone(county):
    data = county.host.data
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700
    private = [path for path in (data / "tls").rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert private, "the CA's and the server's keys are files of DIR/tls"
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
