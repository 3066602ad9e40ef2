"""What a prescription costs, over the wire: missing prices are said, a bill is frozen at the review, lines add up."""

import base64
import hashlib

import pytest

from support import county as pharmacy
from support.host import wait_until

SITE = pharmacy.FIRST


class Till:
    """A doctor, a reviewer, and two pieces of which one has a price."""

    def __init__(self, county):
        with county.session("admin") as admin:
            admin.call("modules.enable", {"module": "people", "site": SITE})
            county.create_account(admin, "doctor-till", [{"role": "doctor", "site": SITE}])
        self.doctor, self.reviewer = county.session("doctor-till"), county.session("reviewer-t1")
        self.pharmacist = county.session("pharmacist-t1")
        with county.session("siteadmin-t1") as admin:
            room = admin.call("people.department.create", {"code": "TILL", "nameZh": "中医科", "kind": "clinical"}, site=SITE)
            person = admin.call("people.person.register", {"nameZh": "测试医师", "sex": "female"}, site=SITE)["personId"]
            self.staff = admin.call("people.staff.create", {
                "personId": person, "departmentId": room["departmentId"], "title": "tcmPhysician",
                "rights": ["tcmPrescribing"]}, site=SITE)["staffId"]
        self.patient = self.doctor.call(
            "people.person.register", {"nameZh": "测试患者", "sex": "male", "birthDate": "1980-02-03"}, site=SITE)["personId"]
        self.pieces = [county.fresh_piece(), county.fresh_piece()]
        for piece in self.pieces:
            county.stock(self.pharmacist, piece, 5_000_000)

    def price(self, piece, fen):
        params = {"pieceCode": piece, "priceFenPerKg": fen, "reason": "定价"}
        self.pharmacist.call("decoction.price.set", params, site=SITE)

    def submit(self):
        draft = {
            "patient": {"sex": "male", "ageYears": 46, "allergies": []}, "patientId": self.patient, "issuedOn": pharmacy.days(0),
            "doses": 3, "use": "oral", "prescriberStaffId": self.staff, "diagnosis": "感冒", "syndrome": "风寒束表证",
            "pieces": [{"code": piece, "perDoseMg": 1_111} for piece in self.pieces]}
        return self.doctor.call("decoction.prescription.submit", draft, site=SITE)["prescriptionId"]

    def bill(self, prescription, **more):
        return self.doctor.call("decoction.prescription.price", {"prescriptionId": prescription, **more}, site=SITE)


@pytest.fixture(scope="module")
def till(county):
    return Till(county)


def test_a_missing_price_is_said_and_a_frozen_bill_stays(till):
    one, other = till.pieces
    till.price(one, 9_999)
    prescription = till.submit()
    before = till.bill(prescription)
    assert not before["frozen"] and "totalFen" not in before
    assert [entry["pieceCode"] for entry in before["missing"]] == [other]
    till.price(other, 10_001)
    fee = {"kind": "decoction", "feeFen": 250, "source": "省医疗服务价格项目", "reason": "登记"}
    till.pharmacist.call("decoction.fee.set", fee, site=SITE)
    till.reviewer.call("decoction.prescription.review", {"prescriptionId": prescription, "decision": "approve"}, site=SITE)
    till.price(one, 1)
    frozen = till.bill(prescription)
    # 3.333 g at 99.99 and at 100.01 yuan a kilogram: 33.33 and 33.33 fen.
    assert [piece["amountFen"] for piece in frozen["pieces"]] == [33, 33]
    assert (frozen["frozen"], frozen["billNo"], frozen["totalFen"], frozen["dueFen"], frozen["missing"]) == (True, 1, 66, 66, [])
    boiled = till.bill(prescription, withDecoction=True)
    assert (boiled["piecesFen"], boiled["feesFen"], boiled["totalFen"]) == (66, 750, 816)
    till.doctor.call("decoction.prescription.withdraw", {"prescriptionId": prescription, "reason": "患者改约"}, site=SITE)
    assert till.bill(prescription)["dueFen"] == 0


def upload(client, text):
    content = text.encode()
    begun = client.call("files.begin", {
        "name": "价格.csv", "mediaType": "text/csv", "bytes": len(content), "sm3": hashlib.new("sm3", content).hexdigest()},
        site=SITE)["fileId"]
    client.call("files.append", {"fileId": begun, "offset": 0, "base64": base64.b64encode(content).decode()}, site=SITE)
    client.call("files.finish", {"fileId": begun}, site=SITE)
    return begun


def ended(client, method, params, states):
    state = {}

    def is_done():
        state.update(client.call(method, params, site=SITE))
        return state["state"] not in states

    wait_until(is_done, seconds=120)
    return state


def bring(client, kind, file):
    begun = {"importId": client.call("imports.begin", {"kind": kind, "fileId": file}, site=SITE)["importId"]}
    checked = ended(client, "imports.get", begun, ["open"])
    assert (checked["state"], checked["faulty"]) == ("checked", 0)
    client.call("imports.apply", {**begun, "mode": "allOrNothing"}, site=SITE)
    return ended(client, "imports.get", begun, ["applying"])


def export(client, kind):
    begun = {"exportId": client.call("exports.begin", {"kind": kind}, site=SITE)["exportId"]}
    file = ended(client, "exports.get", begun, ["running"])["fileId"]
    size = client.call("files.get", {"fileId": file}, site=SITE)["bytes"]
    part = client.call("files.read", {"fileId": file, "offset": 0, "length": size}, site=SITE)
    return file, base64.b64decode(part["base64"])


@pytest.mark.parametrize("kind,column,value,worse", [
    ("decoction.price", "priceYuanPerKg", "1.5", "100000"), ("decoction.localCode", "localCode", "HIS1", "")])
def test_a_file_is_looked_at_taken_in_and_given_out_the_same(till, kind, column, value, worse):
    client, piece = till.pharmacist, till.pieces[1]
    faulty = upload(client, f"pieceCode,{column}\r\n{piece},{worse}\r\nXLYP9999,{value}\r\n")
    preview = client.call(f"{kind}.preview", {"fileId": faulty}, site=SITE)
    assert [(fault["line"], fault["field"]) for fault in preview["faults"]] == [(1, column), (2, "pieceCode")]
    good = upload(client, f"pieceCode,{column}\r\n{piece},{value}\r\n")
    change, = client.call(f"{kind}.preview", {"fileId": good}, site=SITE)["changes"]
    assert (change["line"], change["code"], change["new"]) == (1, piece, value)
    assert bring(client, kind, good)["state"] == "applied"
    file, content = export(client, kind)
    assert f"{piece},".encode() in content
    assert client.call(f"{kind}.preview", {"fileId": file}, site=SITE)["changes"] == []
    assert bring(client, kind, file)["state"] == "applied"
    assert export(client, kind)[1] == content
