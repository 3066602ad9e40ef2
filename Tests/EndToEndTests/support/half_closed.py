"""A TLS client that ends its side of the stream (close_notify and FIN) and goes on reading."""

import json
import socket
import ssl
import time

from support.client import tls_context


def replies_after_half_close(port, ca, lines, seconds=15):
    """Sends the lines, ends our side, and gives every message that comes until the host ends its own."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = tls_context(ca).wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    deadline = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as raw:

        def flush():
            data = outgoing.read()
            if data:
                raw.sendall(data)

        def fill():
            raw.settimeout(max(0.01, deadline - time.monotonic()))
            data = raw.recv(65536)
            if data:
                incoming.write(data)
            else:
                incoming.write_eof()

        def step(operation, *arguments):
            while True:
                try:
                    return operation(*arguments)
                except ssl.SSLWantReadError:
                    flush()
                    fill()

        step(tls.do_handshake)
        flush()
        tls.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        try:
            tls.unwrap()
        except ssl.SSLWantReadError:
            pass  # our close_notify is written; the host's has not come yet
        flush()
        raw.shutdown(socket.SHUT_WR)
        received = b""
        while True:
            try:
                data = step(tls.read, 65536)
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                break
            if not data:
                break
            received += data
    return [json.loads(line) for line in received.splitlines()]
