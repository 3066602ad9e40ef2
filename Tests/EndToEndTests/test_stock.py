"""Stock: what systems like ours got wrong."""

import random

import pytest

from support import county as pharmacy
from support.client import Refused
from support.racing import race


def test_100_concurrent_dispensings_of_the_last_lot_never_go_below_zero(county, pharmacist):
    piece, portion, portions = county.fresh_piece(), 9_000, 37
    lot = county.stock(pharmacist, piece, portions * portion)
    call = {"method": "decoction.stock.issue", "params": pharmacy.issue_params(piece, portion), "site": "t1"}
    outcomes = race(
        county.host, county.token("pharmacist-t1"), [{**call, "key": f"last-lot-{number}"} for number in range(100)])
    done = [outcome["result"] for outcome in outcomes if "result" in outcome]
    refused = [outcome["refused"] for outcome in outcomes if "refused" in outcome]
    assert len(done) == portions
    assert len(refused) == 100 - portions
    assert {refusal["reason"] for refusal in refused} == {"decoction.insufficientStock"}
    assert all(refusal["code"] > 0 for refusal in refused)
    assert all(result["moves"] == [{"lotId": lot, "pieceCode": piece, "quantityMg": portion}] for result in done)
    assert pharmacy.on_hand(pharmacist, piece) == 0
    assert pharmacy.sum_of_movements(pharmacist, lot) == 0
    assert pharmacy.issue_documents(pharmacist, lot) == {result["documentId"] for result in done}


def test_integer_milligrams_the_sum_of_movements_is_the_balance_always(county, pharmacist):
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    piece, expected = county.fresh_piece(), 0
    for _ in range(25):
        if chance.random() < 0.4:
            quantity = chance.randint(1, 60_000)
            county.stock(pharmacist, piece, quantity, expires=chance.randint(30, 900))
            expected += quantity
        else:
            quantity = chance.randint(1, 50_000)
            try:
                moves = pharmacist.call(
                    "decoction.stock.issue", pharmacy.issue_params(piece, quantity), site="t1")["moves"]
                assert sum(move["quantityMg"] for move in moves) == quantity
                expected -= quantity
            except Refused as refusal:
                assert refusal.reason == "decoction.insufficientStock"
                assert refusal.details[0]["availableMg"] == expected < quantity
        assert pharmacy.on_hand(pharmacist, piece) == expected
    pharmacy.check_ledger(pharmacist, piece)


def test_a_line_splits_over_lots_first_expiry_first_ties_by_receipt(county, pharmacist):
    piece = county.fresh_piece()
    late = county.stock(pharmacist, piece, 5_000, expires=300)
    first = county.stock(pharmacist, piece, 2_000, expires=90)
    second = county.stock(pharmacist, piece, 2_000, expires=90)
    moves = pharmacy.issue(pharmacist, piece, 6_000)["moves"]
    assert [(move["lotId"], move["quantityMg"]) for move in moves] == [(first, 2_000), (second, 2_000), (late, 2_000)]
    pharmacy.check_ledger(pharmacist, piece)


def test_expired_or_unaccepted_lots_cannot_move(county, pharmacist):
    piece = county.fresh_piece()
    county.receive(pharmacist, piece, 7_000)
    with pytest.raises(Refused) as refusal:
        pharmacist.call("decoction.stock.issue", pharmacy.issue_params(piece, 1_000), site="t1")
    assert refusal.value.reason == "decoction.insufficientStock"
    detail = refusal.value.details[0]
    assert (detail["pieceCode"], detail["requestedMg"], detail["availableMg"], detail["quarantinedMg"]) == (piece, 1_000, 0, 7_000)
    with pytest.raises(Refused) as refusal:
        expired = county.receive(pharmacist, piece, 5_000, expires=-1)
        pharmacist.call("decoction.lot.accept", {"lotId": expired}, site="t1")
    assert refusal.value.reason in ("decoction.lotExpired", "host.invalidParams")
    with pytest.raises(Refused):
        pharmacist.call("decoction.stock.issue", pharmacy.issue_params(piece, 1_000), site="t1")


def test_a_rejected_lot_cannot_be_accepted_or_issued(county, pharmacist):
    piece = county.fresh_piece()
    lot = county.receive(pharmacist, piece, 7_000)
    pharmacist.call("decoction.lot.reject", {"lotId": lot, "reason": "含水量超标"}, site="t1")
    with pytest.raises(Refused):
        pharmacist.call("decoction.lot.accept", {"lotId": lot}, site="t1")
    with pytest.raises(Refused) as refusal:
        pharmacist.call("decoction.stock.issue", pharmacy.issue_params(piece, 1), site="t1")
    assert refusal.value.reason == "decoction.insufficientStock"


def test_the_whole_document_is_checked_not_line_by_line(county, pharmacist):
    scarce, plenty = county.fresh_piece(), county.fresh_piece()
    county.stock(pharmacist, scarce, 10_000)
    county.stock(pharmacist, plenty, 90_000)
    for lines in (
        [(scarce, 6_000), (scarce, 6_000)], [(plenty, 5_000), (scarce, 10_001)], [(scarce, 9_999), (plenty, 1), (scarce, 2)],
    ):
        params = {"lines": [{"pieceCode": piece, "quantityMg": quantity} for piece, quantity in lines], "reason": "多行"}
        with pytest.raises(Refused) as refusal:
            pharmacist.call("decoction.stock.issue", params, site="t1")
        # The same piece on two lines is either added up or not allowed; nothing of the document may have moved.
        assert refusal.value.reason in ("decoction.insufficientStock", "host.invalidParams")
    assert pharmacy.on_hand(pharmacist, scarce) == 10_000
    assert pharmacy.on_hand(pharmacist, plenty) == 90_000


def test_an_unknown_piece_is_refused_by_its_own_reason(county, pharmacist):
    lot = {
        "pieceCode": "XLYP9999", "supplierId": county.supplier(pharmacist), "batchNumber": "B1", "producedOn": pharmacy.days(-9),
        "expiresOn": pharmacy.days(99), "quantityMg": 1_000, "unitCostFenPerKg": 1,
    }
    for method, params in (("decoction.stock.issue", pharmacy.issue_params("XLYP9999", 1)), ("decoction.lot.receive", lot)):
        with pytest.raises(Refused) as refusal:
            pharmacist.call(method, params, site="t1")
        assert refusal.value.reason == "decoction.pieceUnknown", method
        assert refusal.value.code in range(1100, 1200)
