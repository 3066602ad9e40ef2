"""The access matrix: which role may call which method, from the registry's own description.

    xinglin openrpc | python3 Tests/EndToEndTests/support/access_matrix.py > docs/access-matrix.md

writes the page anew. A test compares it with the host, so that each change of rights stands in a diff for a person to judge.
"""

import json
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "access-matrix.md"
ROLES = [
    "siteAdmin", "pharmacist", "reviewer", "doctor", "nurse", "dispatcher", "branchOfficer", "statistician", "auditor", "integrator",
]
ANYONE, SESSION, MODULES = "anyone", "any session", "modules"
HEAD = """# Who may call what

Every method against every shipped role. Written by `Tests/EndToEndTests/support/access_matrix.py` from the registry; a change here is a change
of rights and wants a second pair of eyes. `test_access_matrix.py` compares this page with a running host and calls every method as every role:
at the role's own site, at another site, at a site where the module is not enabled, at none, and without a session.

**At** is where a method acts: `site` methods want `_meta.site` and a role *there* (a grant with the scope `subtree` reaches below its site);
`host` methods want the role anywhere, and judge by themselves whom and what it reaches. *anyone* needs no session, *any session* no
particular role (with `site`: some role there), *modules* are called by other modules alone.
"""


def columns(method):
    """The cells of a method's row, roles last."""
    access = method["x-access"]
    roles = access if isinstance(access, list) else []
    unknown = set(roles) - set(ROLES)
    assert not unknown, f"{method['name']} names roles that are not shipped: {sorted(unknown)}"
    special = {"anonymous": ANYONE, "authenticated": SESSION, "modules": MODULES}.get(access if isinstance(access, str) else "", "")
    return [f"`{method['name']}`", method["x-scope"], method["x-effect"], special, *("●" if role in roles else "" for role in ROLES)]


def table(discovery):
    """The table of an OpenRPC document, line by line."""
    rows = [["method", "at", "effect", "without a role", *ROLES]]
    rows.append(["---"] * len(rows[0]))
    rows += [columns(method) for method in sorted(discovery["methods"], key=lambda method: method["name"])]
    return ["| " + " | ".join(row) + " |" for row in rows]


def written():
    """The table of the page: method → (scope, without a role, the roles that may)."""
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    roles = cells[0][4:]
    return {
        row[0].strip("`"): (row[1], row[3], {role for role, mark in zip(roles, row[4:], strict=True) if mark}) for row in cells[2:]}


if __name__ == "__main__":
    print(HEAD)
    print("\n".join(table(json.load(sys.stdin))))
