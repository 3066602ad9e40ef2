"""Every rule on prescriptions through the wire: one that passes, one that draws its warning, one that is held up, and who lifts it."""

from dataclasses import dataclass, field

import pytest

from support import county as pharmacy
from support.client import Refused

SITE = pharmacy.FIRST
STOCKED = ("麻黄 桂枝 薄荷 水牛角 制川乌 三棱 海藻 甘草 冰片 雄黄 罂粟壳 红花 何首乌 朱砂粉 生川乌").split()
EMPTY = "郁金"


class Surgery:
    """Doctors of every right, reviewers of two grades, and a shelf with what the cases prescribe."""

    def __init__(self, county):
        self.county, self.codes = county, {}
        with county.session("admin") as admin:
            admin.call("modules.enable", {"module": "people", "site": SITE})
            county.create_account(admin, "doctor-rx", [{"role": "doctor", "site": SITE}])
        self.doctor = county.session("doctor-rx")
        self.nobody = county.session("reviewer-t1")
        with county.session("siteadmin-t1") as admin:
            room = admin.call("people.department.create", {"code": "RX", "nameZh": "中医科", "kind": "clinical"}, site=SITE)
            every = ["tcmPrescribing", "toxicDrugs", "narcotics"]
            self.staff = {name: self.employ(admin, room["departmentId"], title, rights) for name, title, rights in (
                ("chief", "tcmPhysician", every), ("colleague", "tcmPhysician", every),
                ("junior", "tcmPhysician", ["tcmPrescribing"]), ("intern", "tcmPhysician", []),
                ("pharmacist", "tcmPharmacistInCharge", []), ("assistant", "assistantTcmPharmacist", []))}
        self.reviewer, self.assistant = self.account("pharmacist"), self.account("assistant")
        with county.session("pharmacist-t1") as one, county.session("pharmacist-t1b") as other:
            supplier = county.supplier(one)
            for name in (*STOCKED, EMPTY):
                found = one.call("decoction.piece.search", {"query": name, "limit": 1}, site=SITE)["pieces"][0]
                assert found["nameZh"] == name
                self.codes[name] = found["code"]
                if name != EMPTY:
                    self.stock(one, other, name, supplier)

    def employ(self, admin, department, title, rights):
        person = admin.call("people.person.register", {"nameZh": "测试职工", "sex": "female"}, site=SITE)["personId"]
        return admin.call("people.staff.create", {
            "personId": person, "departmentId": department, "title": title, "rights": rights}, site=SITE)["staffId"]

    def account(self, name):
        with self.county.session("admin") as admin:
            once = admin.call("accounts.create", {
                "account": f"{name}-rx", "roles": [{"role": "reviewer", "site": SITE}], "staffId": self.staff[name],
            })["oneTimePassword"]
        password = pharmacy.new_password()
        with self.county.host.session(f"{name}-rx", once) as client:
            client.call("session.changePassword", {"current": once, "new": password})
        self.county.passwords[f"{name}-rx"] = password
        return self.county.session(f"{name}-rx")

    def stock(self, one, other, name, supplier=None):
        lot = self.county.receive(one, self.codes[name], 5_000_000, supplier=supplier)
        if one.call("decoction.lot.accept", {"lotId": lot}, site=SITE)["state"] == "awaitingSecond":
            other.call("decoction.lot.accept", {"lotId": lot}, site=SITE)

    def patient(self, sex, age):
        born = pharmacy.today().replace(day=1, year=pharmacy.today().year - age)
        return self.doctor.call(
            "people.person.register", {"nameZh": "测试患者", "sex": sex, "birthDate": born.isoformat()}, site=SITE)["personId"]

    def draft(self, case, patient):
        person = {"sex": case.sex, "ageYears": case.age, "allergies": case.allergies}
        if case.pregnant:
            person["pregnant"] = case.pregnant
        lines = [{
            **({"name": name[1:]} if name.startswith("=") else {"code": self.codes[name]}), "perDoseMg": round(grams * 1000), **more,
        } for name, grams, more in ((*piece, {})[:3] for piece in case.pieces)]
        return {
            "patient": person, "patientId": patient, "issuedOn": pharmacy.days(case.issued), "doses": case.doses, "use": "oral",
            "prescriberStaffId": self.staff[case.by], "diagnosis": "感冒", "syndrome": "风寒束表证", "pieces": lines, **case.more}

    def submit(self, case, patient):
        return self.doctor.call("decoction.prescription.submit", self.draft(case, patient), site=SITE)

    def sign(self, prescription, rule, who):
        return self.doctor.call("decoction.prescription.sign", {
            "prescriptionId": prescription, "rule": rule, "staffId": self.staff[who], "reason": "病情需要，密切观察"}, site=SITE)


