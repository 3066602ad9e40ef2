"""Who may do what: default deny, sessions, sites, roles, passwords."""

import time

import pytest

from support.client import Refused, insist
from support.county import issue_params, new_password

ANONYMOUS = {"host.ping", "rpc.discover", "session.login", "session.resume", "machine.enrol"}


def refusal_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value


def methods(client, prefix=""):
    """What clients can call: not what only other modules may, which is no method to anybody else (test_access_matrix.py)."""
    names = {method["name"] for method in client.call("rpc.discover")["methods"] if method["x-access"] != "modules"}
    assert names > ANONYMOUS
    return sorted(name for name in names - ANONYMOUS if name.startswith(prefix))


def test_without_a_session_every_method_but_five_is_refused(anyone):
    for method in methods(anyone):
        for site in (None, "t1"):
            refusal = refusal_of(lambda: anyone.call(method, site=site))
            assert (refusal.code, refusal.reason) == (-32001, "host.unauthenticated"), method


def test_without_a_session_the_five_are_judged_on_their_params(anyone):
    assert set(anyone.call("host.ping")) >= {"now", "version"}
    assert anyone.call("rpc.discover")["openrpc"].startswith("1.")
    assert refusal_of(lambda: anyone.call("session.login")).reason == "host.invalidParams"
    assert refusal_of(lambda: anyone.call("session.resume", {"token": "x" * 40})).reason == "host.sessionExpired"
    assert refusal_of(lambda: anyone.call("machine.enrol")).reason == "host.invalidParams"


def test_a_township_pharmacist_is_refused_every_method_of_the_other_site(county, pharmacist):
    for method in methods(pharmacist, "decoction."):
        refusal = refusal_of(lambda: pharmacist.call(method, site="t2"))
        assert (refusal.code, refusal.reason) == (-32002, "host.forbidden"), method


def test_a_nurse_is_refused_the_pharmacys_methods(county):
    with county.session("nurse-t1") as nurse:
        for method in methods(nurse, "decoction.stock"):
            assert refusal_of(lambda: nurse.call(method, site="t1")).reason == "host.forbidden", method


def test_a_pharmacist_is_refused_the_administrators_methods(pharmacist):
    for method, params in (
        ("host.status", {}), ("sites.create", {"code": "t9", "nameZh": "九号镇卫生院", "kind": "other"}),
        ("accounts.create", {"account": "friend", "roles": [{"role": "siteAdmin", "site": "t1"}]}),
        ("accounts.disable", {"account": "admin"}), ("accounts.resetPassword", {"account": "admin"}),
        ("modules.enable", {"module": "decoction", "site": "t1"}), ("modules.disable", {"module": "decoction", "site": "t1"}),
    ):
        assert refusal_of(lambda: pharmacist.call(method, params)).reason == "host.forbidden", method


def test_a_site_administrator_gives_no_roles_at_another_site(county):
    with county.session("siteadmin-t1") as client:
        params = {"account": "creeping", "roles": [{"role": "pharmacist", "site": "t2"}]}
        assert refusal_of(lambda: client.call("accounts.create", params)).reason == "host.forbidden"
        params = {"account": "creeping", "roles": [{"role": "siteAdmin", "site": "county", "scope": "subtree"}]}
        assert refusal_of(lambda: client.call("accounts.create", params)).reason == "host.forbidden"


def test_a_lot_of_another_site_is_not_there(county, pharmacist):
    lot = county.stock(pharmacist, county.fresh_piece(), 1_000)
    with county.session("pharmacist-t2") as stranger:
        for method, params in (
            ("decoction.lot.accept", {"lotId": lot}), ("decoction.lot.reject", {"lotId": lot, "reason": "not mine"}),
        ):
            assert refusal_of(lambda: stranger.call(method, params, site="t2")).reason == "host.notFound", method
        try:
            assert stranger.call("decoction.movement.list", {"lotId": lot}, site="t2")["movements"] == []
        except Refused as refusal:
            assert refusal.reason == "host.notFound"


