"""Every method × every shipped role × own, other, disabled, unknown and no site, and without a session.

What is expected comes from docs/access-matrix.md, which people review; what is called comes from the host's registry. Each call carries
a member that no method knows: a call that is let through is refused for that before it does anything, so that none does harm.
"""

import pytest

from support.access_matrix import ANYONE, MODULES, PAGE, ROLES, SESSION, table, written
from support.client import Client
from support.county import FIRST, SECOND

LET_THROUGH = "host.invalidParams"
CLOSED = "matrix-closed"


@pytest.fixture(scope="module")
def discovery(county):
    with county.host.connect() as client:
        return client.call("rpc.discover")


@pytest.fixture(scope="module")
def callers(county):
    """A connection per role, each with that role at the first site alone; every module enabled at both sites, none at a third."""
    with county.session("admin") as admin:
        # First what another module needs.
        modules = admin.call("modules.list", {"limit": 500})["modules"]
        for module in sorted(modules, key=lambda each: each["code"] != "people"):
            for site in (FIRST, SECOND):
                if module["state"] == "running" and site not in module["enabledAt"]:
                    admin.call("modules.enable", {"module": module["code"], "site": site})
        admin.call("sites.create", {"code": CLOSED, "nameZh": "未启用卫生院", "kind": "townshipCentre", "parent": "county"})
        for role in ROLES:
            county.create_account(admin, f"matrix-{role.lower()}", [{"role": role, "site": site} for site in (FIRST, CLOSED)])
    clients = {role: county.session(f"matrix-{role.lower()}") for role in ROLES}
    yield clients
    for client in clients.values():
        client.close()


def outcomes(client: Client, methods, site):
    """The reason with which each method is refused, all called at once."""
    calls = {method: client.send_call(method, {"noSuchMember": True}, site=site) for method in methods}
    given = {}
    for method, call in calls.items():
        while call not in client.waiting:
            message = client.receive()
            client.waiting[message.get("id")] = message
        message = client.waiting.pop(call)
        assert "error" in message, f"{method} took a member that it does not know"
        error = message["error"]["data"]
        if error["reason"] == LET_THROUGH:
            assert [detail["pointer"] for detail in error["details"] if detail["pointer"] == "/noSuchMember"], method
        given[method] = error["reason"]
    return given


def expected(rights, role, site):
    """The reason for a role (None without a session) at a site, by the page."""
    scope, special, roles = rights
    if special == MODULES:
        return "host.methodNotFound"
    if special != ANYONE and role is None:
        return "host.unauthenticated"
    if scope == "host":
        return LET_THROUGH if special in (ANYONE, SESSION) or role in roles else "host.forbidden"
    if site is None:
        return "host.siteRequired"
    if site == "no-such-site":
        return "host.siteUnknown"
    if site == CLOSED:
        return "host.moduleDisabled"
    return LET_THROUGH if site == FIRST and (special == SESSION or role in roles) else "host.forbidden"


def test_the_page_says_what_the_registry_says(discovery):
    shown = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    assert shown == table(discovery), (
        "docs/access-matrix.md is stale: xinglin openrpc | python3 Tests/EndToEndTests/support/access_matrix.py > docs/access-matrix.md")


def test_no_method_with_an_effect_is_open_to_all_but_those_that_prove_who_calls(discovery):
    open_writes = {
        method["name"] for method in discovery["methods"]
        if method["x-effect"] == "write" and method["x-access"] == "anonymous"}
    # A password, and a machine's one-time code.
    assert open_writes == {"session.login", "machine.enrol"}


@pytest.mark.parametrize("site", [FIRST, SECOND, CLOSED, "no-such-site", None])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_just_what_the_page_says(discovery, callers, role, site):
    rights = written()
    given = outcomes(callers[role], rights, site)
    wanted = {method: expected(right, role, site) for method, right in rights.items()}
    # Of the host's own methods none belongs to a module that could be disabled.
    if site == CLOSED:
        own = {
            method["name"] for method in discovery["methods"] if method["tags"][0]["name"] == "host" and method["x-scope"] == "site"}
        wanted |= {method: expected(rights[method], role, FIRST) for method in own}
    assert given == wanted


@pytest.mark.parametrize("site", [FIRST, None])
def test_without_a_session_only_what_is_for_anyone(county, callers, site):
    rights = written()
    with county.host.connect() as client:
        given = outcomes(client, rights, site)
    assert given == {method: expected(right, None, site) for method, right in rights.items()}
