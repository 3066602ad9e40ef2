"""Two hosts on one external PostgreSQL, and what their tests look at past them."""

import contextlib
import shutil
import subprocess

from support.client import Client
from support.county import County
from support.host import Host, clean_environment, wait_until
from support.sql import AS_POSTGRES

# Two hosts and a test share the cluster's connections.
FEW_WORKERS = {"XINGLIN_DATABASE_WORKERS": "4"}


@contextlib.contextmanager
def two_hosts(cluster, accounts):
    """A county on the first of two hosts, which seals; gives it and the second host."""
    with Host(environment=FEW_WORKERS) as first, Host(environment=FEW_WORKERS) as second:
        cluster.prepare(first.data)
        first.environment.update(cluster.environment())
        second.environment.update(cluster.environment())
        county = County(first.start()).found(accounts)
        wait_until(lambda: "this host seals" in first.log.read_text(), seconds=120, what="the sealer's lock")
        # Hosts of one database have the same keys.
        second.data.mkdir(mode=0o700, parents=True)
        shutil.copytree(first.data / "keys", second.data / "keys")
        second.start()
        yield county, second


def on(host, token):
    """A connection to that host on a session."""
    client = Client(host.port, host.ca, timeout=120)
    try:
        client.resume(token)
    except BaseException:
        client.close()
        raise
    return client


def next_event(client, method="events.notify"):
    """The next notification."""
    message = client.receive(timeout=120)
    assert message.get("method") == method, message
    return message["params"]


class HeldTable:
    """A table that nobody gets at while the block runs."""

    def __init__(self, cluster, table, database="xinglin"):
        self.cluster, self.table, self.database = cluster, table, database

    def __enter__(self):
        command = ["psql", "--no-psqlrc", "-qAt", "-h", str(self.cluster.socket), "-U", "postgres", "-d", self.database]
        self.process = subprocess.Popen(
            self.cluster._as_owner(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/",
            env=clean_environment(PGPASSWORD=self.cluster.password))
        self.process.stdin.write(f"BEGIN; LOCK TABLE {self.table} IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "held\n"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
