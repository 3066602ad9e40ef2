"""A host process: the real binary on a free port, with a data folder of its own."""

import contextlib
import json
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from support.client import Client, Disconnected, Refused

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("XINGLIN_BINARY", REPOSITORY / ".build" / "debug" / "xinglin"))
START_SECONDS = 120
STOP_SECONDS = 45


class StartFailed(Exception):
    """The process ended, or said nothing, before it was ready."""


def free_port():
    """A free port below the ephemeral range, where no outgoing connection of another process can take it."""
    for _ in range(200):
        port = random.randint(20000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise RuntimeError("no free port")


def new_folder():
    """A temporary folder that another user, such as postgres, can traverse. Short, for a socket's path ends at 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="xl-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def clean_environment(**more):
    """The environment of a process of ours: no settings of the caller's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XINGLIN_", "PG"))}
    kept.pop("LANG", None)
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def wait_until(condition, seconds=20, pause=0.05, what="the condition"):
    """Polls until the condition holds and gives its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not come about within {seconds} s"
        time.sleep(pause)


class Host:
    """Starts, stops, kills and restarts one host on one data folder."""

    def __init__(self, arguments=(), environment=None, folder=None):
        self.folder = folder or new_folder()
        self.data = self.folder / "data"
        self.port = free_port()
        self.arguments = list(arguments)
        self.environment = dict(environment or {})
        self.process = None
        self.lines = queue.Queue()
        self.log = self.folder / "host.log"
        # Where stderr goes in place of the log file: a file descriptor.
        self.stderr = None

    @property
    def ca(self):
        return self.data / "tls" / "ca.pem"

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.destroy()

    # Life

    def launch(self):
        """Starts the process without waiting for it."""
        command = [str(BINARY), "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}", *self.arguments]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.stderr or log, cwd=self.folder,
                env=clean_environment(**self.environment), start_new_session=True,
            )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, args=(self.process.stdout, self.lines), daemon=True).start()
        return self

    def start(self, seconds=START_SECONDS):
        """Starts the process and waits for its `ready` line."""
        self.launch()
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise StartFailed(f"no `ready` within {seconds} s; the log ends:\n{self.log_tail()}") from None
            if line is None:
                code = self.process.wait()
                raise StartFailed(f"the host ended with code {code}; the log ends:\n{self.log_tail()}")
            if line == f"ready 127.0.0.1:{self.port}":
                return self

    @staticmethod
    def _read(stream, lines):
        with stream:
            for line in stream:
                lines.put(line.decode(errors="replace").rstrip("\n"))
        lines.put(None)

    def stop(self, seconds=STOP_SECONDS):
        """SIGTERM; gives the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        self.process = None
        return code

    def kill(self):
        """kill -9 of the host alone; its PostgreSQL lives on."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def destroy(self):
        """Ends everything that was started here and removes the folder."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        stop_postmaster(self.data / "pg" / "data")
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self, lines=20):
        """The last lines of the log, which by its rules holds no secret and no personal data."""
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return "(no log)"

    # Talking to it

    def connect(self, **options):
        return Client(self.port, self.ca, **options)

    def session(self, account, password):
        """A connection with a session."""
        client = self.connect()
        try:
            client.login(account, password)
        except BaseException:
            client.close()
            raise
        return client

    def first_password(self):
        return (self.data / "first-password").read_text().strip()

    def answers(self):
        """Whether a ping is answered just now."""
        try:
            with self.connect(timeout=5) as client:
                client.call("host.ping")
                return True
        except (OSError, Disconnected, Refused):
            return False

    def postmaster(self):
        """The embedded cluster's main process, or None."""
        return postmaster_of(self.data / "pg" / "data")

    def socket_folder(self):
        """Where the embedded cluster's socket lies."""
        lines = (self.data / "pg" / "data" / "postmaster.pid").read_text().splitlines()
        return lines[4]

    def socket_port(self):
        return (self.data / "pg" / "data" / "postmaster.pid").read_text().splitlines()[3]


def run(*arguments, data=None, stdin=None, timeout=120, environment=None):
    """Runs `xinglin …` to its end."""
    command = [str(BINARY), *map(str, arguments)]
    if data is not None:
        command += ["--data", str(data)]
    return subprocess.run(
        command, input=stdin, stdin=subprocess.DEVNULL if stdin is None else None, capture_output=True, text=True,
        timeout=timeout, env=clean_environment(**(environment or {})),
    )


def postmaster_of(folder):
    """The process id in a cluster's postmaster.pid, where that process lives and is a PostgreSQL."""
    try:
        pid = int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError):
        return None
    return pid if name == "postgres" else None


def stop_postmaster(folder, seconds=20):
    """Stops a cluster at once (SIGQUIT), by the process id of its own folder."""
    pid = postmaster_of(folder)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT)
    with contextlib.suppress(AssertionError):
        wait_until(lambda: postmaster_of(folder) is None, seconds)


def accounts_of_demonstration(host):
    """The demonstration's accounts; their passwords are not to be printed."""
    return json.loads((host.data / "demo-accounts.json").read_text())
