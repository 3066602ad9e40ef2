"""A PostgreSQL cluster of three under Patroni and etcd on loopback, from the templates in deploy/ha, as an operator would run it."""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import string
import subprocess
import time
from pathlib import Path

from support.cluster import DATABASE
from support.host import (
    REPOSITORY, StartFailed, clean_environment, free_port, new_folder, postmaster_of, run, stop_postmaster, wait_until)
from support.sql import AS_POSTGRES, psql

ADDRESS = "127.0.0.1"
TEMPLATES = REPOSITORY / "deploy" / "ha"
NODES = 3


class Program:
    """A process of the cluster, under the user postgres where we are root."""

    def __init__(self, command, log, **environment):
        self.command, self.log, self.environment, self.process = command, log, environment, None

    def start(self):
        prefix = AS_POSTGRES if os.geteuid() == 0 else []
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                prefix + self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env=clean_environment(**self.environment), start_new_session=True)

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.runs:
            self.process.kill()
            self.process.wait()


class Node:
    """One member: Patroni and the PostgreSQL that it runs."""

    def __init__(self, number, folder):
        self.name = f"db{number}"
        self.folder = folder / self.name
        self.port, self.api = free_port(), free_port()
        self.data = self.folder / "data"
        self.patroni = Program(["/usr/bin/patroni", str(self.folder / "patroni.yml")], folder / f"{self.name}.log")

    @property
    def postmaster(self):
        return postmaster_of(self.data)

    def processes(self):
        """The postmaster and its children."""
        postmaster = self.postmaster
        if postmaster is None:
            return []
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def ask(self, path):
        """What Patroni's own port answers."""
        connection = http.client.HTTPConnection(ADDRESS, self.api, timeout=5)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class PatroniCluster:
    """Three nodes; `etcd_members` is 1 where a test must be quick, 3 as in service."""

    def __init__(self, etcd_members=3, ttl=20, loop_wait=5, retry_timeout=5):
        self.folder = new_folder()
        self.times = {"ttl": ttl, "loop_wait": loop_wait, "retry_timeout": retry_timeout}
        self.scope = "xinglin-trial"
        self.etcd_members = etcd_members
        self.nodes = [Node(number, self.folder) for number in range(1, NODES + 1)]
        self.etcds = []
        self.passwords = {name: secrets.token_hex(16) for name in ("superuser", "replication", "rewind", "host", "migrator")}
        self.stopped = []

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.destroy()
            raise

    def __exit__(self, *_):
        self.destroy()

    # Life

    def start(self):
        for program in ("patroni", "etcd"):
            if shutil.which(program) is None:
                raise StartFailed(f"{program} is missing: apt install patroni etcd-server")
        self._start_etcd()
        for node in self.nodes:
            self._own_folder(node.folder)
            self._fill("patroni.yml", node.folder / "patroni.yml", self._values(node))
            node.patroni.start()
            if node is self.nodes[0]:
                wait_until(lambda: self.leader is node, 120, what="the first primary")
        self.wait_until_whole()
        return self

    def _own_folder(self, folder):
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")

    @staticmethod
    def _fill(template, target, values):
        text = string.Template((TEMPLATES / template).read_text().replace("${…}", "$${…}")).substitute(values)
        target.touch(mode=0o600)
        if os.geteuid() == 0:
            shutil.chown(target, "postgres", "postgres")
        target.write_text(text)

    def _start_etcd(self):
        members = [(f"etcd{number}", free_port(), free_port()) for number in range(1, self.etcd_members + 1)]
        self.endpoints = ",".join(f"{ADDRESS}:{client}" for _, _, client in members)
        for name, peer, client in members:
            folder = self.folder / name
            self._own_folder(folder)
            self._fill("etcd.yml", folder / "etcd.yml", {
                "name": name, "folder": folder / "data", "address": ADDRESS, "peer_port": peer, "client_port": client,
                "members": ",".join(f"{other}=http://{ADDRESS}:{port}" for other, port, _ in members), "scope": self.scope,
            })
            program = Program(["/usr/bin/etcd", "--config-file", str(folder / "etcd.yml")], self.folder / f"{name}.log")
            self.etcds.append(program)
            program.start()
        wait_until(self._etcd_is_healthy, 60, what="etcd")

    def _etcd_is_healthy(self):
        connection = http.client.HTTPConnection(self.endpoints.split(",")[0], timeout=5)
        try:
            connection.request("GET", "/health")
            return json.loads(connection.getresponse().read()).get("health") == "true"
        except (OSError, ValueError):
            return False
        finally:
            connection.close()

    def _values(self, node):
        return {
            "scope": self.scope, "name": node.name, "address": ADDRESS, "api_port": node.api, "port": node.port,
            "etcd": self.endpoints, "folder": node.folder, "network": f"{ADDRESS}/32", "database": DATABASE, "watchdog": "'off'",
            "superuser_password": self.passwords["superuser"], "replication_password": self.passwords["replication"],
            "rewind_password": self.passwords["rewind"], **self.times,
        }

    def destroy(self):
        """Ends everything that was started here, whatever its state."""
        for pid in self.stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        for node in self.nodes:
            node.patroni.kill()
            stop_postmaster(node.data)
        for program in self.etcds:
            program.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # What there is

    def members(self):
        """What the first node that answers says of all: name, role, state, timeline."""
        for node in self.nodes:
            if not node.patroni.runs:
                continue
            with contextlib.suppress(OSError, ValueError, KeyError, http.client.HTTPException):
                return node.ask("/cluster")["members"]
        return []

    def node(self, name):
        return next(node for node in self.nodes if node.name == name)

    @property
    def leader(self):
        """The node that Patroni says is the primary."""
        for member in self.members():
            if member["role"] == "leader" and member["state"] == "running":
                return self.node(member["name"])
        return None

    @property
    def timeline(self):
        return max((member.get("timeline") or 0 for member in self.members() if member["role"] == "leader"), default=0)

    def wait_until_whole(self, seconds=180):
        """Until there is a primary, a synchronous standby, and every other node that runs follows."""
        def is_whole():
            members = self.members()
            roles = sorted(member["role"] for member in members)
            states = {member["state"] for member in members}
            return roles == ["leader", "replica", "sync_standby"] and states <= {"running", "streaming"}
        wait_until(is_whole, seconds, 0.3, "a primary, a synchronous standby and a replica")

    def restore(self, patience=45):
        """Until it is whole again, as an operator sees to it: a member that cannot follow is made anew from the primary. Gives the
        members that were."""
        began, anew = time.monotonic(), []
        while True:
            try:
                self.wait_until_whole(patience if not anew else 240)
                return anew
            except AssertionError:
                failed = [member["name"] for member in self.members()
                          if member["role"] != "leader" and member["state"] not in ("running", "streaming")]
                if not failed or anew or time.monotonic() - began > 300:
                    raise
            for name in failed:
                self.patronictl("reinit", self.scope, name, "--force")
            anew = failed

    def wait_for_new_leader(self, former, seconds=180):
        """The node that took over."""
        def found():
            leader = self.leader
            return leader if leader is not None and leader is not former else None
        return wait_until(found, seconds, 0.1, "another primary")

    # What happens to it

    def kill_node(self, node):
        """As when its machine loses power: Patroni and every process of PostgreSQL at once."""
        pids = node.processes()
        node.patroni.kill()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), what="the end of the node")

    def stop_node(self, node):
        """As when its machine hangs: Patroni and every process of PostgreSQL stand still with their connections open."""
        self.stopped = [node.patroni.process.pid, *node.processes()]
        for pid in self.stopped:
            os.kill(pid, signal.SIGSTOP)

    def continue_node(self):
        """The machine that hung goes on where it stood."""
        for pid in self.stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.stopped = []

    def revive(self, node):
        node.patroni.start()

    def switch_over(self):
        """The planned way: patronictl, as an operator does it."""
        leader = self.leader
        candidate = next(member["name"] for member in self.members() if member["role"] == "sync_standby")
        self.patronictl("switchover", self.scope, "--master", leader.name, "--candidate", candidate, "--force")
        return leader

    def patronictl(self, *arguments):
        prefix = AS_POSTGRES if os.geteuid() == 0 else []
        subprocess.run(
            prefix + ["/usr/bin/patronictl", "-c", str(self.leader.folder / "patroni.yml"), *arguments],
            check=True, capture_output=True, text=True, timeout=120, cwd="/",
            env=clean_environment(HOME="/tmp", LANG="C.UTF-8"))

    # The database

    def superuser(self, statements, database=DATABASE, node=None, **variables):
        node = node or self.leader
        return psql(statements, ADDRESS, node.port, database, password=self.passwords["superuser"], **variables)

    def prepare(self, data):
        """Database, roles and migrations, as docs/operations-ha.md tells."""
        self.superuser(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0", database="postgres")
        modules = ",".join(line.split()[0] for line in run("modules").stdout.splitlines()[1:])
        self.superuser((REPOSITORY / "deploy" / "roles.sql").read_text(), modules=modules)
        for login in ("host", "migrator"):
            self.superuser(f"ALTER ROLE xinglin_{login} PASSWORD '{self.passwords[login]}'")
        done = run("migrate", data=data, environment=self.environment())
        if done.returncode != 0:
            raise StartFailed(f"xinglin migrate ended with {done.returncode}: {done.stderr[-2000:]}")

    def conninfo(self, login):
        hosts = ",".join(ADDRESS for _ in self.nodes)
        ports = ",".join(str(node.port) for node in self.nodes)
        return (f"host={hosts} port={ports} dbname={DATABASE} user=xinglin_{login} password={self.passwords[login]} "
                "target_session_attrs=read-write")

    def environment(self):
        """Settings of a host on this cluster."""
        return {
            "XINGLIN_DATABASE_URL": self.conninfo("host"), "XINGLIN_DATABASE_MIGRATE_URL": self.conninfo("migrator"),
        }


def log_tails(cluster, lines=15):
    """The last lines of each program's log, for a failure's report."""
    return "\n".join(
        f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
        for path in sorted(cluster.folder.glob("*.log")))
