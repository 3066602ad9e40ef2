"""From the review to the patient's bag over the wire: reserved, weighed, checked, labelled, handed over."""

import pytest

from support import county as pharmacy
from support.client import Refused

MAHUANG, SHAREN, REALGAR = "麻黄", "砂仁", "雄黄"
SITE = pharmacy.FIRST


class Dispensary:
    """A doctor, a reviewer, two pharmacists with accounts of their own, a scale, and the shelf."""

    def __init__(self, county):
        self.county = county
        with county.session("admin") as admin:
            admin.call("modules.enable", {"module": "people", "site": SITE})
            county.create_account(admin, "doctor-disp", [{"role": "doctor", "site": SITE}])
        self.doctor = county.session("doctor-disp")
        with county.session("siteadmin-t1") as admin:
            clinic, store = (
                admin.call("people.department.create", {"code": code, "nameZh": name, "kind": kind}, site=SITE)["departmentId"]
                for code, name, kind in (("ZYG2", "中医科", "clinical"), ("ZYF2", "中药房", "pharmacy")))
            self.chief = self.staff(admin, clinic, "测试医师", "tcmPhysician", ["tcmPrescribing", "toxicDrugs"])
            reviewer, dispenser, self.checker = (
                self.staff(admin, store, f"测试药师{name}", title, [])
                for name, title in (("甲", "tcmPharmacistInCharge"), ("乙", "assistantTcmPharmacist"), ("丙", "tcmPharmacist")))
        self.dispenser_staff = dispenser
        self.reviewer = self.account("reviewer-disp", "reviewer", reviewer)
        self.dispenser = self.account("pharmacist-disp", "pharmacist", dispenser)
        self.patient = self.doctor.call(
            "people.person.register", {"nameZh": "测试患者", "sex": "male", "birthDate": "1980-02-03"}, site=SITE)["personId"]
        self.scale = self.dispenser.call("decoction.scale.create", {"code": "TP01", "nameZh": "电子秤", "calibration": {
            "calibratedOn": pharmacy.days(-30), "validUntil": pharmacy.days(300), "certificateNumber": "JD01"}}, site=SITE)["scaleId"]
        self.codes, self.lots = {}, {}
        with county.session("pharmacist-t1") as one, county.session("pharmacist-t1b") as other:
            for name in (MAHUANG, SHAREN, REALGAR):
                found = one.call("decoction.piece.search", {"query": name, "limit": 1}, site=SITE)["pieces"][0]
                self.codes[name] = found["code"]
                self.lots[name] = county.receive(one, found["code"], 5_000_000, expires=20)
                if one.call("decoction.lot.accept", {"lotId": self.lots[name]}, site=SITE)["state"] == "awaitingSecond":
                    other.call("decoction.lot.accept", {"lotId": self.lots[name]}, site=SITE)

    def staff(self, admin, department, name, title, rights):
        person = admin.call("people.person.register", {"nameZh": name, "sex": "female"}, site=SITE)["personId"]
        return admin.call("people.staff.create", {
            "personId": person, "departmentId": department, "title": title, "rights": rights}, site=SITE)["staffId"]

    def account(self, name, role, staff):
        with self.county.session("admin") as admin:
            once = admin.call("accounts.create", {
                "account": name, "roles": [{"role": role, "site": SITE}], "staffId": staff})["oneTimePassword"]
        password = pharmacy.new_password()
        with self.county.host.session(name, once) as client:
            client.call("session.changePassword", {"current": once, "new": password})
        self.county.passwords[name] = password
        return self.county.session(name)

    def submit(self, *pieces, doses=2):
        reply = self.doctor.call("decoction.prescription.submit", {
            "patient": {"sex": "male", "ageYears": 46, "allergies": []}, "patientId": self.patient, "issuedOn": pharmacy.days(0),
            "doses": doses, "use": "oral", "prescriberStaffId": self.chief, "diagnosis": "感冒", "syndrome": "风寒束表证",
            "pieces": [{"code": self.codes[name], "perDoseMg": mg} for name, mg in pieces]}, site=SITE)
        assert reply["state"] == "readyForReview", reply
        return reply["prescriptionId"]

    def review(self, prescription, decision="approve", **members):
        return self.reviewer.call(
            "decoction.prescription.review", {"prescriptionId": prescription, "decision": decision, **members}, site=SITE)

    def weighing(self, name, dose, net):
        return {"dose": dose, "pieceCode": self.codes[name], "scaleId": self.scale, "grossMg": net + 9_000, "tareMg": 9_000}

    def dispense(self, prescription, weighings, checker=None, client=None):
        return (client or self.dispenser).call("decoction.prescription.dispense", {
            "prescriptionId": prescription, "weighings": weighings, "checkedByStaffId": checker or self.checker}, site=SITE)

    def on_hand(self, name):
        lots = pharmacy.lots(self.dispenser, self.codes[name])
        return sum(lot["onHandMg"] for lot in lots), sum(lot["reservedMg"] for lot in lots)


