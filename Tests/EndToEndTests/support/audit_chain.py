"""The audit's chains and checkpoints as an outsider would verify them: from docs/audit.md alone, with Python and OpenSSL."""

import hashlib
import json
import struct
import subprocess
import uuid

HOST_CHAIN = str(uuid.UUID(int=0))


def sm3(content):
    return hashlib.new("sm3", content).hexdigest()


def link(previous, chain, number, seq, sealed_at, digest):
    """A link, from the one before it and its own fields."""
    return sm3(
        b"xinglin audit link 1" + bytes.fromhex(previous) + uuid.UUID(chain).bytes
        + struct.pack(">qqq", number, seq, sealed_at) + bytes.fromhex(digest))


def row_digest(row):
    """SM3 of the canonical JSON of a row's content: members in the order of their names, no blanks."""
    content = {
        "account": row["account_id"], "at": row["at"], "method": row["method"], "notes": row["notes"], "reason": row["reason"],
        "request": row["request"], "site": row["site_id"], "trace": row["trace"],
    }
    return sm3(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


ROWS = """
SELECT json_build_object('chain', l.chain, 'number', l.number, 'seq', l.seq, 'link', encode(l.link, 'hex'),
    'sealed', (extract(epoch FROM l.sealed_at) * 1000000)::bigint, 'digest', encode(l.digest, 'hex'),
    'at', (extract(epoch FROM a.at) * 1000000)::bigint, 'account_id', a.account_id, 'site_id', a.site_id, 'method', a.method,
    'reason', a.reason, 'request', a.request_digest::text, 'notes', a.notes, 'trace', a.trace)
FROM host.audit_link l JOIN host.audit a USING (seq) ORDER BY l.chain, l.number
"""


def check_chains(sql):
    """Recomputes every chain; gives the links by chain and number. `sql` runs a statement and gives its text."""
    links, last = {}, {}
    for line in sql(ROWS).splitlines():
        row = json.loads(line)
        chain, number = row["chain"], row["number"]
        before, previous = last.get(chain, (0, "00" * 32))
        assert number == before + 1, "a chain has no gaps"
        assert (row["site_id"] or HOST_CHAIN) == chain, "a row stands in the chain of its site"
        assert row_digest(row) == row["digest"]
        assert link(previous, chain, number, row["seq"], row["sealed"], row["digest"]) == row["link"]
        last[chain] = (number, row["link"])
        links[chain, number] = row["link"]
    return links


def check_checkpoints(path, links, folder):
    """Verifies exported checkpoints with OpenSSL, each against the one before it and against the links. Gives their count."""
    previous = "00" * 32
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines, 1):
        entry = json.loads(line)
        body = json.loads(entry["body"])
        assert body["number"] == number and body["previous"] == previous
        previous = sm3(entry["body"].encode())
        assert previous == entry["digest"]
        assert sm3(bytes.fromhex(entry["publicKey"])) == body["key"]
        for head in body["chains"]:
            assert links[head["chain"], head["number"]] == head["link"]
        assert sum(head["number"] for head in body["chains"]) == body["total"]
        (folder / "body").write_text(entry["body"])
        (folder / "signature").write_bytes(bytes.fromhex(entry["signature"]))
        (folder / "key").write_bytes(bytes.fromhex(entry["publicKey"]))
        subprocess.run([
            "openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder / "key", "-rawin", "-digest", "sm3",
            "-pkeyopt", "distid:1234567812345678", "-in", folder / "body", "-sigfile", folder / "signature",
        ], check=True, capture_output=True, timeout=60)
    return len(lines)
