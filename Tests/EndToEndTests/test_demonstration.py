"""`--demo`: a county to try things in."""

import json
import stat

import pytest

from support.host import Host, StartFailed, accounts_of_demonstration

SHIPPED_ROLES = {
    "siteAdmin", "pharmacist", "reviewer", "doctor", "nurse", "dispatcher", "branchOfficer", "statistician", "auditor",
    "integrator",
}


@pytest.fixture(scope="module")
def demonstration(binary):
    with Host(["--demo"]) as host:
        yield host.start(240)


def test_the_accounts_file_is_for_the_owner_alone_and_covers_every_shipped_role(demonstration):
    path = demonstration.data / "demo-accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = accounts_of_demonstration(demonstration)
    assert {role for account in accounts for role in account["roles"]} >= SHIPPED_ROLES
    assert all(set(account) >= {"account", "password", "roles", "site", "nameZh"} for account in accounts)
    passwords = [account["password"] for account in accounts]
    assert len(set(passwords)) == len(passwords) and all(len(password) >= 12 for password in passwords)


def test_each_account_can_log_in_and_work_at_once(demonstration):
    for account in accounts_of_demonstration(demonstration):
        with demonstration.connect() as client:
            session = client.login(account["account"], account["password"])
            assert {grant["role"] for grant in session["roles"]} >= set(account["roles"])
            assert account["site"] in session["sites"]
            assert client.call("session.whoami")["account"] == account["account"]


def test_there_is_a_county_with_21_township_centres_and_stock_at_the_first(demonstration):
    admin_password = demonstration.first_password()
    with demonstration.session("admin", admin_password) as admin:
        sites = admin.call("sites.list", {"limit": 500})["sites"]
    kinds = [site["kind"] for site in sites]
    assert kinds.count("townshipCentre") == 21
    assert {"bureau", "countyHospital", "tcmHospital"} <= set(kinds)
    pharmacist = next(account for account in accounts_of_demonstration(demonstration) if "pharmacist" in account["roles"])
    with demonstration.session(pharmacist["account"], pharmacist["password"]) as client:
        lots = client.call("decoction.stock.list", {"limit": 500}, site=pharmacist["site"])["lots"]
        assert any(lot["state"] == "accepted" and lot["onHandMg"] > 0 for lot in lots)


def test_a_second_start_changes_nothing(demonstration):
    before = (demonstration.data / "demo-accounts.json").read_bytes()
    first_password = (demonstration.data / "first-password").read_bytes()
    account = json.loads(before)[0]

    def census():
        with demonstration.session("admin", demonstration.first_password()) as admin:
            return len(admin.call("sites.list", {"limit": 500})["sites"])

    sites = census()
    assert demonstration.stop() == 0
    demonstration.start(240)
    assert (demonstration.data / "demo-accounts.json").read_bytes() == before
    assert (demonstration.data / "first-password").read_bytes() == first_password
    assert census() == sites
    with demonstration.connect() as client:
        assert client.login(account["account"], account["password"])["account"] == account["account"]


def test_a_write_whose_reply_has_no_room_in_its_batch_is_refused_and_changes_nothing(demonstration):
    account = next(each for each in accounts_of_demonstration(demonstration) if each["roles"] == ["pharmacist"])
    site = account["site"]
    with demonstration.session(account["account"], account["password"]) as client:
        lots = client.call("decoction.stock.list", {"limit": 500}, site=site)["lots"]
        lines = [{"pieceCode": lot["pieceCode"], "quantityMg": 1} for lot in lots if lot["onHandMg"] > 0][:120]
        params = {"lines": lines, "reason": "batch"}
        meta = {"_meta": {"site": site, "locale": "en", "idempotencyKey": "batch-room"}}
        issue = {"jsonrpc": "2.0", "id": "issue", "method": "decoction.stock.issue", "params": {**params, **meta}}
        pings = [{"jsonrpc": "2.0", "id": number, "method": "host.ping"} for number in range(99)]
        client.send_line([*pings, issue])
        replies = {reply["id"]: reply for reply in client.receive()}
        assert len(replies) == 100 and all("result" in replies[number] for number in range(99))
        assert replies["issue"]["error"]["data"]["reason"] == "host.replyTooLarge"
        assert client.call("decoction.stock.list", {"limit": 500}, site=site)["lots"] == lots
        # Alone it has room, and the refused attempt has not used the key up.
        done = client.call("decoction.stock.issue", params, site=site, key="batch-room")
        assert sum(move["quantityMg"] for move in done["moves"]) == len(lines)


def test_the_demonstration_loads_on_any_day_from_2015_on(binary):
    with Host(["--demo"], environment={"XINGLIN_DEMO_RESIDENTS": "0", "XINGLIN_CLOCK_FIXED": "2014-12-31T09:30:00+08:00"}) as host:
        with pytest.raises(StartFailed) as refused:
            host.start(120)
        assert "2015-01-01" in str(refused.value), "it says from when on"
    with Host(["--demo"], environment={"XINGLIN_DEMO_RESIDENTS": "0", "XINGLIN_CLOCK_FIXED": "2015-01-01T09:30:00+08:00"}) as host:
        host.start(240)
        passwords = {each["account"]: each["password"] for each in accounts_of_demonstration(host)}
        with host.session("committee-officer", passwords["committee-officer"]) as client:
            [branch] = client.call(
                "membership.organization.list", {"kind": "branch", "keptHere": True}, site="tcm-hospital")["organizations"]
            count = client.call(
                "membership.statistics.count", {"organizationId": branch["organizationId"], "asOf": "2015-01-01"},
                site="tcm-hospital")
            assert (count["full"], count["probationary"]) == (73, 1)
        # The rules that a pharmacy takes lots in by begin in 2020.
        with host.session("pharmacist", passwords["pharmacist"]) as client:
            assert client.call("decoction.stock.list", {}, site="township-01")["lots"] == []
        assert "the demonstration's pharmacy is empty" in host.log_tail(400)