@pytest.fixture(scope="module")
def dispensary(county):
    return Dispensary(county)


def refused(reason, call, *arguments, **members):
    with pytest.raises(Refused) as refusal:
        call(*arguments, **members)
    assert refusal.value.reason == reason
    return refusal.value.details


def test_from_the_review_to_the_bag(dispensary):
    # Other files of the suite work at the same county.
    before, reserved = dispensary.on_hand(MAHUANG)
    prescription = dispensary.submit((MAHUANG, 6_000), (SHAREN, 4_500))
    reply = dispensary.review(prescription)
    assert reply["state"] == "approved"
    assert sorted(one["quantityMg"] for one in reply["reservations"]) == [9_000, 12_000]
    assert dispensary.on_hand(MAHUANG) == (before, reserved + 12_000)
    free = before - reserved - 12_000
    refused("decoction.insufficientStock", dispensary.dispenser.call,
            "decoction.stock.issue", pharmacy.issue_params(dispensary.codes[MAHUANG], free + 1), site=SITE)
    # One piece is weighed by itself, and lasts; the rest comes with the dispensing.
    recorded = dispensary.dispenser.call(
        "decoction.weighing.record", {"prescriptionId": prescription, **dispensary.weighing(MAHUANG, 1, 6_040)}, site=SITE)
    assert (recorded["state"], recorded["netMg"], recorded["left"]) == ("dispensing", 6_040, 3)
    rest = [dispensary.weighing(MAHUANG, 2, 5_990), dispensary.weighing(SHAREN, 1, 4_510), dispensary.weighing(SHAREN, 2, 4_500)]
    missing = refused("decoction.weighingsIncomplete", dispensary.dispense, prescription, rest[:2])
    assert missing["missing"] == [{"dose": 2, "pieceCode": dispensary.codes[SHAREN]}]
    heavy = [*rest[:2], dispensary.weighing(SHAREN, 2, 6_000)]
    assert refused("decoction.weightOutOfTolerance", dispensary.dispense, prescription, heavy)[0]["dose"] == 2
    details = refused("decoction.staffNotEntitled", dispensary.dispense, prescription, rest, dispensary.dispenser_staff)
    assert (details["duty"], details["missing"]) == ("checker", "anotherPerson")
    done = dispensary.dispense(prescription, rest)
    assert {(move["lotId"], move["quantityMg"]) for move in done["moves"]} == {
        (dispensary.lots[MAHUANG], 12_030), (dispensary.lots[SHAREN], 9_010)}
    assert dispensary.on_hand(MAHUANG) == (before - 12_030, reserved)
    for kind in ("bag", "pot"):
        svg = dispensary.dispenser.call("decoction.label.get", {"prescriptionId": prescription, "kind": kind}, site=SITE)["svg"]
        assert svg.startswith("<svg") and "测试患者" in svg and "砂仁 4.5 g（后下）" in svg and prescription in svg
    queue = pharmacy.pages(dispensary.dispenser, "decoction.queue.list", {"state": "dispensed"}, "prescriptions")
    assert prescription in {entry["prescriptionId"] for entry in queue}
    handed = dispensary.dispenser.call("decoction.prescription.handOver", {
        "prescriptionId": prescription, "receivedBy": "patient", "counselling": "饭后温服"}, site=SITE)
    assert handed["state"] == "handedOver"
    details = refused("decoction.handedOver", dispensary.dispenser.call,
                      "decoction.prescription.return", {"prescriptionId": prescription, "reason": "不要了"}, site=SITE)
    assert details["rule"] == "DISPENSING"
    refused("decoction.documentDispensed", dispensary.dispenser.call,
            "decoction.movement.reverse", {"documentId": done["documentId"], "reason": "不要了"}, site=SITE)
    assert dispensary.dispenser.call("decoction.ledger.verify", {}, site=SITE)["ok"]
    day = pharmacy.days(0)
    stages = dispensary.dispenser.call("decoction.queue.waiting", {"from": day, "to": day}, site=SITE)["stages"]
    assert [stage["stage"] for stage in stages] == ["review", "queue", "weighing", "pickup"]


