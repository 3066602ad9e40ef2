"""An external PostgreSQL cluster of the test's own, as an operator would provide it: deploy/roles.sql, then `xinglin migrate`."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from support.host import REPOSITORY, StartFailed, clean_environment, new_folder, run, stop_postmaster, wait_until
from support.sql import AS_POSTGRES, psql

DATABASE = "xinglin"


def server_program(name):
    """A program of the PostgreSQL server, which Debian does not put on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(found[0]) if found else shutil.which(name)


class Cluster:
    """Listens on a Unix socket only; passwords by SCRAM."""

    def __init__(self):
        self.folder = new_folder()
        self.data = self.folder / "cluster"
        self.socket = self.folder / "socket"
        self.process = None
        self.password = secrets.token_hex(16)
        self.logins = {}

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.destroy()
            raise

    def __exit__(self, *_):
        self.destroy()

    def _as_owner(self, command):
        return AS_POSTGRES + command if os.geteuid() == 0 else command

    def start(self):
        """Makes the cluster and starts it."""
        for folder in (self.data, self.socket):
            folder.mkdir(mode=0o755)
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres", "postgres")
        secret = self.folder / "superuser"
        secret.touch(mode=0o600)
        if os.geteuid() == 0:
            shutil.chown(secret, "postgres", "postgres")
        secret.write_text(self.password + "\n")
        subprocess.run(
            self._as_owner([
                server_program("initdb"), "-D", str(self.data), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
                "--auth-local=scram-sha-256", "--auth-host=reject", f"--pwfile={secret}", "--no-sync",
            ]), check=True, capture_output=True, cwd="/", env=clean_environment())
        secret.unlink()
        return self.launch()

    def launch(self):
        """Starts the server on its folder."""
        with open(self.folder / "cluster.log", "ab") as log:
            self.process = subprocess.Popen(
                self._as_owner([
                    server_program("postgres"), "-D", str(self.data), "-k", str(self.socket), "-c", "listen_addresses=",
                    "-c", "max_connections=60",
                ]), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=clean_environment(), start_new_session=True)
        wait_until(self._answers, what="the external PostgreSQL")
        return self

    def halt(self):
        """Stops the server and leaves its folder."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def _answers(self):
        try:
            return self.superuser("SELECT 1", database="postgres") == "1"
        except AssertionError:
            return False

    def superuser(self, statements, database=DATABASE, **variables):
        return psql(statements, self.socket, database=database, password=self.password, **variables)

    def prepare_roles(self):
        """What docs tell an operator: the database, deploy/roles.sql, and passwords for the logins."""
        self.superuser(f"CREATE DATABASE {DATABASE}", database="postgres")
        modules = ",".join(line.split()[0] for line in run("modules").stdout.splitlines()[1:])
        self.superuser((REPOSITORY / "deploy" / "roles.sql").read_text(), modules=modules)
        for login in ("xinglin_host", "xinglin_migrator"):
            self.logins[login] = secrets.token_hex(16)
            self.superuser(f"ALTER ROLE {login} PASSWORD '{self.logins[login]}'")

    def url(self, login, socket=None):
        return f"postgresql://{login}:{self.logins[login]}@/{DATABASE}?host={quote(str(socket or self.socket), safe='')}&port=5432"

    def environment(self, socket=None):
        """Settings of a host on this cluster, through the socket in another folder where one is given."""
        return {
            "XINGLIN_DATABASE_URL": self.url("xinglin_host", socket),
            "XINGLIN_DATABASE_MIGRATE_URL": self.url("xinglin_migrator"),
        }

    def migrate(self, data):
        """`xinglin migrate` on a data folder."""
        return run("migrate", data=data, environment=self.environment())

    def prepare(self, data):
        """Roles and migrations."""
        self.prepare_roles()
        done = self.migrate(data)
        if done.returncode != 0:
            raise StartFailed(f"xinglin migrate ended with {done.returncode}: {done.stderr[-2000:]}")

    def sessions_of_hosts(self):
        """How many sessions of xinglin_host are open."""
        return int(self.superuser("SELECT count(*) FROM pg_stat_activity WHERE usename = 'xinglin_host'"))

    def destroy(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        stop_postmaster(self.data)
        shutil.rmtree(self.folder, ignore_errors=True)
