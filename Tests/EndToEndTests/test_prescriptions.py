"""Prescriptions over the wire: checked, handed in, signed, rewritten."""

import pytest

from support import county as pharmacy
from support.client import Refused

# 甘草 and 海藻 are incompatible (RX-05); 雄黄 is one of the 28 toxic kinds.
MAHUANG, GANCAO, HAIZAO, REALGAR = "麻黄", "甘草", "海藻", "雄黄"


class Surgery:
    """A doctor of the first township with staff and a patient, and the shelf that is prescribed from."""

    def __init__(self, county):
        self.county = county
        with county.session("admin") as admin:
            admin.call("modules.enable", {"module": "people", "site": pharmacy.FIRST})
            county.create_account(admin, "doctor-t1", [{"role": "doctor", "site": pharmacy.FIRST}])
        self.doctor = county.session("doctor-t1")
        with county.session("siteadmin-t1") as admin:
            department = admin.call(
                "people.department.create", {"code": "ZYG", "nameZh": "中医馆", "kind": "clinical"}, site="t1")["departmentId"]
            self.chief, self.colleague, self.junior = (
                self.staff(admin, department, name, rights) for name, rights in (
                    ("测试医师甲", ["tcmPrescribing", "toxicDrugs"]), ("测试医师乙", ["tcmPrescribing", "toxicDrugs"]),
                    ("测试医师丙", ["tcmPrescribing"])))
        self.patient = self.doctor.call(
            "people.person.register", {"nameZh": "测试患者", "sex": "male", "birthDate": "1980-02-03"}, site="t1")["personId"]
        self.codes = {}
        with county.session("pharmacist-t1") as one, county.session("pharmacist-t1b") as other:
            for name in (MAHUANG, GANCAO, HAIZAO, REALGAR):
                found = one.call("decoction.piece.search", {"query": name, "limit": 1}, site="t1")["pieces"][0]
                assert found["nameZh"] == name
                self.codes[name] = found["code"]
                lot = county.receive(one, found["code"], 5_000_000)
                if one.call("decoction.lot.accept", {"lotId": lot}, site="t1")["state"] == "awaitingSecond":
                    other.call("decoction.lot.accept", {"lotId": lot}, site="t1")

    def staff(self, admin, department, name, rights):
        person = self.county_person(admin, name)
        return admin.call("people.staff.create", {
            "personId": person, "departmentId": department, "title": "tcmPhysician", "rights": rights}, site="t1")["staffId"]

    def county_person(self, admin, name):
        return admin.call("people.person.register", {"nameZh": name, "sex": "female"}, site="t1")["personId"]

    def draft(self, *pieces, **members):
        """Three doses of these pieces, with grams in a dose."""
        return {
            "patient": {"sex": "male", "ageYears": 46, "allergies": []}, "issuedOn": pharmacy.days(0), "doses": 3,
            "use": "oral", "prescriberStaffId": self.chief,
            "pieces": [{"code": self.codes[name], "perDoseMg": int(grams * 1000)} for name, grams in pieces], **members,
        }

    def check(self, *pieces, **members):
        return self.doctor.call("decoction.prescription.check", self.draft(*pieces, **members), site="t1")

    def submit(self, *pieces, **members):
        params = self.draft(*pieces, patientId=self.patient, diagnosis="感冒", syndrome="风寒束表证", **members)
        return self.doctor.call("decoction.prescription.submit", params, site="t1")

    def get(self, prescription):
        return self.doctor.call("decoction.prescription.get", {"prescriptionId": prescription}, site="t1")


@pytest.fixture(scope="module")
def surgery(county):
    return Surgery(county)


def severities(reply, rule):
    return [finding["severity"] for finding in reply["findings"] if finding["rule"] == rule]


def test_a_check_says_what_each_rule_finds_and_moves_nothing(surgery):
    clean = surgery.check((MAHUANG, 6))
    assert clean["dispensable"] and [finding["rule"] for finding in clean["findings"]] == ["RX-13"]
    assert severities(surgery.check((MAHUANG, 10.001)), "RX-07") == ["confirm"]
    assert severities(surgery.check((MAHUANG, 20.001)), "RX-07") == ["block"]
    assert severities(surgery.check((GANCAO, 3), (HAIZAO, 6)), "RX-05") == ["block"]
    assert severities(surgery.check((REALGAR, 0.1), doses=3), "RX-09") == ["block"]
    assert severities(surgery.check((REALGAR, 0.1), doses=2, prescriberStaffId=surgery.junior), "RX-01") == ["block"]
    assert severities(surgery.check((MAHUANG, 6), issuedOn=pharmacy.days(-3)), "RX-02") == ["block"]
    assert severities(surgery.check((MAHUANG, 6), doses=8), "RX-03") == ["confirm"]
    least = surgery.doctor.call("decoction.prescription.check", {
        "patient": {"sex": "male", "ageYears": 46}, "doses": 3, "pieces": [{"code": surgery.codes[MAHUANG], "perDoseMg": 6000}],
    }, site="t1")
    assert {finding["resolution"] for finding in least["findings"]} == {"notChecked"}
    assert least["dispensable"]


