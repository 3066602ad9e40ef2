"""One host with the Bench module on a data folder of its own, and the PostgreSQL that it runs."""

import json
import os
import pathlib
import random
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

SITE = "bench"


def free_port():
    """A free port below the range that outgoing connections take theirs from."""
    while True:
        port = random.randint(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Host:
    """Starts, restarts and stops the host, and calls it."""

    def __init__(self, binary, log_level):
        self.binary = binary
        # Another user, who runs PostgreSQL, passes through it.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xl-bench-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.address = f"127.0.0.1:{free_port()}"
        self.log_level = log_level
        self.process = None
        stems = sorted(path.name[3:-9] for path in binary.parent.glob("lib*Plugin.so"))
        # All plugins, as in service, and Bench besides, which is loaded only where it is named.
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("XINGLIN_", "PG"))}
        self.environment |= {
            "LC_ALL": "C.UTF-8", "XINGLIN_PLUGINS_LOAD": ",".join(stems), "XDG_STATE_HOME": str(self.folder / "state"),
            # One address makes all the load: the limits per address would measure themselves.
            "XINGLIN_LIMITS_CONNECTIONS_PER_SECOND": "100000", "XINGLIN_LIMITS_CONNECTIONS_BEFORE_LOGIN": "20000",
            "XINGLIN_LIMITS_CONNECTIONS_PER_ADDRESS": "20000",
        }

    @property
    def pid(self):
        return self.process.pid

    @property
    def postmaster(self):
        return int((self.data / "pg/data/postmaster.pid").read_text().split()[0])

    def start(self):
        """Starts the host; gives the seconds until it was ready."""
        begin = time.monotonic()
        with open(self.folder / "host.log", "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--data", self.data, "--listen", self.address, "--log-level", self.log_level],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=self.environment, start_new_session=True,
            )
        for line in self.process.stdout:
            if line.startswith(b"ready "):
                return time.monotonic() - begin
        raise SystemExit(f"the host did not start: {self.log_tail()}")

    def log_tail(self):
        """What the host last said besides its calls."""
        lines = (self.folder / "host.log").read_text(errors="replace").splitlines()
        return "".join(f"{line}\n" for line in lines if '"level":"info"' not in line)[-2000:]

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait(60)
        self.process = None

    def destroy(self):
        self.stop()
        shutil.rmtree(self.folder)

    def run(self, *arguments, **environment):
        """Runs a command of the program and gives what it prints."""
        command = [self.binary, *arguments]
        done = subprocess.run(
            command, env=self.environment | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr}{self.log_tail()}")
        return done.stdout

    def call(self, method, params, *flags, **environment):
        text = self.run("call", method, json.dumps(params), "--host", self.address, "--data", self.data, *flags, **environment)
        return json.loads(text) if text.strip() else None

    def set_up(self):
        """Makes the site with its rows, and logs in for what is measured."""
        password = "Bench-" + secrets.token_urlsafe(18)
        first = (self.data / "first-password").read_text().strip()
        self.call("session.login", {"account": "admin"}, XINGLIN_PASSWORD=first)
        self.call("session.changePassword", {}, XINGLIN_PASSWORD=first, XINGLIN_NEW_PASSWORD=password)
        self.call("session.login", {"account": "admin"}, XINGLIN_PASSWORD=password)
        self.call("sites.create", {"code": SITE, "nameZh": "性能测量", "kind": "other"})
        self.call("modules.enable", {"module": "bench", "site": SITE})
        self.call("bench.data.load", {"_meta": {"deadlineMs": 60000}}, "--site", SITE)

    def measure(self, *arguments, watch=()):
        """Runs `xinglin bench` and gives its figures."""
        watched = ["--watch", *map(str, watch)] if watch else []
        text = self.run("bench", *map(str, arguments), "--host", self.address, "--data", self.data, "--json", *watched)
        return json.loads(text)

    def resident(self):
        """KiB of memory that the host's process takes."""
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise SystemExit("the host is gone")
