"""Reports and indicators over the wire: figures, their lines, their files, and who may read them."""

import base64
import csv
import datetime
import io
from decimal import Decimal

import pytest

from support import county as pharmacy
from support.client import Refused
from support.county import County
from support.host import Host, wait_until

SITE = pharmacy.FIRST
TYPED = "=HYPERLINK(\"http://example.invalid\",\"点我\")"


def call(client, method, params=None, site=SITE):
    return client.call(f"decoction.{method}", params or {}, site=site)


def reason(call):
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.reason


def lines(client, figure, **filters):
    """Every line of a figure by small pages; what they add up to is what each page says."""
    found, after = [], None
    while True:
        page = call(client, "report.lines", {"figure": figure, "limit": 2, **filters, **({"after": after} if after else {})})
        found += page["lines"]
        after = page.get("next")
        if after is None:
            break
    for member, total in (("count", "count"), ("quantityMg", "quantityMg"), ("valueFen", "valueFen")):
        if total in page["total"]:
            assert sum(line[member] for line in found) == page["total"][total], figure
    return found


def fen(found):
    return sum(line["valueFen"] for line in found)


def export(client, kind, params=None):
    """A report's file, by the names of its columns."""
    begun = client.call("exports.begin", {"kind": f"decoction.{kind}", "params": params or {}}, site=SITE)
    state = {}

    def is_done():
        state.update(client.call("exports.get", {"exportId": begun["exportId"]}, site=SITE))
        return state["state"] != "running"

    wait_until(is_done, seconds=120)
    assert state["state"] == "done", state
    content = base64.b64decode(
        client.call("files.read", {"fileId": state["fileId"], "offset": 0, "length": 500_000}, site=SITE)["base64"])
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def column(rows, name, scale):
    total = sum((Decimal(row[name] or "0") for row in rows), Decimal(0)) * scale
    assert total == int(total)
    return int(total)


@pytest.fixture(scope="module")
def shop():
    """A county of its own: what the reports of its first township say is known to the milligram."""
    with Host() as host:
        county = County(host.start()).found(["pharmacist-t1", "reviewer-t1", "siteadmin-t1", "pharmacist-t2"])
        with county.session("admin") as admin:
            county.create_account(admin, "figures-t1", [{"role": "statistician", "site": SITE}])
        with county.session("pharmacist-t1") as client:
            one, other = county.fresh_piece(), county.fresh_piece()
            # At 88.00 yuan a kilogram: 880 and 440 fen.
            first, second = county.stock(client, one, 100_000), county.stock(client, other, 50_000, expires=20)
            box = call(client, "location.create", {"code": "XZ", "nameZh": "巡诊箱", "kind": "outreachBox"})["locationId"]
            call(client, "stock.transfer", {
                "lines": [{"lotId": first, "quantityMg": 33_333}], "toLocationId": box})
            call(client, "stock.issue", pharmacy.issue_params(one, 20_001))
            wrong = call(client, "stock.issue", pharmacy.issue_params(other, 7_000))["documentId"]
            call(client, "movement.reverse", {"documentId": wrong, "reason": "发错"})
            call(client, "lot.dispose", {"lotId": second, "quantityMg": 5_000, "reason": TYPED})
        yield county, (one, other), (first, second), box


def test_the_movements_balance_and_every_figure_is_its_lines(shop):
    county, (one, _), _, _ = shop
    with county.session("pharmacist-t1") as client:
        report = call(client, "report.movements")
        total = report["total"]
        assert (total["openingMg"], total["closingMg"]) == (0, 124_999)
        # 880 − 176 (20.001 g) and 440 − 44 (5 g).
        assert total["closingFen"] == 704 + 396
        for unit in ("Mg", "Fen"):
            assert total["opening" + unit] + total["in" + unit] - total["out" + unit] == total["closing" + unit]
        for kind in report["kinds"]:
            assert fen(lines(client, "in", kind=kind["kind"])) == kind["inFen"]
            assert fen(lines(client, "out", kind=kind["kind"])) == kind["outFen"]
        for piece in report["pieces"]:
            assert fen(lines(client, "closing", pieceCode=piece["pieceCode"])) == piece["closingFen"]
        assert fen(lines(client, "issued")) == 176 == call(client, "report.turnover")["issuedFen"]
        assert [line["quantityMg"] for line in lines(client, "issued", pieceCode=one)] == [20_001]
        # The wrong document and its reversal are both there, and add up to nothing.
        assert sorted(line["quantityMg"] for line in lines(client, "issued")) == [-7_000, 7_000, 20_001]


def test_stock_by_place_and_expiry_add_up_to_the_value(shop):
    county, _, (_, second), box = shop
    with county.session("pharmacist-t1") as client:
        value = call(client, "stock.value")["totalFen"]
        for grouping in ("piece", "storageClass", "location"):
            report = call(client, "report.stock", {"by": grouping})
            assert report["total"]["valueFen"] == value == sum(figure["valueFen"] for figure in report["figures"])
        assert sum(line["quantityMg"] for line in lines(client, "closing", locationId=box)) == 33_333
        expiry = call(client, "report.expiry", {"withinDays": 30})
        assert expiry["atRisk"] == {"lots": 1, "onHandMg": 45_000, "valueFen": 396}
        month = pharmacy.days(20)[:8] + "01"
        assert {line["lotId"] for line in lines(client, "closing", expiryMonth=month, expired=False)} == {second}


