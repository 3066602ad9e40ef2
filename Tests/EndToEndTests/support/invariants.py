"""What must hold after every crash, read as the superuser while no client calls."""

import collections

from support.host import run, wait_until
from support.sql import embedded

# The workers' methods, and how many rows of what each leaves.
METHODS = (
    "decoction.supplier.create", "decoction.lot.receive", "decoction.lot.accept", "decoction.stock.issue",
    "people.person.register",
)
# Methods that publish an event in every call that is done; judged once any of them does.
PUBLISHING = ("decoction.lot.receive", "decoction.stock.issue", "people.person.register")


def baseline(host):
    """How much there is before the load."""
    return {
        "audit": int(embedded(host, "SELECT coalesce(max(seq), 0) FROM host.audit")),
        "persons": int(embedded(host, "SELECT count(*) FROM people.person")),
    }


def check(host, before, reports, imports):
    """Every invariant; gives a line of figures."""
    done = [report for report in reports if report["reason"] is None]
    balances(host)
    effects(host, before, done)
    claims(host, before, reports)
    idempotency(host, reports)
    events = numbered_events(host)
    audit(host, before, done)
    published(host)
    for one in imports:
        applied(host, one)
    return f"{len(done)} calls acknowledged, {len(reports) - len(done)} refused, {events} events"


def none(host, what, statement):
    found = embedded(host, statement)
    assert found in ("", "0"), f"{what}: {found}"


def balances(host):
    none(host, "lots whose balance is not the sum of their movements, or below zero", """
        SELECT count(*) FROM decoction.lot LEFT JOIN (
            SELECT site_id, lot_id, sum(quantity_mg) AS moved FROM decoction.movement GROUP BY site_id, lot_id) m
            USING (site_id, lot_id)
        WHERE on_hand_mg <> coalesce(moved, 0) OR on_hand_mg < 0""")


def effects(host, before, done):
    """Each acknowledged key has exactly its effect, and there is no effect of another."""
    rows = embedded(host, """
        SELECT reason, count(DISTINCT document_id), min(document_id::text), sum(quantity_mg) FROM decoction.movement
        WHERE kind = 'issue' AND reason LIKE 'fire-%' GROUP BY reason""")
    stored = {row.split("|")[0]: row.split("|")[1:] for row in rows.splitlines()}
    expected = {
        report["key"]: ["1", report["reply"]["documentId"], str(report["moved"])] for report in done
        if report["method"] == "decoction.stock.issue"}
    assert stored == expected, differences(stored, expected)
    rows = embedded(host, "SELECT batch_number, lot_id, received_mg FROM decoction.lot WHERE batch_number LIKE 'fire-%'")
    stored = {row.split("|")[0]: row.split("|")[1:] for row in rows.splitlines()}
    expected = {
        report["key"]: [report["reply"]["lotId"], str(report["moved"])] for report in done
        if report["method"] == "decoction.lot.receive"}
    assert stored == expected, differences(stored, expected)
    persons = sum(report["method"] == "people.person.register" for report in done)
    assert int(embedded(host, "SELECT count(*) FROM people.person")) == before["persons"] + persons


def differences(stored, expected):
    return f"only stored: {sorted(stored.keys() - expected.keys())[:5]}, only acknowledged: " \
        f"{sorted(expected.keys() - stored.keys())[:5]}, or with another content"


def claims(host, before, reports):
    """Of the clients that claimed one document number exactly one has it."""
    registered = [report for report in reports if report["method"] == "people.person.register"]
    assert {report["reason"] for report in registered} <= {None, "people.documentExists"}
    tries = collections.Counter(report["key"].split("-")[1] for report in registered)
    won = sum(report["reason"] is None for report in registered)
    # Every client goes through the same numbers in turn, so as many have an owner as the furthest has tried.
    assert won == max(tries.values(), default=0), (won, tries)


def idempotency(host, reports):
    unequal = [report["key"] for report in reports if report.get("repeatIsEqual") is False]
    assert not unequal, f"repeated calls with another answer: {unequal}"
    none(host, "keys without their reply", "SELECT count(*) FROM host.idempotency WHERE reply IS NULL")


def numbered_events(host):
    """Numbers 1 to n without holes, and nothing left that waits for one."""
    wait_until(lambda: embedded(host, "SELECT count(*) FROM host.outbox") == "0", 120, what="an empty outbox")
    count, first, last, given = embedded(host, """
        SELECT count(*), coalesce(min(number), 1), coalesce(max(number), 0),
               (SELECT last FROM host.numbering WHERE name = 'event') FROM host.event""").split("|")
    assert (first, count) == ("1", last) and last == given, (count, first, last, given)
    return count


def audit(host, before, done):
    rows = embedded(host, f"""
        SELECT method, count(*) FROM host.audit WHERE outcome = 'done' AND seq > {before['audit']} GROUP BY method""")
    stored = {row.split("|")[0]: int(row.split("|")[1]) for row in rows.splitlines()}
    acknowledged = collections.Counter(report["method"] for report in done)
    for method in METHODS:
        assert stored.get(method, 0) == acknowledged[method], f"{method}: {stored.get(method, 0)} audit rows"
    verified = run("audit", "verify", data=host.data)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def published(host):
    """Where a method publishes, no call of it that was done is without its event."""
    names = ", ".join(f"'{name}'" for name in PUBLISHING)
    none(host, "calls without their event", f"""
        WITH call AS (
            SELECT method, trace IN (SELECT trace FROM host.event UNION SELECT trace FROM host.outbox) AS published
            FROM host.audit WHERE outcome = 'done' AND method IN ({names}))
        SELECT string_agg(DISTINCT method, ', ') FROM call
        WHERE NOT published AND method IN (SELECT method FROM call WHERE published)""")


def applied(host, one):
    found = embedded(host, f"SELECT state, applied, left_out FROM host.import WHERE import_id = '{one['import']}'")
    assert found == f"applied|{one['lines']}|0", found
    lots = embedded(
        host, f"SELECT count(*), count(DISTINCT batch_number) FROM decoction.lot WHERE batch_number LIKE '{one['name']}-%'")
    assert lots == f"{one['lines']}|{one['lines']}", lots
