"""login, accounts, sites and modules as an administrator types them, against a running host."""

import json
import re

import pytest

from support.county import new_password
from support.host import run


@pytest.fixture
def terminal(county, tmp_path):
    """Runs a command against the county with a session file of its own."""
    def type_in(*arguments, password=None, new=None, language="C.UTF-8"):
        environment = {"XDG_STATE_HOME": str(tmp_path), "LC_ALL": language}
        if password is not None:
            environment["XINGLIN_PASSWORD"] = password
        if new is not None:
            environment["XINGLIN_NEW_PASSWORD"] = new
        host = f"127.0.0.1:{county.host.port}"
        return run(*arguments, "--host", host, data=county.host.data, environment=environment)
    return type_in


@pytest.fixture
def administrator(county, terminal):
    done = terminal("login", "admin", password=county.passwords["admin"])
    assert done.returncode == 0, done.stderr
    assert county.passwords["admin"] not in done.stdout
    return terminal


def test_login_whoami_and_logout(county, terminal):
    assert terminal("whoami").returncode == 1
    done = terminal("login", "pharmacist-t1", password=county.passwords["pharmacist-t1"])
    assert done.returncode == 0 and "pharmacist@t1" in done.stdout
    who = terminal("whoami")
    assert who.returncode == 0 and "pharmacist-t1" in who.stdout
    assert json.loads(terminal("whoami", "--json").stdout)["account"] == "pharmacist-t1"
    assert "pharmacist-t1" in terminal("logout").stdout
    after = terminal("whoami")
    assert after.returncode == 1 and "host.unauthenticated" in after.stderr


def test_a_wrong_password_is_refused_without_a_session(terminal):
    done = terminal("login", "nobody-here", password="not the password")
    assert done.returncode == 1 and "host.badCredentials" in done.stderr and done.stdout == ""


def test_an_account_from_its_creation_to_its_first_login_and_its_end(county, administrator):
    account = county.fresh_number("acc-")
    made = administrator("accounts", "create", account, "pharmacist@t1", "reviewer@t1")
    assert made.returncode == 0, made.stderr
    once = re.search(r"one-time password\s+(\S+)", made.stdout).group(1)
    listed = administrator("accounts", "list", "--site", "t1")
    line = next(line for line in listed.stdout.splitlines() if line.startswith(account))
    assert "one-time password" in line and "pharmacist@t1" in line and "reviewer@t1" in line

    roles = administrator("accounts", "roles", account, "nurse@t2")
    assert roles.returncode == 0 and "nurse@t2" in roles.stdout
    assert administrator("accounts", "disable", account).returncode == 0
    entries = json.loads(administrator("accounts", "list", "--json").stdout)["accounts"]
    entry = next(entry for entry in entries if entry["account"] == account)
    assert entry["disabled"] is True and [role["role"] for role in entry["roles"]] == ["nurse"]
    assert administrator("accounts", "enable", account).returncode == 0

    again = administrator("accounts", "reset-password", account)
    second = re.search(r"one-time password\s+(\S+)", again.stdout).group(1)
    assert second != once
    password = new_password()
    login = administrator("login", account, password=second, new=password)
    assert login.returncode == 0, login.stderr
    assert json.loads(administrator("whoami", "--json").stdout).get("passwordChangeRequired") is not True
    assert administrator("login", account, password=second).returncode == 1
    assert administrator("login", account, password=password).returncode == 0


def test_all_roles_are_taken_away_by_name_only(county, administrator):
    account = county.fresh_number("acc-")
    assert administrator("accounts", "create", account, "nurse@t1").returncode == 0
    assert administrator("accounts", "roles", account).returncode == 2
    done = administrator("accounts", "roles", account, "--none")
    assert done.returncode == 0
    entries = json.loads(administrator("accounts", "list", "--json").stdout)["accounts"]
    assert next(entry for entry in entries if entry["account"] == account)["roles"] == []


def test_a_site_is_made_shown_and_given_a_module(county, administrator):
    code = county.fresh_number("site-")
    made = administrator("sites", "create", code, "三号镇卫生院", "--kind", "townshipCentre", "--parent", "county")
    assert made.returncode == 0, made.stderr
    assert any(line.startswith(code) for line in administrator("sites", "list").stdout.splitlines())
    enabled = administrator("modules", "enable", "decoction", code)
    assert enabled.returncode == 0, enabled.stderr
    shown = json.loads(administrator("sites", "show", code, "--json").stdout)
    assert shown["modules"] == ["decoction"] and shown["parent"] == "county"
    assert administrator("modules", "disable", "decoction", code).returncode == 0
    assert json.loads(administrator("sites", "show", code, "--json").stdout)["modules"] == []


def test_refusals_are_told_in_the_language_of_the_terminal(county, administrator):
    english = administrator("accounts", "create", "x", "pharmacist@t1")
    assert english.returncode == 1 and "expected a code of 3 to 64" in english.stderr
    chinese = administrator("accounts", "create", "x", "pharmacist@t1", language="zh_CN.UTF-8")
    assert chinese.returncode == 1
    assert "参数不符合要求" in chinese.stderr and "/account：应为" in chinese.stderr and "expected" not in chinese.stderr
    machine = administrator("accounts", "create", "x", "pharmacist@t1", "--json")
    assert json.loads(machine.stderr)["data"]["reason"] == "host.invalidParams"
    unknown = administrator("sites", "show", "nowhere", language="zh_CN.UTF-8")
    assert unknown.returncode == 1 and "没有这个机构" in unknown.stderr


def test_only_administrators_administer(county, terminal):
    assert terminal("login", "nurse-t1", password=county.passwords["nurse-t1"]).returncode == 0
    for arguments in (["accounts", "list"], ["accounts", "disable", "pharmacist-t1"], ["modules", "enable", "decoction", "t2"]):
        done = terminal(*arguments)
        assert done.returncode == 1 and "host.forbidden" in done.stderr, arguments
    assert terminal("sites", "list").returncode == 0
