"""From whom pieces are bought, over the wire: licences that end, firms designated for toxic pieces, the papers of a batch."""

import pytest

from support import county as pharmacy
from support.client import Refused

SITE = pharmacy.FIRST
TOXIC = "XLYP0178"  # 生川乌, one of the 28 kinds


@pytest.fixture(scope="module")
def buyer(county):
    with county.session("pharmacist-t1") as client:
        yield client


def supplier(county, client, **more):
    number = county.fresh_number("PC")
    return client.call("decoction.supplier.create", {"nameZh": f"测试饮片厂{number}", "licence": number, **more}, site=SITE)


def delivery(county, supplier_id, piece, **more):
    return {
        "pieceCode": piece, "supplierId": supplier_id, "batchNumber": county.fresh_number(), "producedOn": pharmacy.days(-60),
        "expiresOn": pharmacy.days(365), "quantityMg": 1_000, "unitCostFenPerKg": 8_800, **more}


def receive(county, client, supplier_id, piece, **more):
    return client.call("decoction.lot.receive", delivery(county, supplier_id, piece, **more), site=SITE)


def refusal(county, client, supplier_id, piece):
    with pytest.raises(Refused) as refused:
        receive(county, client, supplier_id, piece)
    return refused.value


def codes(reply):
    return [warning["code"] for warning in reply.get("warnings", [])]


def test_a_supplier_of_a_name_and_a_number_delivers_everything_and_is_warned_of(county, buyer):
    """What clients of the contract send: nothing of it is refused."""
    made = supplier(county, buyer)
    assert made["licenceState"] == "licenceEndUnknown"
    plain = receive(county, buyer, made["supplierId"], county.fresh_piece())
    assert (plain["state"], codes(plain)) == ("quarantined", ["licenceEndUnknown"])
    toxic = receive(county, buyer, made["supplierId"], TOXIC)
    assert (toxic["state"], codes(toxic)) == ("quarantined", ["licenceEndUnknown", "designationUnknown"])


def test_a_licence_that_has_ended_refuses_until_the_renewed_one_is_recorded(county, buyer):
    made = supplier(county, buyer, licenceKind="operation", licenceEnds=pharmacy.days(-1))
    assert made["licenceState"] == "ended"
    refused = refusal(county, buyer, made["supplierId"], "XLYP0001")
    assert (refused.reason, refused.code) == ("decoction.supplierLicenceEnded", 1122)
    assert refused.details["licenceEnds"] == pharmacy.days(-1) and refused.details["resolution"] == "renewLicence"
    ending = pharmacy.pages(buyer, "decoction.supplier.list", {"endingWithinDays": 0}, "suppliers")
    assert made["supplierId"] in {entry["supplierId"] for entry in ending}
    renewed = {"supplierId": made["supplierId"], "licenceEnds": pharmacy.days(1500), "reason": "换证"}
    assert buyer.call("decoction.supplier.update", renewed, site=SITE)["licenceState"] == "valid"
    papers = {"spec": "段", "origin": "内蒙古", "maker": "测试饮片厂", "certificateNumber": "JY01"}
    lot = receive(county, buyer, made["supplierId"], "XLYP0001", **papers)
    assert codes(lot) == []
    trace = buyer.call("decoction.lot.trace", {"lotId": lot["lotId"]}, site=SITE)
    assert {name: trace[name] for name in papers} == papers and trace["supplierVersion"] == 2
    shown = buyer.call("decoction.supplier.get", {"supplierId": made["supplierId"]}, site=SITE)
    assert [(one["version"], one["reason"], one["licenceEnds"]) for one in shown["versions"]] == [(1, "换证", pharmacy.days(-1))]


def test_toxic_pieces_come_from_designated_firms(county, buyer):
    made = supplier(county, buyer, licenceEnds=pharmacy.days(1500), designatedToxic=False)["supplierId"]
    assert refusal(county, buyer, made, TOXIC).reason == "decoction.supplierNotDesignated"
    assert codes(receive(county, buyer, made, "XLYP0001")) == []
    designated = {"supplierId": made, "designatedToxic": True, "designationNumber": "皖毒1号", "reason": "取得指定"}
    buyer.call("decoction.supplier.update", designated, site=SITE)
    assert codes(receive(county, buyer, made, TOXIC)) == []
    buyer.call("decoction.supplier.withdraw", {"supplierId": made, "reason": "终止合作"}, site=SITE)
    assert refusal(county, buyer, made, "XLYP0001").reason == "decoction.supplierWithdrawn"