def test_a_site_must_be_named_and_known(pharmacist):
    params = {"query": "mh"}
    missing = refusal_of(lambda: pharmacist.call("decoction.piece.search", params))
    assert (missing.code, missing.reason) == (-32007, "host.siteRequired")
    unknown = refusal_of(lambda: pharmacist.call("decoction.piece.search", params, site="t99"))
    assert (unknown.code, unknown.reason) == (-32007, "host.siteUnknown")


def test_a_module_that_is_not_enabled_at_the_site_is_refused(county, admin):
    code = county.fresh_number("site").lower()
    admin.call("sites.create", {"code": code, "nameZh": "未启用卫生院", "kind": "townshipCentre", "parent": "county"})
    refusal = refusal_of(lambda: admin.call("decoction.piece.search", {"query": "mh"}, site=code))
    assert (refusal.code, refusal.reason) == (-32006, "host.moduleDisabled")


def test_a_wrong_password_and_an_unknown_account_look_the_same(county, anyone):
    wrong = refusal_of(lambda: anyone.login("pharmacist-t2", "not the password"))
    unknown = refusal_of(lambda: anyone.login("nobody-at-all", "not the password"))
    assert (wrong.code, wrong.reason) == (unknown.code, unknown.reason) == (-32001, "host.badCredentials")
    assert (wrong.message, wrong.hint, wrong.details) == (unknown.message, unknown.hint, unknown.details)
    assert refusal_of(lambda: anyone.call("session.whoami")).reason == "host.unauthenticated"


def test_a_one_time_password_must_be_changed_before_anything_else(county, admin):
    roles = [{"role": "pharmacist", "site": "t1"}]
    once = admin.call("accounts.create", {"account": "newcomer", "roles": roles})["oneTimePassword"]
    with county.host.session("newcomer", once) as client:
        for method, params in (("decoction.piece.search", {"query": "mh"}), ("decoction.stock.list", {}), ("sites.list", {})):
            refusal = refusal_of(lambda: client.call(method, params, site="t1"))
            assert (refusal.code, refusal.reason) == (-32001, "host.passwordChangeRequired"), method
        assert refusal_of(lambda: client.call("session.changePassword", {"current": once, "new": "short"})).code == -32602
        assert refusal_of(
            lambda: client.call("session.changePassword", {"current": "wrong " + once, "new": new_password()})
        ).reason == "host.badCredentials"
        password = new_password()
        client.call("session.changePassword", {"current": once, "new": password})
        assert client.call("decoction.piece.search", {"query": "mh"}, site="t1")["pieces"]
    with county.host.connect() as client:
        assert refusal_of(lambda: client.login("newcomer", once)).reason == "host.badCredentials"
        assert client.login("newcomer", password)["account"] == "newcomer"


def test_a_session_ends_with_its_logout_on_every_connection(county):
    with county.host.connect() as first, county.host.connect() as second:
        token = first.login("nurse-t1", county.passwords["nurse-t1"])["token"]
        assert second.resume(token)["account"] == "nurse-t1"
        assert second.call("session.whoami")["account"] == "nurse-t1"
        first.call("session.logout")
        assert refusal_of(lambda: first.call("session.whoami")).code == -32001
        assert refusal_of(lambda: second.call("session.whoami")).code == -32001
        assert refusal_of(lambda: second.resume(token)).reason == "host.sessionExpired"


def test_a_disabled_account_is_out_within_five_seconds(county, admin):
    county.create_account(admin, "leaver", [{"role": "pharmacist", "site": "t1"}])
    with county.host.session("leaver", county.passwords["leaver"]) as client:
        assert client.call("session.whoami")["account"] == "leaver"
        admin.call("accounts.disable", {"account": "leaver"})
        disabled = time.monotonic()
        while True:
            try:
                client.call("session.whoami")
            except Refused as refusal:
                assert refusal.code == -32001
                break
            assert time.monotonic() - disabled < 5, "the session outlived its account by 5 s"
            time.sleep(0.1)
    with county.host.connect() as client:
        assert refusal_of(lambda: client.login("leaver", county.passwords["leaver"])).code == -32001


