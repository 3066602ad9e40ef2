"""A proxy before PostgreSQL's Unix socket that reads the frontend protocol and, armed, kills the host at the k-th statement."""

import contextlib
import os
import signal
import socket
import struct
import threading

STARTUP = 196608


class KillingProxy:
    """Passes everything on. Armed with k, it lets k statements of the next transaction through and then kills the host.

    A statement is an Execute or Query message. PostgreSQL runs what it has received before it sees the end of the line, so
    killing after the k-th and before the k+1-st message is a crash between those two statements.
    """

    def __init__(self, folder, target):
        self.folder = folder
        folder.mkdir(mode=0o755, exist_ok=True)
        self.target = str(target / ".s.PGSQL.5432")
        self.lock = threading.RLock()
        self.links = set()
        self.host = None
        self.left = 0
        self.transaction = None
        self.seen = []
        self.killed = False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.cut()

    def arm(self, host, statements):
        """Kill that host after so many statements of the next transaction that begins."""
        with self.lock:
            self.host, self.left, self.transaction, self.seen, self.killed = host.pid, statements, None, [], False

    def disarm(self):
        """Passes everything again. Gives the statements that were let through, and whether the host was killed."""
        with self.lock:
            self.host = None
            return self.seen, self.killed

    def cut(self):
        with self.lock:
            links, self.links = self.links, set()
        for link in links:
            link.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                link = _Link(self, client)
            except OSError:
                client.close()
                continue
            with self.lock:
                self.links.add(link)
            link.start()

    def forward(self, link, statement, message):
        """Passes one message on; a statement is counted, and may be the last that passes."""
        with self.lock:
            if statement is None or self.host is None:
                return link.to_server(message)
            if self.transaction is None and statement.strip().upper().startswith("BEGIN"):
                self.transaction = link
            if self.transaction is not link:
                return link.to_server(message)
            if self.left > 0:
                self.seen.append(statement)
                self.left -= 1
                link.to_server(message)
            if self.left == 0:
                os.kill(self.host, signal.SIGKILL)
                self.host, self.killed = None, True
                self.cut()


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy, client):
        self.proxy = proxy
        self.client = client
        self.server = socket.socket(socket.AF_UNIX)
        self.server.connect(proxy.target)
        self.statements = {}
        self.portals = {}

    def start(self):
        threading.Thread(target=self._replies, daemon=True).start()
        threading.Thread(target=self._requests, daemon=True).start()

    def close(self):
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def to_server(self, data):
        with contextlib.suppress(OSError):
            self.server.sendall(data)

    def _replies(self):
        with contextlib.suppress(OSError):
            while data := self.server.recv(65536):
                self.client.sendall(data)
        self.close()

    def _requests(self):
        buffer, started = bytearray(), False
        with contextlib.suppress(OSError):
            while data := self.client.recv(65536):
                buffer += data
                while True:
                    at = 1 if started else 0
                    if len(buffer) < at + 4:
                        break
                    size = at + struct.unpack_from("!i", buffer, at)[0]
                    if len(buffer) < size:
                        break
                    message = bytes(buffer[:size])
                    del buffer[:size]
                    if started:
                        self.proxy.forward(self, self._statement(message), message)
                    else:
                        started = struct.unpack_from("!i", message, 4)[0] == STARTUP
                        self.to_server(message)
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_WR)

    def _statement(self, message):
        """The SQL that a message runs, or None."""
        kind, body = message[:1], message[5:]
        if kind == b"P":
            name, text = body.split(b"\0", 2)[:2]
            self.statements[name] = text.decode()
        elif kind == b"B":
            portal, name = body.split(b"\0", 2)[:2]
            self.portals[portal] = self.statements.get(name, "")
        elif kind == b"E":
            return self.portals.get(body.split(b"\0", 1)[0], "")
        elif kind == b"Q":
            return body.rstrip(b"\0").decode()
        return None
