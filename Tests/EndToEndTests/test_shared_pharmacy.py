"""The shared pharmacy over the wire: a township orders from another site, counts what came, and delivers to a village."""

import datetime

import pytest

from support import county as pharmacy
from support.client import Refused
from support.racing import race

SUPPLIER, TOWNSHIP, OTHER = pharmacy.SECOND, pharmacy.FIRST, pharmacy.BUREAU


def supplying(client, method, params=None):
    return client.call(f"decoction.{method}", params or {}, site=SUPPLIER)


def ordering(client, method, params=None):
    return client.call(f"decoction.{method}", params or {}, site=TOWNSHIP)


@pytest.fixture(scope="module")
def supplier(county):
    """The second site's pharmacist, after the site's administrator has entered its pharmacy."""
    with county.session("admin") as admin:
        county.create_account(admin, "siteadmin-t2", [{"role": "siteAdmin", "site": SUPPLIER}])
    with county.session("siteadmin-t2") as admin:
        supplying(admin, "pharmacy.set", {"licence": "京２０２６ 0042", "takesOrders": True})
    with county.session("pharmacist-t2") as client:
        yield client


def ordered(pharmacist, supplier, piece, quantity):
    """An accepted order."""
    order = ordering(pharmacist, "order.place", {
        "supplierSite": SUPPLIER, "lines": [{"pieceCode": piece, "quantityMg": quantity}]})["orderId"]
    supplying(supplier, "order.accept", {"orderId": order})
    return order


def amounts(shown):
    line = shown["lines"][0]
    assert line["shippedMg"] == line["receivedMg"] + line["claimedMg"] + line["inTransitMg"]
    return line["shippedMg"], line["receivedMg"], line["claimedMg"], line["inTransitMg"]


def check_both(pharmacist, supplier, piece):
    pharmacy.check_ledger(pharmacist, piece, TOWNSHIP)
    pharmacy.check_ledger(supplier, piece, SUPPLIER)
    assert ordering(pharmacist, "ledger.verify")["ok"] and supplying(supplier, "ledger.verify")["ok"]


def test_what_is_shipped_is_not_received_before_it_was_counted(county, pharmacist, supplier):
    piece = county.fresh_piece()
    lot = county.stock(supplier, piece, 900_000, SUPPLIER)
    listed = ordering(pharmacist, "pharmacy.list")["pharmacies"]
    assert {"code": SUPPLIER, "licence": "京20260042", "takesOrders": True}.items() <= listed[0].items()
    order = ordered(pharmacist, supplier, piece, 500_000)
    moves = supplying(supplier, "order.ship", {"orderId": order})["moves"]
    assert moves == [{"lotId": lot, "pieceCode": piece, "quantityMg": 500_000}]
    assert pharmacy.on_hand(supplier, piece, SUPPLIER) == 400_000
    assert pharmacy.on_hand(pharmacist, piece) == 0
    for call, client in ((supplying, supplier), (ordering, pharmacist)):
        assert amounts(call(client, "order.get", {"orderId": order})) == (500_000, 0, 0, 500_000)
        assert [entry["orderId"] for entry in call(client, "transit.list")["transit"]] == [order]
    counted = {"orderId": order, "lines": [{"lotId": lot, "quantityMg": 480_000}]}
    received = ordering(pharmacist, "order.receive", counted)
    new = received["lots"][0]["lotId"]
    assert ordering(pharmacist, "lot.accept", {"lotId": new})["state"] == "accepted"
    claim = received["claims"][0]["claimId"]
    with pytest.raises(Refused) as own:
        ordering(pharmacist, "claim.settle", {"claimId": claim, "settlement": "found", "reason": "自行处理"})
    assert own.value.reason == "host.forbidden"
    settled = supplying(supplier, "claim.settle", {"claimId": claim, "settlement": "resend", "reason": "漏装一包"})
    assert settled["state"] == "resent"
    assert amounts(ordering(pharmacist, "order.get", {"orderId": order})) == (500_000, 480_000, 0, 20_000)
    ordering(pharmacist, "order.receive", {"orderId": order, "lines": [{"lotId": lot, "quantityMg": 5_000}]})
    last = ordering(pharmacist, "claim.list", {"state": "open", "orderId": order})["claims"][0]
    supplying(supplier, "claim.settle", {"claimId": last["claimId"], "settlement": "writeOff", "reason": "运输破损"})
    shown = supplying(supplier, "order.get", {"orderId": order})
    assert amounts(shown) == (500_000, 485_000, 15_000, 0) and shown["order"][0]["openClaims"] == 0
    assert pharmacy.on_hand(pharmacist, piece) == 485_000
    assert pharmacy.on_hand(supplier, piece, SUPPLIER) == 400_000
    check_both(pharmacist, supplier, piece)