@dataclass
class Case:
    """What is handed in; what is not said is as it should be: 麻黄 6 g for a man of forty by the chief, three doses, today."""

    rule: str
    what: str
    severities: list
    pieces: list = field(default_factory=lambda: [("麻黄", 6)])
    state: str = "readyForReview"
    # Who may not lift it, and who does; nobody where only a rewrite does.
    not_by: str = None
    by_whom: str = None
    doses: int = 3
    issued: int = 0
    by: str = "chief"
    sex: str = "male"
    age: int = 40
    pregnant: str = None
    allergies: list = field(default_factory=list)
    before: bool = False
    more: dict = field(default_factory=dict)

    def __str__(self):
        return f"{self.rule}-{self.what}"


def held(rule, what, by_whom="colleague", severity="confirm", **members):
    """Held up until somebody signs."""
    return Case(rule, what, [severity], state="awaitingSignature", by_whom=by_whom, **members)


def refused(rule, what, **members):
    """Held up for good: no signature lifts it."""
    return Case(rule, what, ["block"], state="submitted", **members)


NARCOTIC = {"kind": "narcotic"}
LONG = {"kind": "longTerm", "kindReason": "慢性病，病情稳定"}
HUSK = [("罂粟壳", 6), ("麻黄", 6)]
CASES = [
    Case("RX-01", "pass", []),
    Case("RX-01", "house-controlled-by-a-junior", ["warn"], [("朱砂粉", 0.3)], by="junior"),
    refused("RX-01", "no-right", by="intern"),
    refused("RX-01", "no-right-to-toxic-ones", pieces=[("雄黄", 0.1)], doses=1, by="junior"),
    Case("RX-02", "pass", []),
    held("RX-02", "yesterday", issued=-1),
    refused("RX-02", "the-fourth-day", issued=-3),
    Case("RX-03", "pass-seven-days", [], doses=7),
    Case("RX-03", "long-with-a-reason", ["warn"], doses=28, more=LONG),
    held("RX-03", "eight-days", doses=8),
    refused("RX-03", "beyond-twelve-weeks", doses=85, more=LONG),
    Case("RX-04", "pass", [], [("薄荷", 4, {"cooking": "last"})]),
    Case("RX-04", "boiling-not-noted", ["warn"], [("薄荷", 4)]),
    Case("RX-05", "pass", [], [("甘草", 6), ("麻黄", 6)]),
    Case("RX-05", "extended-pair", ["warn"], [("制川乌", 2, {"cooking": "first"}), ("水牛角", 15, {"cooking": "first"})]),
    held("RX-05", "incompatible", severity="block", pieces=[("甘草", 6), ("海藻", 6)]),
    Case("RX-06", "pass-not-pregnant", [], [("三棱", 6)], sex="female", pregnant="no"),
    Case("RX-06", "caution", ["warn"], [("红花", 6)], sex="female", pregnant="yes"),
    held("RX-06", "nobody-knows", pieces=[("三棱", 6)], sex="female", pregnant="unknown"),
    held("RX-06", "forbidden", severity="block", pieces=[("三棱", 6)], sex="female", pregnant="yes"),
    Case("RX-07", "pass", [], [("麻黄", 10)]),
    Case("RX-07", "below", ["info"], [("麻黄", 1.999)]),
    held("RX-07", "above", pieces=[("麻黄", 10.001)]),
    refused("RX-07", "above-twice", pieces=[("麻黄", 20.001)]),
    Case("RX-08", "pass", []),
    Case("RX-08", "pill-in-a-boil", ["warn"], [("冰片", 0.2)]),
    refused("RX-08", "external-to-drink", pieces=[("生川乌", 1)], doses=1),
    Case("RX-09", "pass-two-days", [], [("雄黄", 0.1)], doses=2),
    Case("RX-09", "processed-by-default", ["info"], [("=川乌", 2, {"cooking": "first"})]),
    held("RX-09", "again-in-two-days", pieces=[("雄黄", 0.1)], doses=2, before=True, not_by="chief"),
    refused("RX-09", "three-days", pieces=[("雄黄", 0.1)]),
    Case("RX-10", "pass", [], HUSK, more=NARCOTIC),
    Case("RX-10", "below", ["warn"], [("罂粟壳", 2), ("麻黄", 6)], more=NARCOTIC),
    refused("RX-10", "ordinary-form", pieces=HUSK),
    refused("RX-10", "alone", pieces=[("罂粟壳", 6)], more=NARCOTIC),
    refused("RX-10", "four-days", pieces=HUSK, doses=4, more=NARCOTIC),
    Case("RX-11", "pass", []),
    Case("RX-11", "twice", ["warn"], [("麻黄", 3), ("麻黄", 3)]),
    Case("RX-12", "pass", []),
    Case("RX-12", "allergy", ["warn"], allergies=["麻黄"]),
    Case("RX-12", "liver", ["warn"], [("何首乌", 6)]),
    refused("RX-12", "poppy-husk-for-a-child", pieces=HUSK, age=9, more=NARCOTIC),
    Case("RX-14", "pass", []),
    Case("RX-14", "substitute", ["warn"], [("麻黄", 6, {"substituteFor": "XLYP0003"})]),
]


