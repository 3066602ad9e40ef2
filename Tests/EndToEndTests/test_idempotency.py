"""A retry after a dropped line must not double the effect."""

import threading

import pytest

from support import county as pharmacy
from support.client import Refused, insist

ISSUE = "decoction.stock.issue"


@pytest.fixture
def stocked(county, pharmacist):
    """A piece with one lot of 1 kg."""
    piece = county.fresh_piece()
    return piece, county.stock(pharmacist, piece, 1_000_000)


def test_the_same_key_and_content_give_the_same_reply_and_one_effect(pharmacist, stocked):
    piece, lot = stocked
    replies = [pharmacy.issue(pharmacist, piece, 1_000, key="same-1") for _ in range(3)]
    assert replies[0] == replies[1] == replies[2]
    assert pharmacy.on_hand(pharmacist, piece) == 999_000
    assert pharmacy.issue_documents(pharmacist, lot) == {replies[0]["documentId"]}


def test_the_order_of_members_and_meta_do_not_make_other_content(pharmacist, stocked):
    piece, _ = stocked
    first = pharmacist.call(
        ISSUE, {"lines": [{"pieceCode": piece, "quantityMg": 1_000}], "reason": "r"}, site="t1", key="same-2", locale="zh")
    second = pharmacist.call(
        ISSUE, {"reason": "r", "lines": [{"quantityMg": 1_000, "pieceCode": piece}]}, site="t1", key="same-2", deadline_ms=9_000)
    assert first == second
    assert pharmacy.on_hand(pharmacist, piece) == 999_000


def test_the_same_key_with_other_content_is_a_conflict(pharmacist, stocked):
    piece, _ = stocked
    pharmacy.issue(pharmacist, piece, 1_000, key="same-3")
    with pytest.raises(Refused) as refusal:
        pharmacy.issue(pharmacist, piece, 2_000, key="same-3")
    assert (refusal.value.code, refusal.value.reason) == (-32009, "host.idempotencyConflict")
    assert refusal.value.retryable is False
    assert pharmacy.on_hand(pharmacist, piece) == 999_000


def test_the_key_of_one_account_is_not_the_key_of_another(county, pharmacist, stocked):
    piece, _ = stocked
    mine = pharmacy.issue(pharmacist, piece, 1_000, key="same-4")
    with county.session("pharmacist-t1b") as colleague:
        assert pharmacy.issue(colleague, piece, 1_000, key="same-4")["documentId"] != mine["documentId"]
    assert pharmacy.on_hand(pharmacist, piece) == 998_000


def test_a_refused_call_is_judged_anew(county, pharmacist):
    piece = county.fresh_piece()
    with pytest.raises(Refused) as refusal:
        pharmacy.issue(pharmacist, piece, 1_000, key="anew-1")
    assert refusal.value.reason == "decoction.insufficientStock"
    county.stock(pharmacist, piece, 1_000)
    assert pharmacy.issue(pharmacist, piece, 1_000, key="anew-1")["moves"]
    assert pharmacy.on_hand(pharmacist, piece) == 0


def test_a_retry_after_a_dropped_line_does_not_double_the_effect(county, pharmacist, stocked):
    piece, lot = stocked
    for number in range(10):
        with county.session("pharmacist-t1") as dropped:
            dropped.send_call(ISSUE, pharmacy.issue_params(piece, 1_000), site="t1", key=f"dropped-{number}")
        # The line is gone before the reply; whether the work was done is unknown, so the client sends it again.
        pharmacy.issue(pharmacist, piece, 1_000, key=f"dropped-{number}")
    assert pharmacy.on_hand(pharmacist, piece) == 990_000
    assert len(pharmacy.issue_documents(pharmacist, lot)) == 10
    pharmacy.check_ledger(pharmacist, piece)


def test_the_same_key_sent_50_times_at_once_has_one_effect_and_50_equal_replies(county, pharmacist, stocked):
    piece, lot = stocked
    token, count = county.token("pharmacist-t1"), 50
    barrier, outcomes = threading.Barrier(count), [None] * count

    def call(number):
        try:
            with county.connect(token) as client:
                barrier.wait(60)
                outcomes[number] = insist(lambda: client.call(
                    ISSUE, pharmacy.issue_params(piece, 1_000), site="t1", key="at-once", deadline_ms=30_000), 60)[0]
        except Exception as error:
            barrier.abort()
            outcomes[number] = error

    threads = [threading.Thread(target=call, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert all(outcome == outcomes[0] for outcome in outcomes), outcomes
    assert outcomes[0]["moves"] == [{"lotId": lot, "pieceCode": piece, "quantityMg": 1_000}]
    assert pharmacy.on_hand(pharmacist, piece) == 999_000
    assert pharmacy.issue_documents(pharmacist, lot) == {outcomes[0]["documentId"]}


def test_a_one_time_password_is_not_told_twice(county, admin):
    params = {"account": "told-once", "roles": [{"role": "pharmacist", "site": "t1"}]}
    first = admin.call("accounts.create", params, key="told-once")
    again = admin.call("accounts.create", params, key="told-once")
    assert first["oneTimePassword"]
    assert again == {"account": "told-once"}


def test_reads_take_no_notice_of_a_key(pharmacist):
    for query in ("mh", "gz"):
        assert pharmacist.call("decoction.piece.search", {"query": query}, site="t1", key="read-1")["pieces"]
