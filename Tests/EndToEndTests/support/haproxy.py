"""HAProxy before two hosts, with deploy/ha/haproxy.cfg as it is shipped."""

import shutil
import socket
import subprocess

from support.client import Client
from support.host import REPOSITORY, StartFailed, clean_environment, free_port, new_folder, wait_until

CONFIGURATION = REPOSITORY / "deploy" / "ha" / "haproxy.cfg"


class Front:
    """What clients see: one port, whichever host is behind it. Stands where a Host is expected for connecting."""

    def __init__(self, first, second):
        self.first, self.second = first, second
        self.folder = new_folder()
        self.port = free_port()
        self.ca = first.ca
        self.control = self.folder / "control"
        self.process = None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.destroy()
            raise

    def __exit__(self, *_):
        self.destroy()

    def environment(self):
        return clean_environment(
            XINGLIN_HAPROXY_LISTEN=f"127.0.0.1:{self.port}", XINGLIN_HAPROXY_SOCKET=str(self.control),
            XINGLIN_HOST_A=f"127.0.0.1:{self.first.port}", XINGLIN_HOST_B=f"127.0.0.1:{self.second.port}",
            XINGLIN_CA=str(self.ca), XINGLIN_CERTIFICATE_NAME="localhost")

    def start(self):
        program = shutil.which("haproxy", path="/usr/sbin:/usr/bin")
        if program is None:
            raise StartFailed("haproxy is missing: apt install haproxy")
        checked = subprocess.run(
            [program, "-c", "-f", str(CONFIGURATION)], capture_output=True, text=True, env=self.environment(), timeout=30)
        if checked.returncode != 0:
            raise StartFailed(f"haproxy refuses its configuration: {checked.stdout}{checked.stderr}")
        with open(self.folder / "haproxy.log", "ab") as log:
            self.process = subprocess.Popen(
                [program, "-db", "-f", str(CONFIGURATION)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment(), start_new_session=True)
        wait_until(lambda: self.states() == {"a": True, "b": True}, 60, what="both hosts up at HAProxy")
        return self

    def destroy(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, command):
        """A command on HAProxy's own socket."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            line.connect(str(self.control))
            line.sendall(command.encode() + b"\n")
            answer = b""
            while data := line.recv(65536):
                answer += data
        return answer.decode()

    def states(self):
        """Which host is up. UP is not enough right after the start: a server counts as up until its first check."""
        try:
            lines = self.ask("show stat").splitlines()
        except OSError:
            return {}
        names = lines[0].lstrip("# ").split(",")
        rows = [dict(zip(names, line.split(","))) for line in lines[1:] if line]
        return {
            row["svname"]: row["status"].startswith("UP") and row["check_status"].lstrip("* ").startswith("L7OK")
            for row in rows if row["pxname"] == "hosts" and row["svname"] != "BACKEND"}

    def open_connections(self):
        """How many connections each host has from HAProxy's clients."""
        lines = self.ask("show stat").splitlines()
        names = lines[0].lstrip("# ").split(",")
        rows = [dict(zip(names, line.split(","))) for line in lines[1:] if line]
        return {row["svname"]: int(row["scur"]) for row in rows if row["pxname"] == "hosts" and row["svname"] != "BACKEND"}

    # As a Host

    def connect(self, **options):
        return Client(self.port, self.ca, **options)

    def session(self, account, password):
        client = self.connect()
        try:
            client.login(account, password)
        except BaseException:
            client.close()
            raise
        return client

    def first_password(self):
        return self.first.first_password()