@pytest.fixture(scope="module")
def surgery(county):
    return Surgery(county)


def of(reply, rule):
    return [one for one in reply["findings"] if one["rule"] == rule and one["resolution"] != "notChecked"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule(surgery, case):
    patient = surgery.patient(case.sex, case.age)
    if case.before:
        assert surgery.submit(case, patient)["state"] == "readyForReview"
    reply = surgery.submit(case, patient)
    found = of(reply, case.rule)
    # A rule may find the same of several pieces.
    assert sorted({one["severity"] for one in found}) == sorted(case.severities), reply["findings"]
    assert reply["state"] == case.state, reply["findings"]
    for one in found:
        assert one["textZh"] and one["textEn"] and one["ruleVersion"]
    prescription = reply["prescriptionId"]
    if case.state == "submitted":
        with pytest.raises(Refused) as refusal:
            surgery.sign(prescription, case.rule, "colleague")
        assert refusal.value.reason == "decoction.signatureNotAsked"
    if case.not_by:
        with pytest.raises(Refused) as refusal:
            surgery.sign(prescription, case.rule, case.not_by)
        assert (refusal.value.reason, refusal.value.details["missing"]) == ("decoction.signerNotEntitled", "anotherPerson")
    if case.by_whom:
        assert surgery.sign(prescription, case.rule, case.by_whom)["state"] == "readyForReview"


def test_every_rule_has_a_case_that_passes_and_every_other_outcome_that_it_knows():
    rules = {case.rule for case in CASES} | {"RX-13"}
    assert rules == {f"RX-{number:02}" for number in range(1, 15)}
    assert {case.rule for case in CASES if not case.severities} == rules - {"RX-13"}


def test_rx_04_a_line_without_its_weight_is_refused(surgery):
    draft = surgery.draft(Case("RX-04", "", []), surgery.patient("male", 40))
    del draft["pieces"][0]["perDoseMg"]
    with pytest.raises(Refused) as refusal:
        surgery.doctor.call("decoction.prescription.submit", draft, site=SITE)
    assert refusal.value.reason == "host.invalidParams"


def test_rx_13_who_reviews_has_the_title_and_is_known(surgery):
    """Not judged before the review; by a pharmacist of the grade; one whose title nobody knows is a warning, a low one is refused."""
    ids = [surgery.submit(Case("RX-13", "", []), surgery.patient("male", 40)) for _ in range(2)]
    assert [one["resolution"] for one in ids[0]["findings"] if one["rule"] == "RX-13"] == ["notChecked"]
    first, second = ({"prescriptionId": one["prescriptionId"], "decision": "approve"} for one in ids)
    with pytest.raises(Refused) as refusal:
        surgery.assistant.call("decoction.prescription.review", first, site=SITE)
    assert (refusal.value.reason, refusal.value.details["missing"]) == ("decoction.staffNotEntitled", "title")
    approved = surgery.reviewer.call("decoction.prescription.review", first, site=SITE)
    assert approved["state"] == "approved" and of(approved, "RX-13") == []
    unknown = surgery.nobody.call("decoction.prescription.review", second, site=SITE)
    assert [one["severity"] for one in unknown["findings"] if one["rule"] == "RX-13"] == ["warn"]


def test_rx_14_what_is_not_there_waits_for_the_doctor_or_for_stock(surgery):
    case = refused("RX-14", "empty", pieces=[(EMPTY, 6)])
    reply = surgery.submit(case, surgery.patient("male", 40))
    assert [one["resolution"] for one in of(reply, "RX-14")] == ["substituteByDoctor"]
    assert reply["state"] == "submitted"
    with surgery.county.session("pharmacist-t1") as one, surgery.county.session("pharmacist-t1b") as other:
        surgery.stock(one, other, EMPTY)
    again = surgery.doctor.call(
        "decoction.prescription.recheck", {"prescriptionId": reply["prescriptionId"]}, site=SITE)
    assert again["state"] == "readyForReview"