def test_processes_that_receive_one_shipment_book_it_once(county, pharmacist, supplier):
    piece = county.fresh_piece()
    lot = county.stock(supplier, piece, 100_000, SUPPLIER)
    order = ordered(pharmacist, supplier, piece, 100_000)
    shipping = {"method": "decoction.order.ship", "params": {"orderId": order}, "site": SUPPLIER, "key": None}
    outcomes = race(county.host, county.token("pharmacist-t2"), [shipping] * 6)
    assert sum("result" in outcome for outcome in outcomes) == 1
    counted = {"orderId": order, "lines": [{"lotId": lot, "quantityMg": 99_000}]}
    receiving = {"method": "decoction.order.receive", "params": counted, "site": TOWNSHIP, "key": None}
    outcomes = race(county.host, county.token("pharmacist-t1"), [receiving] * 6)
    assert sum("result" in outcome for outcome in outcomes) == 1
    assert pharmacy.on_hand(pharmacist, piece) == 99_000
    assert amounts(ordering(pharmacist, "order.get", {"orderId": order})) == (100_000, 99_000, 1_000, 0)
    check_both(pharmacist, supplier, piece)


def test_a_third_site_sees_nothing_of_it(county, pharmacist, supplier):
    piece = county.fresh_piece()
    lot = county.stock(supplier, piece, 10_000, SUPPLIER)
    order = ordered(pharmacist, supplier, piece, 10_000)
    supplying(supplier, "order.ship", {"orderId": order})
    with county.session("admin") as admin:
        admin.call("modules.enable", {"module": "decoction", "site": OTHER})
        county.create_account(admin, "pharmacist-county", [{"role": "pharmacist", "site": OTHER}])
    with county.session("pharmacist-county") as stranger:
        for method, params in (
            ("order.get", {"orderId": order}), ("order.ship", {"orderId": order}),
            ("order.receive", {"orderId": order, "lines": [{"lotId": lot, "quantityMg": 1}]}),
        ):
            with pytest.raises(Refused) as refused:
                stranger.call(f"decoction.{method}", params, site=OTHER)
            assert refused.value.reason == "host.notFound"
        for method, member in (("order.list", "orders"), ("transit.list", "transit"), ("claim.list", "claims")):
            assert stranger.call(f"decoction.{method}", {}, site=OTHER)[member] == []


def test_a_delivery_to_the_village_is_signed_for_once(county, pharmacist):
    piece = county.fresh_piece()
    county.stock(pharmacist, piece, 10_000)
    document = ordering(pharmacist, "stock.issue", pharmacy.issue_params(piece, 3_000))["documentId"]
    created = ordering(pharmacist, "delivery.create", {
        "documentId": document, "villageZh": "示例村卫生室", "carrier": "配送员"})
    signed = {
        "deliveryId": created["deliveryId"], "receivedBy": "示例签收人", "relation": "villageDoctor",
        "at": datetime.datetime.now(pharmacy.SHANGHAI).isoformat(),
    }
    assert ordering(pharmacist, "delivery.handOver", signed)["state"] == "handedOver"
    with pytest.raises(Refused) as again:
        ordering(pharmacist, "delivery.handOver", signed)
    assert again.value.reason == "decoction.deliveryStateConflict"
    listed = next(
        delivery for delivery in ordering(pharmacist, "delivery.list")["deliveries"]
        if delivery["deliveryId"] == created["deliveryId"])
    assert (listed["receivedBy"], listed["villageZh"]) == ("示例签收人", "示例村卫生室")