def test_an_incompatible_pair_waits_for_a_second_signature_or_a_rewrite(surgery):
    waiting = surgery.submit((GANCAO, 3), (HAIZAO, 6))
    assert waiting["state"] == "awaitingSignature"
    signature = {"rule": "RX-05", "staffId": surgery.colleague, "reason": "既往同用有效"}
    signed = surgery.doctor.call(
        "decoction.prescription.sign", {"prescriptionId": waiting["prescriptionId"], **signature}, site="t1")
    assert signed["state"] == "readyForReview"
    assert [one["reason"] for one in surgery.get(waiting["prescriptionId"])["signatures"]] == ["既往同用有效"]
    assert surgery.submit((GANCAO, 3), (HAIZAO, 6), signatures=[signature])["state"] == "readyForReview"

    other = surgery.submit((GANCAO, 3), (HAIZAO, 6))["prescriptionId"]
    params = surgery.draft((GANCAO, 3), patientId=surgery.patient, diagnosis="感冒", syndrome="风寒束表证")
    rewritten = surgery.doctor.call("decoction.prescription.rewrite", {"prescriptionId": other, **params}, site="t1")
    assert rewritten["state"] == "readyForReview"
    former = surgery.get(other)
    assert (former["state"], former["rewrittenBy"]) == ("withdrawn", rewritten["prescriptionId"])


def test_a_retry_with_the_same_key_hands_in_one_prescription(surgery):
    params = surgery.draft((MAHUANG, 6), patientId=surgery.patient, diagnosis="感冒", syndrome="风寒束表证")
    ids = {
        surgery.doctor.call("decoction.prescription.submit", params, site="t1", key="prescription-once")["prescriptionId"]
        for _ in range(3)
    }
    assert len(ids) == 1


def test_an_account_that_is_somebodys_signs_for_nobody_else(surgery):
    waiting = surgery.submit((GANCAO, 3), (HAIZAO, 6))["prescriptionId"]
    with surgery.county.session("admin") as admin:
        once = admin.call("accounts.create", {
            "account": "own-doctor-t1", "roles": [{"role": "doctor", "site": "t1"}], "staffId": surgery.junior})["oneTimePassword"]
    password = pharmacy.new_password()
    with surgery.county.host.session("own-doctor-t1", once) as client:
        client.call("session.changePassword", {"current": once, "new": password})
    with surgery.county.host.session("own-doctor-t1", password) as client:
        sign = {"prescriptionId": waiting, "rule": "RX-05", "staffId": surgery.chief, "reason": "代签"}
        with pytest.raises(Refused) as refusal:
            client.call("decoction.prescription.sign", sign, site="t1")
        assert refusal.value.reason == "decoction.signatureNotOwn"
        assert client.call("decoction.prescription.sign", {**sign, "staffId": surgery.junior}, site="t1")["state"] == "readyForReview"
    assert surgery.get(waiting)["signatures"][0]["ownAccount"] is True


def test_withdrawn_materials_are_refused_and_rules_say_where_they_come_from(surgery):
    for name in ("犀角", "穿山甲", "虎骨", "马兜铃", "关木通", "青木香", "天仙藤", "广防己"):
        draft = surgery.draft((MAHUANG, 6))
        draft["pieces"].append({"nameZh": name, "perDoseMg": 3000})
        with pytest.raises(Refused) as refusal:
            surgery.doctor.call("decoction.prescription.check", draft, site="t1")
        assert refusal.value.reason == "decoction.pieceWithdrawn"
    rules = pharmacy.pages(surgery.doctor, "decoction.rules.list", {"asOf": pharmacy.days(0)}, "rules")
    assert {f"RX-{number:02d}" for number in range(1, 15)} <= {rule["rule"] for rule in rules}
    assert all(rule["version"] and rule["source"] and rule["reviewer"] and rule["validFrom"] for rule in rules)
