"""The county's catalogue, a price, a recall, and the care of the stock, over the wire."""

import base64
import hashlib

import pytest

from support import county as pharmacy
from support.client import Refused
from support.host import wait_until

MAHUANG = "XLYP0001"


@pytest.fixture(scope="module")
def bureau(county):
    """The bureau's administrator."""
    with county.session("admin") as admin:
        admin.call("modules.enable", {"module": "decoction", "site": pharmacy.BUREAU})
        county.create_account(admin, "siteadmin-county", [{"role": "siteAdmin", "site": pharmacy.BUREAU, "scope": "subtree"}])
    with county.session("siteadmin-county") as client:
        yield client


def at_bureau(client, method, params):
    return client.call(method, params, site=pharmacy.BUREAU)


def reason(call):
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.reason


def export(client):
    """The catalogue as a file: its id and bytes."""
    begun = at_bureau(client, "exports.begin", {"kind": "decoction.catalogue"})
    state = {}

    def is_done():
        state.update(at_bureau(client, "exports.get", {"exportId": begun["exportId"]}))
        return state["state"] != "running"

    wait_until(is_done, seconds=120)
    file, content = state["fileId"], b""
    size = at_bureau(client, "files.get", {"fileId": file})["bytes"]
    while len(content) < size:
        part = at_bureau(client, "files.read", {"fileId": file, "offset": len(content), "length": 262144})
        content += base64.b64decode(part["base64"])
    return file, content


def bring(client, file):
    """Imports a file, all or nothing."""
    begun = at_bureau(client, "imports.begin", {"kind": "decoction.catalogue", "fileId": file})["importId"]
    state = {}

    def left(name):
        state.update(at_bureau(client, "imports.get", {"importId": begun}))
        return state["state"] != name

    wait_until(lambda: left("open"), seconds=120)
    assert (state["state"], state["faulty"]) == ("checked", 0)
    at_bureau(client, "imports.apply", {"importId": begun, "mode": "allOrNothing"})
    wait_until(lambda: left("applying"), seconds=120)
    return state


def test_the_bureau_revises_the_catalogue_and_nobody_else_does(county, bureau):
    params = {"code": MAHUANG, "changes": [{"field": "notesZh", "value": "先煎去沫"}], "reason": "县药事会决议"}
    with county.session("siteadmin-t1") as admin:
        assert reason(lambda: admin.call("decoction.piece.revise", params, site="t1")) == "decoction.catalogueOfCounty"
        changed = at_bureau(bureau, "decoction.piece.revise", params)
        assert changed["revision"] == 2
        history = admin.call("decoction.piece.history", {"code": MAHUANG}, site="t1")["versions"]
        assert [version["origin"] for version in history] == ["county", "shipped"]
    variant = at_bureau(bureau, "decoction.piece.add", {
        "basedOn": MAHUANG, "reason": "临床需要", "changes": [
            {"field": "nameZh", "value": "麻黄绒"}, {"field": "pinyin", "value": "mahuangrong"}, {"field": "initials", "value": "MHR"}]})
    assert variant["code"] >= "XLYP9001"
    at_bureau(bureau, "decoction.alias.add", {"code": variant["code"], "nameZh": "麻绒", "reason": "处方常用名"})
    with county.session("pharmacist-t1") as client:
        found = client.call("decoction.piece.search", {"query": "麻绒"}, site="t1")["pieces"]
        assert [(piece["code"], piece["aliasZh"]) for piece in found] == [(variant["code"], "麻绒")]


def test_the_file_goes_out_and_in_unchanged_and_its_preview_lists_what_would_change(bureau):
    file, content = export(bureau)
    assert at_bureau(bureau, "decoction.catalogue.preview", {"fileId": file})["changed"] == 0
    assert bring(bureau, file)["state"] == "applied"
    assert export(bureau)[1] == content

    changed = content.replace("XLYP0003,桂枝,".encode(), "XLYP0003,桂枝木,".encode())
    assert changed != content
    digest = hashlib.new("sm3", changed).hexdigest()
    begun = at_bureau(bureau, "files.begin", {
        "name": "目录.csv", "mediaType": "text/csv", "bytes": len(changed), "sm3": digest})["fileId"]
    for offset in range(0, len(changed), 262144):
        part = base64.b64encode(changed[offset:offset + 262144]).decode()
        at_bureau(bureau, "files.append", {"fileId": begun, "offset": offset, "base64": part})
    at_bureau(bureau, "files.finish", {"fileId": begun})
    preview = at_bureau(bureau, "decoction.catalogue.preview", {"fileId": begun})
    assert [(fault["line"], fault["field"]) for fault in preview["faults"]] == [(3, "nameZh")]


def test_a_price_stays_within_the_mark_up_and_a_recalled_lot_is_blocked(county):
    with county.session("pharmacist-t1") as client:
        piece = county.fresh_piece()
        lot = county.stock(client, piece, 100_000)
        price = {"pieceCode": piece, "priceFenPerKg": 11_000, "reason": "定价"}
        assert client.call("decoction.price.set", price, site="t1")["greatestFenPerKg"] == 11_000
        above = {**price, "priceFenPerKg": 11_001}
        assert reason(lambda: client.call("decoction.price.set", above, site="t1")) == "decoction.priceAboveMarkUp"
        pharmacy.issue(client, piece, 30_000)
        recall = {"lotId": lot, "reason": "药监部门通报"}
        report = client.call("decoction.lot.recall", recall, site="t1", key="recall-once")
        assert (report["patients"], report["otherIssuedMg"], report["onHandMg"]) == ([], 30_000, 70_000)
        assert client.call("decoction.lot.recall", recall, site="t1", key="recall-once") == report
        assert reason(lambda: client.call("decoction.lot.recall", recall, site="t1")) == "decoction.lotStateConflict"
        assert reason(lambda: pharmacy.issue(client, piece, 1)) == "decoction.insufficientStock"
        assert client.call("decoction.ledger.verify", {}, site="t1")["ok"]


def test_care_and_climate_are_recorded_and_what_is_condemned_is_withheld(county):
    with county.session("pharmacist-t1") as client:
        piece = county.fresh_piece()
        lot = county.stock(client, piece, 5_000)
        due = pharmacy.pages(client, "decoction.care.due", {"by": pharmacy.days(100)}, "due")
        assert lot in {task["lotId"] for task in due}
        params = {"lotId": lot, "kind": "inspection", "finding": "condemned", "note": "虫蛀"}
        assert client.call("decoction.care.record", params, site="t1")["state"] == "withheld"
        with county.session("reviewer-t1") as reviewer:
            assert reviewer.call("decoction.lot.release", {"lotId": lot, "reason": "复检合格"}, site="t1")["state"] == "accepted"
        reading = {"celsiusTenths": 205, "humidityTenths": 550}
        assert not client.call("decoction.climate.record", reading, site="t1")["outside"]
        hot = {"celsiusTenths": 325, "humidityTenths": 550}
        assert reason(lambda: client.call("decoction.climate.record", hot, site="t1")) == "decoction.climateActionRequired"
        assert client.call("decoction.climate.record", {**hot, "action": "开启空调"}, site="t1")["outside"]
