"""A database of the release before, with data in it: fixtures/previous. `python -m support.previous` in Tests/EndToEndTests makes it
anew with the binary of that release (XINGLIN_BINARY); it is then what the next release is tested with."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from support import county as pharmacy
from support.cluster import DATABASE, Cluster, server_program
from support.county import County
from support.host import Host, clean_environment
from support.sql import AS_POSTGRES

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "previous"
PEOPLE = ["甲", "乙", "丙", "丁", "戊"]


def tables(cluster):
    """The rows of every table."""
    names = cluster.superuser(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
    return {name: int(cluster.superuser(f"SELECT count(*) FROM {name}")) for name in sorted(names.splitlines())}


def program(cluster, name, *arguments, stdin=None, stdout=None):
    """One of PostgreSQL's programs as the superuser of a cluster."""
    command = [server_program(name), "-h", str(cluster.socket), "-U", "postgres", *arguments]
    if os.geteuid() == 0:
        command = AS_POSTGRES + command
    subprocess.run(
        command, check=True, stdin=stdin, stdout=stdout, cwd="/", env=clean_environment(PGPASSWORD=cluster.password))


def load(cluster, data):
    """Puts the fixture into a cluster with roles, and its key into a data folder. Gives the facts."""
    facts = json.loads((FOLDER / "facts.json").read_text())
    with open(FOLDER / "database.dump", "rb") as dump:
        program(cluster, "pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={DATABASE}", stdin=dump)
    keys = data / "keys"
    keys.mkdir(parents=True)
    data.chmod(0o755)
    keys.chmod(0o700)
    key = keys / "0001.key"
    key.touch(mode=0o600)
    key.write_text(facts["key"])
    return facts


def make():
    """A county with people, stock, an import and refusals, all made through the wire."""
    with Cluster() as cluster, Host() as host:
        cluster.prepare(host.data)
        host.environment.update(cluster.environment())
        county = County(host.start()).found(["pharmacist-t1", "nurse-t1", "pharmacist-t2"])
        with county.session("admin") as admin:
            for site in ("t1", "t2"):
                admin.call("modules.enable", {"module": "people", "site": site})
        with county.session("nurse-t1") as nurse:
            for number, name in enumerate(PEOPLE):
                person = {"nameZh": f"测试{name}", "sex": "female", "birthDate": f"1980-01-0{number + 1}", "phone": f"1390000000{number}"}
                nurse.call("people.person.register", person, site="t1")
        for account, site in (("pharmacist-t1", "t1"), ("pharmacist-t2", "t2")):
            with county.session(account) as client:
                county.stock(client, "XLYP0003", 1_000_000, site=site)
                for number in range(10):
                    pharmacy.issue(client, "XLYP0003", 1_000, site=site, key=f"issue-{number}")
        key = (host.data / "keys" / "0001.key").read_text()
        assert host.stop() == 0
        trim(cluster)
        FOLDER.mkdir(parents=True, exist_ok=True)
        with open(FOLDER / "database.dump", "wb") as dump:
            program(cluster, "pg_dump", "--format=custom", "--compress=9", f"--dbname={DATABASE}", stdout=dump)
        facts = {"key": key, "passwords": county.passwords, "tables": tables(cluster)}
        (FOLDER / "facts.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def trim(cluster):
    """Takes away what came after the release, where a later binary made the database."""
    newer = os.environ.get("XINGLIN_NEWER_TABLES", "").split()
    for name in newer:
        cluster.superuser(f"DROP TABLE {name}")
    for name in os.environ.get("XINGLIN_NEWER_MIGRATIONS", "").split():
        cluster.superuser(f"DELETE FROM host.migration WHERE name = '{name}'")


if __name__ == "__main__":
    assert shutil.which("psql")
    make()
