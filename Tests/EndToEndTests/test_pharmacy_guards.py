"""What a recall, a spoilt pot and a count do to what is still in the house, over the wire."""

import pytest

from support import county as pharmacy
from support.client import Refused
from support.host import Host
from support.sql import embedded
from test_dispensing import MAHUANG, SHAREN, SITE, Dispensary


@pytest.fixture(scope="module")
def dispensary(binary):
    """On a host of its own: a lot is recalled here that others work with."""
    with Host() as host:
        host.start()
        yield Dispensary(pharmacy.County(host).found())


def call(dispensary, method, **params):
    return dispensary.dispenser.call(f"decoction.{method}", params, site=SITE)


def refused(fault, dispensary, method, **params):
    with pytest.raises(Refused) as refusal:
        call(dispensary, method, **params)
    assert refusal.value.reason == fault
    return refusal.value.details


def dispensed(dispensary, name):
    prescription = dispensary.submit((name, 4_500))
    dispense(dispensary, prescription, name)
    return prescription


def dispense(dispensary, prescription, name):
    dispensary.review(prescription)
    dispensary.dispense(prescription, [dispensary.weighing(name, dose, 4_500) for dose in (1, 2)])


def to_village(**what):
    return {**what, "villageZh": "示例村", "carrier": "配送员"}


def test_what_was_scorched_is_destroyed_and_dispensed_anew(dispensary):
    prescription = dispensed(dispensary, MAHUANG)
    machine = call(dispensary, "machine.create", code="JY-01", nameZh="1号煎药机", kind="machine")["machineId"]
    job = call(dispensary, "job.start", prescriptionId=prescription, machineId=machine)["jobId"]
    call(dispensary, "job.advance", jobId=job, to="checked")
    call(dispensary, "job.advance", jobId=job, to="soaking")
    assert call(dispensary, "job.abort", jobId=job, reason="scorched")["dispenseAnew"] is True
    for method, params in (("prescription.handOver", {"prescriptionId": prescription}),
                           ("delivery.create", to_village(prescriptionId=prescription))):
        details = refused("decoction.dispenseAnew", dispensary, method, **params)
        assert details["rule"] == "8.5"
    back = {"prescriptionId": prescription, "reason": "煎焦"}
    assert refused("host.invalidParams", dispensary, "prescription.return", **back)[0]["pointer"] == "/destroyAll"
    assert call(dispensary, "prescription.return", **back, destroyAll=True)["disposalId"]
    assert call(dispensary, "job.trace", jobId=job)["lots"]
    dispense(dispensary, prescription, MAHUANG)
    assert call(dispensary, "prescription.handOver", prescriptionId=prescription)["state"] == "handedOver"


def test_a_dispensing_is_sent_by_its_prescription_alone(dispensary):
    prescription = dispensed(dispensary, MAHUANG)
    document = embedded(
        dispensary.county.host, f"SELECT document_id FROM decoction.dispensed WHERE prescription_id = '{prescription}'")
    details = refused("decoction.notDeliverable", dispensary, "delivery.create", **to_village(documentId=document))
    assert details["why"] == "dispensing"


def test_a_recall_stops_what_is_in_the_house(dispensary):
    prescription = dispensed(dispensary, SHAREN)
    lot = dispensary.lots[SHAREN]
    sent = dispensary.dispenser.call("decoction.stock.issue", pharmacy.issue_params(dispensary.codes[SHAREN], 1_000), site=SITE)
    delivery = call(dispensary, "delivery.create", **to_village(documentId=sent["documentId"]))["deliveryId"]
    taken_back = {"documentId": sent["documentId"], "reason": "录入错误"}
    assert refused("decoction.deliveryExists", dispensary, "movement.reverse", **taken_back)["deliveryId"] == delivery
    assert len(call(dispensary, "lot.recall", lotId=lot, reason="药监部门通报")["patients"]) == 1
    details = refused("decoction.lotRecalled", dispensary, "prescription.handOver", prescriptionId=prescription)
    assert details["lots"][0]["lotId"] == lot
    refused("decoction.lotRecalled", dispensary, "delivery.create", **to_village(prescriptionId=prescription))
    call(dispensary, "delivery.bringBack", deliveryId=delivery, reason="召回")
    call(dispensary, "movement.reverse", **taken_back)
    assert call(dispensary, "prescription.return", prescriptionId=prescription, reason="召回", destroyAll=True)["disposalId"]
    assert call(dispensary, "ledger.verify")["ok"]


def test_a_stocktake_is_taken_back_by_who_did_not_count(dispensary):
    lots = pharmacy.lots(dispensary.dispenser, dispensary.codes[MAHUANG])
    drawer = call(dispensary, "location.create", code="A-01", nameZh="麻黄药斗", kind="drawer",
                  pieceCode=dispensary.codes[MAHUANG])["locationId"]
    call(dispensary, "stock.transfer", toLocationId=drawer, lines=[{"lotId": lots[0]["lotId"], "quantityMg": 1_000_000}])
    stocktake = call(dispensary, "stocktake.start", locationId=drawer)["stocktakeId"]
    call(dispensary, "stocktake.count", stocktakeId=stocktake, lotId=lots[0]["lotId"], countedMg=995_000)
    call(dispensary, "stocktake.finish", stocktakeId=stocktake)
    why = {"stocktakeId": stocktake, "reason": "称量误差"}
    approved = dispensary.reviewer.call("decoction.stocktake.approve", why, site=SITE)
    refused("decoction.documentOfStocktake", dispensary, "movement.reverse",
            documentId=approved["documentId"], reason="漏看一袋")
    refused("host.forbidden", dispensary, "stocktake.reverse", **why)
    assert dispensary.reviewer.call("decoction.stocktake.reverse", why, site=SITE)["state"] == "reversed"
    shown = call(dispensary, "stocktake.get", stocktakeId=stocktake)["stocktake"][0]
    assert shown["state"] == "reversed" and shown["reversalId"]
    assert call(dispensary, "ledger.verify")["ok"]