def test_roles_taken_away_hold_within_five_seconds(county, admin):
    county.create_account(admin, "mover", [{"role": "pharmacist", "site": "t1"}])
    with county.host.session("mover", county.passwords["mover"]) as client:
        assert client.call("decoction.piece.search", {"query": "mh"}, site="t1")["pieces"]
        admin.call("accounts.setRoles", {"account": "mover", "roles": [{"role": "pharmacist", "site": "t2"}]})
        changed = time.monotonic()
        while True:
            try:
                client.call("decoction.piece.search", {"query": "mh"}, site="t1")
            except Refused as refusal:
                assert refusal.reason in ("host.forbidden", "host.sessionExpired", "host.unauthenticated")
                break
            assert time.monotonic() - changed < 5, "the old role held for more than 5 s"
            time.sleep(0.1)


def test_login_guessing_is_slowed_while_the_administrator_elsewhere_still_can(county):
    refusals = []
    with county.host.connect(source="127.0.0.9") as guesser:
        for attempt in range(60):
            refusals.append(refusal_of(lambda: guesser.login("admin", f"guess {attempt}")))
            if refusals[-1].reason == "host.rateLimited":
                break
    assert {refusal.reason for refusal in refusals[:-1]} == {"host.badCredentials"}
    assert (refusals[-1].code, refusals[-1].reason) == (-32003, "host.rateLimited")
    assert refusals[-1].retryable is True and refusals[-1].details
    with county.host.connect(source="127.0.0.10") as client:
        assert client.login("admin", county.passwords["admin"])["account"] == "admin"


def test_a_toxic_lot_needs_a_second_person(county, pharmacist):
    # One that no other file of the suite has put on the shelf.
    found = [entry for name in ("生狼毒", "生藤黄", "生千金子", "生天仙子", "生甘遂", "生白附子")
             for entry in pharmacist.call("decoction.piece.search", {"query": name}, site="t1")["pieces"]]
    piece = next(entry for entry in found if entry["controlClass"] == "toxic"
                 and not pharmacist.call("decoction.stock.list", {"pieceCode": entry["code"]}, site="t1")["lots"])
    lot = county.receive(pharmacist, piece["code"], 100_000)
    assert pharmacist.call("decoction.lot.accept", {"lotId": lot}, site="t1")["state"] == "awaitingSecond"
    refusal_of(lambda: pharmacist.call("decoction.lot.accept", {"lotId": lot}, site="t1"))
    refusal = refusal_of(lambda: pharmacist.call("decoction.stock.issue", issue_params(piece["code"], 1_000), site="t1"))
    assert refusal.reason == "decoction.insufficientStock"
    assert refusal.details[0]["availableMg"] == 0
    with county.session("reviewer-t1") as second:
        accepted, _ = insist(lambda: second.call("decoction.lot.accept", {"lotId": lot}, site="t1"))
        assert accepted["state"] == "accepted"
    assert pharmacist.call("decoction.stock.issue", issue_params(piece["code"], 1_000), site="t1")["moves"]


def test_calls_sent_before_the_reply_to_the_login_are_not_yet_in_its_session(county):
    with county.host.connect() as client:
        login = client.send_call("session.login", {"account": "nurse-t1", "password": county.passwords["nurse-t1"]})
        early = client.send_call("session.whoami")
        assert refusal_of(lambda: client.reply_to(early)).reason == "host.unauthenticated"
        assert client.reply_to(login)["account"] == "nurse-t1"
        assert client.call("session.whoami")["account"] == "nurse-t1"
