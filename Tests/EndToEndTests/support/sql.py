"""SQL as the clusters' superuser, past the host: to look at what it stored, or to damage it on purpose."""

import contextlib
import os
import shutil
import subprocess

from support.host import clean_environment

AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def psql(statements, folder, port=5432, database="xinglin", user="postgres", password=None, **variables):
    """Runs statements over the socket in that folder, and gives the rows as text."""
    command = [
        shutil.which("psql") or "/usr/bin/psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-qAt", "-h", str(folder), "-p", str(port),
        "-U", user, "-d", database, *(f"--set={name}={value}" for name, value in variables.items()), "-f", "-",
    ]
    # A cluster made by root runs as postgres, and its peer authentication knows that user.
    prefixes = [AS_POSTGRES, []] if os.geteuid() == 0 else [[]]
    for prefix in prefixes:
        result = subprocess.run(
            prefix + command, input=statements, capture_output=True, text=True, timeout=60, cwd="/",
            env=clean_environment(**({"PGPASSWORD": password} if password else {})))
        if result.returncode == 0:
            return result.stdout.strip()
    raise AssertionError(f"psql failed: {result.stderr.strip()}")


def embedded(host, statement):
    """SQL in the embedded cluster of a host."""
    return psql(statement, host.socket_folder(), host.socket_port())


class _Session:
    def __init__(self, process):
        self.process = process

    def send(self, statements):
        self.process.stdin.write(f"{statements}\n")
        self.process.stdin.flush()


@contextlib.contextmanager
def psql_session(host):
    """A superuser's session of its own in the embedded cluster of a host, which stays open for the length of the body."""
    command = [
        shutil.which("psql") or "/usr/bin/psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-qAt", "-h", host.socket_folder(),
        "-p", host.socket_port(), "-U", "postgres", "-d", "xinglin", "-f", "-",
    ]
    process = subprocess.Popen(
        (AS_POSTGRES if os.geteuid() == 0 else []) + command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        cwd="/", env=clean_environment())
    try:
        yield _Session(process)
    finally:
        process.stdin.close()
        process.wait(60)
