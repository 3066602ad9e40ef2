"""The ledger over the wire: places, transfers, reversals, and what it says of itself."""

import random

import pytest

from support import county as pharmacy
from support.client import Refused
from support.racing import race


def call(client, method, params=None, site="t1"):
    return client.call(f"decoction.{method}", params or {}, site=site)


def lying(client, lot, place=None):
    """What of a lot lies at a place."""
    params = {"limit": 500, **({"locationId": place} if place else {})}
    return sum(found["onHandMg"] for found in call(client, "location.contents", params)["lots"] if found["lotId"] == lot)


def drawer(county, client, piece):
    return call(client, "location.create", {
        "code": county.fresh_number("D"), "nameZh": "测试药斗", "kind": "drawer", "pieceCode": piece})["locationId"]


def transfer(lot, quantity, source=None, target=None):
    places = {"fromLocationId": source, "toLocationId": target}
    return {"lines": [{"lotId": lot, "quantityMg": quantity}], **{name: place for name, place in places.items() if place}}


@pytest.fixture
def shelf(county, pharmacist):
    """A lot of 100 g in the main store, and an empty drawer for it."""
    piece = county.fresh_piece()
    return piece, county.stock(pharmacist, piece, 100_000), drawer(county, pharmacist, piece)


def test_a_transfer_is_a_double_entry_and_stock_leaves_from_where_it_lies(pharmacist, shelf):
    piece, lot, place = shelf
    document = call(pharmacist, "stock.transfer", transfer(lot, 60_000, target=place))["documentId"]
    entries = call(pharmacist, "movement.list", {"documentId": document})["movements"]
    assert sorted(entry["quantityMg"] for entry in entries) == [-60_000, 60_000]
    assert {entry["kind"] for entry in entries} == {"transfer"}
    listed = call(pharmacist, "stock.list", {"pieceCode": piece})["lots"][0]
    assert (listed["onHandMg"], listed["placedMg"]) == (100_000, 60_000)
    with pytest.raises(Refused) as refused:
        call(pharmacist, "stock.issue", pharmacy.issue_params(piece, 40_001))
    assert refused.value.reason == "decoction.insufficientStock"
    assert refused.value.details[0]["availableMg"] == 40_000
    call(pharmacist, "stock.issue", {**pharmacy.issue_params(piece, 10_000), "locationId": place})
    assert (lying(pharmacist, lot), lying(pharmacist, lot, place)) == (40_000, 50_000)


def test_a_wrong_document_is_taken_back_once_and_stays_to_be_seen(pharmacist, shelf):
    piece, lot, place = shelf
    call(pharmacist, "stock.transfer", transfer(lot, 50_000, target=place))
    wrong = call(pharmacist, "stock.issue", {**pharmacy.issue_params(piece, 20_000), "locationId": place})["documentId"]
    back = {"documentId": wrong, "reason": "发错品种"}
    reversal = call(pharmacist, "movement.reverse", back)["documentId"]
    assert lying(pharmacist, lot, place) == 50_000
    with pytest.raises(Refused) as again:
        call(pharmacist, "movement.reverse", back)
    assert again.value.reason == "decoction.alreadyReversed"
    entries = call(pharmacist, "movement.list", {"lotId": lot})["movements"]
    original = next(entry for entry in entries if entry["documentId"] == wrong)
    assert next(entry for entry in entries if entry["documentId"] == reversal)["reversesSeq"] == original["seq"]
    trace = call(pharmacist, "lot.trace", {"lotId": lot})
    assert trace["onHandMg"] == 100_000


def test_another_site_sees_and_moves_nothing_of_it(county, shelf):
    _, lot, place = shelf
    with county.session("pharmacist-t2") as foreign:
        for method, params in (
            ("location.contents", {"locationId": place}), ("location.close", {"locationId": place}),
            ("lot.trace", {"lotId": lot}), ("stock.transfer", transfer(lot, 1, target=place)),
        ):
            with pytest.raises(Refused) as refused:
                call(foreign, method, params, site="t2")
            assert refused.value.reason == "host.notFound", method
            with pytest.raises(Refused) as refused:
                call(foreign, method, params, site="t1")
            assert refused.value.reason == "host.forbidden", method


def test_racing_clients_empty_a_drawer_and_the_store_but_never_below_zero(county, pharmacist, shelf):
    piece, lot, place = shelf
    call(pharmacist, "stock.transfer", transfer(lot, 50_000, target=place))
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    calls = []
    for number in range(60):
        quantity = chance.randint(500, 3_000)
        method, params = chance.choice([
            ("stock.issue", pharmacy.issue_params(piece, quantity)),
            ("stock.issue", {**pharmacy.issue_params(piece, quantity), "locationId": place}),
            ("stock.transfer", transfer(lot, quantity, target=place)),
            ("stock.transfer", transfer(lot, quantity, source=place)),
        ])
        calls.append({"method": f"decoction.{method}", "params": params, "site": "t1", "key": f"ledger-{seed}-{number}"})
    outcomes = race(county.host, county.token("pharmacist-t1"), calls)
    expected = {None: 50_000, place: 50_000}
    for sent, outcome in zip(calls, outcomes, strict=True):
        if "refused" in outcome:
            assert outcome["refused"]["reason"] == "decoction.insufficientStock"
            continue
        params = sent["params"]
        quantity = params["lines"][0]["quantityMg"]
        source = params.get("fromLocationId") if "transfer" in sent["method"] else params.get("locationId")
        expected[source] -= quantity
        if "transfer" in sent["method"]:
            expected[params.get("toLocationId")] += quantity
    assert {None: lying(pharmacist, lot), place: lying(pharmacist, lot, place)} == expected
    assert min(expected.values()) >= 0
    report = call(pharmacist, "ledger.verify")
    assert report["ok"] and report["differences"] == []


def test_nothing_is_booked_for_a_day_on_which_it_did_not_lie_there(county, pharmacist):
    piece = county.fresh_piece()
    lot = call(pharmacist, "lot.receive", {
        "pieceCode": piece, "supplierId": county.supplier(pharmacist), "batchNumber": county.fresh_number(),
        "producedOn": pharmacy.days(-30), "expiresOn": pharmacy.days(300), "quantityMg": 100_000, "unitCostFenPerKg": 6_800,
        "bookedOn": pharmacy.days(-2)})["lotId"]
    call(pharmacist, "lot.accept", {"lotId": lot})
    issue = pharmacy.issue_params(piece, 80_000)
    wrong = call(pharmacist, "stock.issue", {**issue, "bookedOn": pharmacy.days(-1)})["documentId"]
    call(pharmacist, "movement.reverse", {"documentId": wrong, "reason": "发错品种"})
    # 80 g were gone yesterday, and are there again today alone.
    with pytest.raises(Refused) as refused:
        call(pharmacist, "stock.issue", {**issue, "bookedOn": pharmacy.days(-2)})
    assert refused.value.reason == "decoction.notThereThen"
    assert [(entry["lotId"], entry["on"], entry["balanceMg"]) for entry in refused.value.details] == [(lot, pharmacy.days(-1), -60_000)]
    call(pharmacist, "stock.issue", issue)
    assert call(pharmacist, "ledger.verify")["ok"]