def test_loss_and_c06_agree(shop):
    county, _, _, _ = shop
    with county.session("pharmacist-t1") as client:
        report = call(client, "report.loss")
        assert (report["lossFen"], report["baseFen"], report["ratePercent"]) == (44, 176 + 1_100, "3.45")
        assert report["reasons"][0]["reason"] == TYPED
        indicators = {entry["code"]: entry for entry in call(
            client, "indicator.list", {"period": pharmacy.days(0)})["indicators"]}
        assert sorted(indicators) == ["C01", "C02", "C03", "C04", "C05", "C06"]
        assert indicators["C06"]["value"] == "3.45" and indicators["C06"]["nameZh"] == "盘点损耗率"
        assert indicators["C01"]["value"] == "2" and "denominator" not in indicators["C01"]
        assert indicators["C02"]["reason"] == "missing" and "value" not in indicators["C02"]
        assert indicators["C05"]["reason"] == "D0" and indicators["C05"]["denominator"] == 0
        for part, member in (("numerator", "numerator"), ("denominator", "denominator")):
            listed = call(client, "indicator.lines", {"code": "C06", "part": part, "period": pharmacy.days(0)})
            assert sum(line["amount"] for line in listed["lines"]) == listed["amount"] == indicators["C06"][member]


def test_the_files_add_up_and_hold_no_formula(shop):
    county, _, _, _ = shop
    with county.session("pharmacist-t1") as client:
        total = call(client, "report.movements")["total"]
        rows = export(client, "movementReport")
        assert column(rows, "Closing (yuan)", 100) == total["closingFen"] and column(rows, "In (g)", 1000) == total["inMg"]
        for kind, sums in (
            ("stockReport", {"Quantity (g)": (1000, total["closingMg"]), "Value (yuan)": (100, total["closingFen"])}),
            ("expiryReport", {"Value (yuan)": (100, total["closingFen"]), "Expired": (1, 0)}),
            ("lossReport", {"Loss (g)": (1000, 5_000), "Loss (yuan)": (100, 44)}),
            ("turnoverReport", {"Issued (yuan)": (100, 176)}), ("prescriptionReport", {"Submitted": (1, 0)}),
            ("toxicLedger", {"Quantity (g)": (1000, 0)}),
        ):
            rows = export(client, kind)
            for name, (scale, expected) in sums.items():
                assert column(rows, name, scale) == expected, (kind, name)
            for row in rows:
                assert not any((cell or "").startswith(("=", "+", "@")) for cell in row.values()), kind
        assert export(client, "lossReport")[0]["Reason"] == "'" + TYPED


def test_who_reads_what(shop):
    county, _, (first, _), _ = shop
    with county.session("figures-t1") as client:
        assert call(client, "report.stock")["total"]["onHandMg"] == 124_999
        assert reason(lambda: call(client, "report.toxicLedger")) == "host.forbidden"
        assert reason(lambda: call(client, "lot.trace", {"lotId": first})) == "host.forbidden"
    with county.session("pharmacist-t2") as client:
        other = call(client, "report.movements", site=pharmacy.SECOND)
        assert other["total"]["inMg"] == 0 and other["kinds"] == [] and other["pieces"] == []
        assert call(client, "report.lines", {"figure": "in"}, site=pharmacy.SECOND)["lines"] == []
        assert reason(lambda: call(client, "report.stock")) == "host.forbidden"


def test_bad_input_names_the_field(shop):
    county, _, _, _ = shop
    tomorrow, long_ago = pharmacy.days(1), pharmacy.days(-400)
    with county.session("pharmacist-t1") as client:
        for method, params, field in (
            ("report.loss", {"to": tomorrow}, "/to"), ("report.loss", {"from": long_ago}, "/from"),
            ("report.turnover", {"from": pharmacy.days(0), "to": pharmacy.days(-1)}, "/from"),
            ("report.stock", {"asOf": tomorrow}, "/asOf"), ("report.stock", {"asOf": "2026-02-30"}, "/asOf"),
            ("report.lines", {"figure": "in", "staffId": "00000000-0000-0000-0000-000000000000"}, "/staffId"),
            ("indicator.list", {"period": "9999-01-01"}, "/period"),
        ):
            with pytest.raises(Refused) as refused:
                call(client, method, params)
            assert refused.value.details[0]["pointer"] == field, method


def test_visits_are_recorded_once_and_corrected_by_versions(shop):
    county, _, _, _ = shop
    first = datetime.date.fromisoformat(pharmacy.days(0)).replace(day=1)
    month = (first - datetime.timedelta(days=1)).replace(day=1).isoformat()
    counted = {"month": month, "outpatientVisits": 400, "tcmVisits": 100, "source": "HIS 门诊月报"}

    def c02(client):
        found = call(client, "indicator.list", {"period": month})["indicators"]
        return next(entry for entry in found if entry["code"] == "C02")

    with county.session("siteadmin-t1") as client:
        assert c02(client)["reason"] == "missing"
        assert call(client, "outpatientCount.record", counted)["version"] == 1
        assert c02(client)["value"] == "25.00"
        assert reason(lambda: call(client, "outpatientCount.record", counted)) == "decoction.outpatientCountExists"
        assert call(client, "outpatientCount.record", {
            **counted, "tcmVisits": 150, "corrects": 1, "reason": "漏报"})["version"] == 2
        assert c02(client)["value"] == "37.50"
        assert [entry["version"] for entry in call(client, "outpatientCount.list")["counts"]] == [2, 1]
        assert reason(lambda: call(client, "outpatientCount.record", {
            **counted, "month": first.isoformat()})) == "decoction.monthNotOver"
