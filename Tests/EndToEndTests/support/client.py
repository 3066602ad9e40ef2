"""A JSON-RPC client in plain ssl and json: one JSON value per line, over TLS 1.3, trusting the host's own CA only."""

import itertools
import json
import socket
import ssl
import time


class Refused(Exception):
    """The host answered a call with an error."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.code = error.get("code")
        self.message = error.get("message")
        self.reason = data.get("reason")
        self.details = data.get("details")
        self.hint = data.get("hint")
        self.retryable = data.get("retryable")
        self.trace = data.get("trace")
        super().__init__(f"{self.code} {self.reason}: {self.message}")


class Disconnected(Exception):
    """The line ended before the answer came."""


def tls_context(ca, newest=ssl.TLSVersion.TLSv1_3):
    """A context that trusts that CA alone and checks the server's name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(str(ca))
    context.minimum_version = min(newest, ssl.TLSVersion.TLSv1_3)
    context.maximum_version = newest
    return context


class Client:
    """One connection. Not for use by several threads."""

    def __init__(self, port, ca, host="127.0.0.1", timeout=30, source=None, context=None, session=None):
        self.ids = itertools.count(1)
        self.timeout = timeout
        self.buffer = bytearray()
        self.waiting = {}
        raw = socket.create_connection((host, port), timeout, (source, 0) if source else None)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket = (context or tls_context(ca)).wrap_socket(raw, server_hostname=host, session=session)
        except BaseException:
            raw.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass

    # Lines

    def send_bytes(self, data):
        try:
            self.socket.sendall(data)
        except (OSError, ssl.SSLError) as error:
            raise Disconnected(str(error)) from error

    def send_line(self, value):
        """Sends a value, or bytes and text as they are, with a line break."""
        if isinstance(value, str):
            value = value.encode()
        if not isinstance(value, (bytes, bytearray)):
            value = json.dumps(value, ensure_ascii=False).encode()
        self.send_bytes(bytes(value) + b"\n")

    def receive_line(self, timeout=None):
        """The next line without its break, or None at the end of the stream."""
        deadline = time.monotonic() + (timeout or self.timeout)
        while b"\n" not in self.buffer:
            self.socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self.socket.recv(65536)
            except ssl.SSLEOFError:
                data = b""
            except TimeoutError:
                raise
            except (ConnectionError, ssl.SSLError) as error:
                raise Disconnected(str(error)) from error
            if not data:
                if self.buffer:
                    raise Disconnected("the stream ended within a line")
                return None
            self.buffer += data
        line, _, rest = self.buffer.partition(b"\n")
        self.buffer = bytearray(rest)
        return bytes(line)

    def receive(self, timeout=None):
        """The next message."""
        line = self.receive_line(timeout)
        if line is None:
            raise Disconnected("the stream ended")
        return json.loads(line)

    def receive_nothing(self, seconds=0.5):
        """Whether no line arrives for that long."""
        try:
            return self.receive_line(seconds) is None
        except TimeoutError:
            return True

    # Calls

    def send_call(self, method, params=None, site=None, key=None, deadline_ms=None, locale="en"):
        """Sends a call without waiting for its reply, and gives its id."""
        params = dict(params or {})
        meta = {"locale": locale}
        if site is not None:
            meta["site"] = site
        if key is not None:
            meta["idempotencyKey"] = key
        if deadline_ms is not None:
            meta["deadlineMs"] = deadline_ms
        params["_meta"] = meta
        call = next(self.ids)
        self.send_line({"jsonrpc": "2.0", "id": call, "method": method, "params": params})
        return call

    def reply_to(self, call, timeout=None):
        """The result of that call; replies to others that come first are kept for them."""
        while call not in self.waiting:
            message = self.receive(timeout)
            self.waiting[message.get("id")] = message
        message = self.waiting.pop(call)
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def call(self, method, params=None, site=None, key=None, timeout=None, **meta):
        """Calls a method and gives its result, or raises Refused."""
        return self.reply_to(self.send_call(method, params, site, key, **meta), timeout)

    def login(self, account, password):
        return self.call("session.login", {"account": account, "password": password})

    def resume(self, token):
        return self.call("session.resume", {"token": token})


def insist(act, seconds=30, pause=0.05):
    """Repeats a call while the host says that it may be repeated; gives its result and the reasons on the way."""
    deadline = time.monotonic() + seconds
    reasons = []
    while True:
        try:
            return act(), reasons
        except Refused as refusal:
            if not refusal.retryable or time.monotonic() > deadline:
                raise
            reasons.append(refusal.reason)
        time.sleep(pause)
