"""200 users of 20 sites at once: whatever the interleaving, nobody ever sees a row of another site."""

import collections
import hashlib
import json
import secrets
import subprocess
import sys
import uuid
from pathlib import Path

from support.county import County, pages
from support.host import wait_until
from support.sql import embedded

WORKER = Path(__file__).with_name("support") / "site_worker.py"
SITES, USERS, PROCESSES, ROUNDS = 20, 200, 4, 12


def open_sessions(county):
    """Accounts with a session each, made in the database: hashing 600 passwords would take minutes."""
    tokens, statements = [], ["BEGIN"]
    for user in range(USERS):
        token, account = secrets.token_urlsafe(32), str(uuid.uuid4())
        digest = hashlib.new("sm3", token.encode()).hexdigest()
        statements += [
            f"INSERT INTO host.account (account_id, account, password_hash, must_change, created_at) "
            f"VALUES ('{account}', 'user-{user:03d}', 'none', false, now())",
            f"INSERT INTO host.role_grant (account_id, role, site_id, reach) "
            f"SELECT '{account}', 'pharmacist', site_id, 'site' FROM host.site WHERE code = 's{user % SITES:02d}'",
            f"INSERT INTO host.session (token_digest, account_id, epoch, created_at, expires_at, last_seen_at) "
            f"VALUES (decode('{digest}', 'hex'), '{account}', 1, now(), now() + interval '1 hour', now())",
        ]
        tokens.append({"token": token, "site": f"s{user % SITES:02d}", "number": user % SITES})
    embedded(county.host, ";\n".join([*statements, "COMMIT"]))
    return tokens


def work(county, desks):
    """Runs the workers at one signal and gives their reports."""
    workers = []
    try:
        for number in range(PROCESSES):
            worker = subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            workers.append(worker)
            # Each process has desks of every site, so that sites meet within it and between them.
            job = {
                "port": county.host.port, "ca": str(county.host.ca), "rounds": ROUNDS, "seed": number,
                "desks": desks[number * USERS // PROCESSES:(number + 1) * USERS // PROCESSES]}
            worker.stdin.write(json.dumps(job) + "\n")
            worker.stdin.flush()
        for worker in workers:
            assert worker.stdout.readline() == "waiting\n", "a worker did not get ready"
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        return [json.loads(worker.stdout.readline()) for worker in workers]
    finally:
        for worker in workers:
            worker.stdin.close()
            worker.stdout.close()
            worker.kill()
            worker.wait()


def test_two_hundred_users_of_twenty_sites_see_only_their_own(host):
    county = County(host.start()).found([])
    with county.host.session("admin", county.passwords["admin"]) as admin:
        for number in range(SITES):
            site = {"code": f"s{number:02d}", "nameZh": f"{number + 1}号乡卫生院", "kind": "townshipCentre", "parent": "county"}
            admin.call("sites.create", site)
            for module in ("decoction", "example"):
                admin.call("modules.enable", {"module": module, "site": site["code"]})
        desks = open_sessions(county)
        wait_until(lambda: len(pages(admin, "accounts.list", {}, "accounts", None)) > USERS, what="the accounts in the directory")
        reports = work(county, desks)
        assert [entry for report in reports for entry in report["foreign"]] == []
        assert [entry for report in reports for entry in report["wrong"]] == []
        assert sum(report["replies"] for report in reports) == USERS * ROUNDS
        # The marks were really there to be seen, and foreign records were really asked for.
        assert sum(report["marked"] for report in reports) > USERS
        reasons = sum((collections.Counter(report["reasons"]) for report in reports), collections.Counter())
        assert reasons["host.notFound"] > 20 and reasons["host.forbidden"] > 20
        made = sum((collections.Counter(report["made"]) for report in reports), collections.Counter())
        for number in range(SITES):
            suppliers = pages(admin, "decoction.supplier.list", {}, "suppliers", f"s{number:02d}")
            assert len(suppliers) == made[f"s{number:02d}"] > 0
            assert all(f"MARK-{number:02d}-" in supplier["nameZh"] for supplier in suppliers)