def test_a_refusal_goes_back_to_the_doctor_with_a_note(dispensary):
    prescription = dispensary.submit((MAHUANG, 6_000))
    assert refused("host.invalidParams", dispensary.review, prescription, "refuse")[0]["pointer"] == "/note"
    assert dispensary.review(prescription, "refuse", note="剂量请复核")["state"] == "refused"
    refused("decoction.prescriptionStateConflict", dispensary.review, prescription)
    refused("host.forbidden", dispensary.dispenser.call,
            "decoction.prescription.review", {"prescriptionId": prescription, "decision": "approve"}, site=SITE)


def test_toxic_pieces_take_two_persons_and_do_not_go_back(dispensary):
    prescription = dispensary.submit((REALGAR, 100))
    before, reserved = dispensary.on_hand(REALGAR)
    dispensary.review(prescription)
    weighings = [dispensary.weighing(REALGAR, dose, 100) for dose in (1, 2)]
    with dispensary.county.session("pharmacist-t1") as nobody:
        details = refused("decoction.staffNotEntitled", dispensary.dispense, prescription, weighings, client=nobody)
    assert (details["duty"], details["missing"]) == ("dispenser", "ownAccount")
    refused("decoction.staffNotEntitled", dispensary.dispense, prescription, weighings, dispensary.dispenser_staff)
    dispensary.dispense(prescription, weighings)
    back = {"prescriptionId": prescription, "reason": "患者未取药"}
    refused("decoction.staffNotEntitled", dispensary.dispenser.call, "decoction.prescription.return", back, site=SITE)
    reply = dispensary.dispenser.call(
        "decoction.prescription.return", {**back, "checkedByStaffId": dispensary.checker}, site=SITE)
    assert reply["disposalId"] and reply["state"] == "readyForReview"
    assert dispensary.on_hand(REALGAR) == (before - 200, reserved)
    assert dispensary.dispenser.call("decoction.ledger.verify", {}, site=SITE)["ok"]


def test_a_retry_with_the_same_key_dispenses_once(dispensary):
    prescription = dispensary.submit((MAHUANG, 6_000), doses=1)
    dispensary.review(prescription)
    params = {"prescriptionId": prescription, "weighings": [dispensary.weighing(MAHUANG, 1, 6_000)],
              "checkedByStaffId": dispensary.checker}
    documents = {
        dispensary.dispenser.call("decoction.prescription.dispense", params, site=SITE, key="dispense-once")["documentId"]
        for _ in range(3)
    }
    assert len(documents) == 1
