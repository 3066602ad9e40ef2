"""The other side of the comparison: pgbench on a database of its own in the host's cluster."""

import os
import pathlib
import re
import resource
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
DATABASE = "common_work"


class Postgres:
    """Speaks to the cluster as its superuser, who is the user that runs it."""

    def __init__(self, host):
        self.host = host
        data = host.data / "pg/data"
        self.socket = self._setting("unix_socket_directories", data)
        # Only the cluster's own user may pass to the socket.
        self.user = data.owner()
        self.prefix = ["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []

    @staticmethod
    def _setting(name, data):
        for line in (data / "xinglin.conf").read_text().splitlines():
            if line.startswith(f"{name} = "):
                return line.split(" = ", 1)[1].strip("'")
        raise SystemExit(f"{name} is not set in {data}/xinglin.conf")

    def _run(self, program, *arguments, database=DATABASE, text=None):
        command = [*self.prefix, program, "-h", self.socket, "-U", "postgres", *arguments, database]
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
        return done.stdout

    def sql(self, text, database=DATABASE):
        return self._run("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-f", "-", database=database, text=text)

    def set_up(self):
        self.sql(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", "postgres")
        self.sql(f"ALTER DATABASE {DATABASE} SET search_path = w, public", "postgres")
        self.sql((HERE / "schema.sql").read_text())
        self.sql("ANALYZE", "xinglin")

    def settle(self):
        """Before each measurement: nothing left over from the one before."""
        self.sql("CHECKPOINT", "postgres")

    def pgbench(self, script, connections, seconds):
        """Runs a script; throughput, mean latency, and processor time of client and server per transaction."""
        text = (HERE / f"{script}.sql").read_text()
        server, client = self._server_seconds(), self._client_seconds()
        out = self._run(
            "pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(2, connections)),
            "-T", str(max(1, round(seconds))), "-f", "-", text=text)
        count = int(re.search(r"actually processed: (\d+)", out)[1])
        return {
            "perSecond": float(re.search(r"tps = ([\d.]+)", out)[1]),
            "meanMicroseconds": float(re.search(r"latency average = ([\d.]+)", out)[1]) * 1000,
            "serverMicroseconds": (self._server_seconds() - server) / count * 1e6,
            "clientMicroseconds": (self._client_seconds() - client) / count * 1e6,
        }

    def _server_seconds(self):
        """Postmaster, living backends, and those that ended, which the postmaster has waited for."""
        # A backend that ends while this is read would be missed or counted twice, so it is read until none has.
        while True:
            gone, living = self._ended_ticks(), self._living_ticks()
            if gone == self._ended_ticks():
                return (gone + living) / os.sysconf("SC_CLK_TCK")

    def _ended_ticks(self):
        fields = pathlib.Path(f"/proc/{self.host.postmaster}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[13]) + int(fields[14])

    def _living_ticks(self):
        postmaster, ticks = self.host.postmaster, 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if postmaster in (int(stat.parent.name), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
        return ticks

    @staticmethod
    def _client_seconds():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
