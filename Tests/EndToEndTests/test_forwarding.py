"""A prescription of a township at the county's pharmacy over the wire: reviewed, weighed and boiled there, signed for in the village."""

import base64
import datetime
import hashlib

import pytest

from support import county as pharmacy
from support.client import Refused
from support.host import Host
from support.racing import race
from support.sql import embedded
from test_prescriptions import GANCAO, HAIZAO, MAHUANG, Surgery

# The second site is the county's pharmacy here; the bureau is neither.
HOME, THERE, OTHER = pharmacy.FIRST, pharmacy.SECOND, pharmacy.BUREAU
PICTURE = bytes([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])


class Community:
    """A surgery in the township, and a pharmacy with staff, scale, machine and shelf at the other site."""

    def __init__(self, county):
        self.county = county
        self.surgery = Surgery(county)
        self.township = county.session("pharmacist-t1")
        with county.session("admin") as admin:
            for module in ("people", "decoction"):
                for site in (THERE, OTHER):
                    admin.call("modules.enable", {"module": module, "site": site})
            county.create_account(admin, "siteadmin-t2", [{"role": "siteAdmin", "site": THERE}])
            county.create_account(admin, "pharmacist-county", [{"role": "pharmacist", "site": OTHER}])
        with county.session("siteadmin-t2") as admin:
            admin.call("decoction.pharmacy.set", {"licence": "京20260042", "takesOrders": True}, site=THERE)
            department = admin.call(
                "people.department.create", {"code": "ZYF", "nameZh": "中药房", "kind": "pharmacy"}, site=THERE)["departmentId"]
            reviewer, dispenser, self.checker = (
                self.staff(admin, department, f"测试药师{name}", title)
                for name, title in (("甲", "tcmPharmacistInCharge"), ("乙", "assistantTcmPharmacist"), ("丙", "tcmPharmacist")))
        self.reviewer = self.account("reviewer-there", "reviewer", reviewer)
        self.dispenser = self.account("pharmacist-there", "pharmacist", dispenser)
        with county.session("pharmacist-t2") as store:
            self.lots = {
                name: county.stock(store, self.surgery.codes[name], 5_000_000, THERE) for name in (MAHUANG, GANCAO, HAIZAO)}
        self.scale = self.there("scale.create", code="TP01", nameZh="电子秤", calibration={
            "calibratedOn": pharmacy.days(-30), "validUntil": pharmacy.days(300), "certificateNumber": "JD01"})["scaleId"]
        self.machine = self.there("machine.create", code="JY-01", nameZh="1号煎药机", kind="machine")["machineId"]

    def staff(self, admin, department, name, title):
        person = admin.call("people.person.register", {"nameZh": name, "sex": "female"}, site=THERE)["personId"]
        return admin.call("people.staff.create", {
            "personId": person, "departmentId": department, "title": title, "rights": []}, site=THERE)["staffId"]

    def account(self, name, role, staff):
        with self.county.session("admin") as admin:
            once = admin.call("accounts.create", {
                "account": name, "roles": [{"role": role, "site": THERE}], "staffId": staff})["oneTimePassword"]
        self.county.passwords[name] = pharmacy.new_password()
        with self.county.host.session(name, once) as client:
            client.call("session.changePassword", {"current": once, "new": self.county.passwords[name]})
        return self.county.session(name)

    def there(self, method, **params):
        return self.dispenser.call(f"decoction.{method}", params, site=THERE)

    def review(self, prescription, decision="approve", **members):
        return self.reviewer.call(
            "decoction.prescription.review", {"prescriptionId": prescription, "decision": decision, **members}, site=THERE)

    def home(self, method, **params):
        return self.township.call(f"decoction.{method}", params, site=HOME)

    def doctor(self, method, **params):
        return self.surgery.doctor.call(f"decoction.{method}", params, site=HOME)

    def sent(self, *pieces, **members):
        """A prescription of the township and its forwarding."""
        prescription = self.surgery.submit(*pieces, **members)["prescriptionId"]
        reply = self.doctor("prescription.forward", prescriptionId=prescription, toSite=THERE, note="请代煎")
        assert reply["state"] == "forwarded"
        return prescription, reply["forwardingId"]

    def seen(self, prescription):
        """What the doctor sees of its latest forwarding: its state, and how far the pharmacy is."""
        last = self.surgery.get(prescription)["forwardings"][-1]
        return last["state"], last.get("pharmacyState")

    def dispense(self, prescription, pieces):
        weighings = [
            {"dose": dose, "pieceCode": self.surgery.codes[name], "scaleId": self.scale, "grossMg": grams * 1000 + 9_000, "tareMg": 9_000}
            for dose in (1, 2, 3) for name, grams in pieces]
        return self.there("prescription.dispense", prescriptionId=prescription, weighings=weighings, checkedByStaffId=self.checker)

    def boil(self, prescription):
        """From the machine to the carrier, as if each step had lasted for as long as it must."""
        job = self.there("job.start", prescriptionId=prescription, machineId=self.machine)["jobId"]
        for state in ("checked", "soaking", "boiling1", "boiling2", "packed", "labelled", "delivered"):
            embedded(self.county.host, f"UPDATE decoction.job SET earliest_at = since WHERE job_id = '{job}'")
            self.there("job.advance", jobId=job, to=state, **({"volumeMl": 1500} if state == "packed" else {}))
        self.there("machine.clean", machineId=self.machine)

    def signature(self):
        """A finished file of the township's pharmacist."""
        file = self.township.call("files.begin", {
            "name": "签名.png", "mediaType": "image/png", "bytes": len(PICTURE), "sm3": hashlib.new("sm3", PICTURE).hexdigest(),
        }, site=HOME)["fileId"]
        self.township.call("files.append", {"fileId": file, "offset": 0, "base64": base64.b64encode(PICTURE).decode()}, site=HOME)
        self.township.call("files.finish", {"fileId": file}, site=HOME)
        return file


@pytest.fixture(scope="module")
def community(binary):
    """On a host of its own: its second site is a pharmacy."""
    with Host() as host:
        host.start()
        yield Community(pharmacy.County(host).found())


def refused(reason, call, *arguments, **members):
    with pytest.raises(Refused) as refusal:
        call(*arguments, **members)
    assert refusal.value.reason == reason
    return refusal.value.details


def test_from_the_townships_doctor_to_the_village(community):
    pieces = [(MAHUANG, 6), (GANCAO, 3)]
    before = pharmacy.on_hand(community.township, community.surgery.codes[MAHUANG])
    prescription, forwarding = community.sent(*pieces)
    assert community.seen(prescription) == ("sent", None)
    refused("decoction.prescriptionStateConflict", community.doctor, "prescription.recheck", prescriptionId=prescription)
    with community.county.session("reviewer-t1") as reviewer:
        refused("decoction.prescriptionStateConflict", reviewer.call, "decoction.prescription.review",
                {"prescriptionId": prescription, "decision": "approve"}, site=HOME)
    incoming = community.there("forwarded.list", side="received", state="sent")["forwarded"]
    assert [(entry["forwardingId"], entry["siteCode"], entry["note"]) for entry in incoming] == [(forwarding, HOME, "请代煎")]
    taken = community.there("forwarded.take", forwardingId=forwarding)
    assert taken["dispensable"] is True and not [one for one in taken["findings"] if one["rule"] == "RX-01"]
    made = taken["prescriptionId"]
    refused("decoction.forwardingStateConflict", community.doctor, "prescription.withdrawForward", prescriptionId=prescription)
    assert community.review(made)["state"] == "approved"
    assert community.seen(prescription) == ("taken", "approved")
    community.dispense(made, pieces)
    label = community.there("label.get", prescriptionId=made, kind="bag")["svg"]
    assert "测试患者" in label and "测试医师甲" in label
    community.boil(made)
    assert community.surgery.get(prescription)["forwardings"][-1]["jobState"] == "delivered"
    assert community.seen(prescription) == ("taken", "handedOver")

    shipped = community.there("forwarded.ship", forwardingId=forwarding, carrier="县域配送车")
    assert (shipped["state"], shipped["dueOn"]) == ("inTransit", pharmacy.days(3))
    for call in (community.there, community.home):
        listed = call("forwarded.list", state="inTransit")["forwarded"]
        assert [(entry["forwardingId"], entry["carrier"], entry["overdue"]) for entry in listed] == [(forwarding, "县域配送车", False)]
    received = community.home("forwarded.receive", forwardingId=forwarding)
    assert (received["prescriptionId"], received["prescriptionState"]) == (prescription, "arrived")

    delivery = community.home("delivery.create", prescriptionId=prescription, villageZh="示例村三组", carrier="村医")["deliveryId"]
    file = community.signature()
    community.home("delivery.handOver", deliveryId=delivery, receivedBy="示例签收人", relation="family", signatureFileId=file,
                   at=datetime.datetime.now(pharmacy.SHANGHAI).isoformat())
    shown = community.doctor("delivery.list")["deliveries"][0]
    assert (shown["state"], shown["receivedBy"], shown["signatureFileId"]) == ("handedOver", "示例签收人", file)
    read = community.surgery.doctor.call("files.read", {"fileId": file, "offset": 0, "length": 100}, site=HOME)
    assert base64.b64decode(read["base64"]) == PICTURE
    assert community.surgery.get(prescription)["state"] == "handedOver"
    # The medicine's ledger is the pharmacy's.
    assert pharmacy.on_hand(community.township, community.surgery.codes[MAHUANG]) == before
    assert community.home("ledger.verify")["ok"] and community.there("ledger.verify")["ok"]


def test_refused_there_and_written_anew_at_home(community):
    refused("decoction.notForwardable", community.doctor, "prescription.forward", toSite=THERE,
            prescriptionId=community.surgery.submit((GANCAO, 3), (HAIZAO, 6))["prescriptionId"])
    signature = {"rule": "RX-05", "staffId": community.surgery.chief, "reason": "既往同用有效"}
    prescription, forwarding = community.sent((GANCAO, 3), (HAIZAO, 6), signatures=[signature])
    made = community.there("forwarded.take", forwardingId=forwarding)["prescriptionId"]
    carried = community.reviewer.call("decoction.prescription.get", {"prescriptionId": made}, site=THERE)
    assert [(one["rule"], one["staffId"], one["reason"]) for one in carried["signatures"]] == [
        ("RX-05", community.surgery.chief, "既往同用有效")]
    refused("decoction.prescriptionOfAnotherSite", community.there, "prescription.recheck", prescriptionId=made)
    community.review(made, "refuse", note="海藻与甘草相反，请改方")
    card = community.surgery.get(prescription)["forwardings"][0]
    assert (card["state"], card["refusal"]) == ("refused", "海藻与甘草相反，请改方")
    draft = community.surgery.draft((MAHUANG, 6), patientId=community.surgery.patient, diagnosis="感冒", syndrome="风寒束表证")
    anew = community.doctor("prescription.rewrite", prescriptionId=prescription, **draft)
    assert anew["state"] == "readyForReview"
    assert community.surgery.get(prescription)["state"] == "withdrawn"
    # It comes home, too, from a pharmacy that has not taken it.
    prescription, forwarding = community.sent((MAHUANG, 6))
    assert community.home("prescription.withdrawForward", prescriptionId=prescription)["state"] == "readyForReview"
    refused("decoction.forwardingStateConflict", community.there, "forwarded.take", forwardingId=forwarding)
    with community.county.session("reviewer-t1") as reviewer:
        approved = reviewer.call(
            "decoction.prescription.review", {"prescriptionId": prescription, "decision": "approve"}, site=HOME)
    assert approved["state"] == "approved"


def test_processes_that_take_one_prescription_take_it_once(community):
    prescription, forwarding = community.sent((MAHUANG, 6))
    taking = {"method": "decoction.forwarded.take", "params": {"forwardingId": forwarding}, "site": THERE, "key": None}
    outcomes = race(community.county.host, community.county.token("pharmacist-there"), [taking] * 6)
    assert sum("result" in outcome for outcome in outcomes) == 1
    assert community.seen(prescription) == ("taken", "readyForReview")


def test_a_third_site_sees_nothing_of_it(community):
    prescription, forwarding = community.sent((MAHUANG, 6))
    with community.county.session("pharmacist-county") as stranger:
        assert stranger.call("decoction.forwarded.list", {}, site=OTHER)["forwarded"] == []
        for method, params in (
            ("forwarded.take", {"forwardingId": forwarding}), ("forwarded.receive", {"forwardingId": forwarding}),
            ("prescription.get", {"prescriptionId": prescription}),
        ):
            refused("host.notFound", stranger.call, f"decoction.{method}", params, site=OTHER)


def test_a_recall_names_the_townships_patient(community):
    # Other tests recall what lies there.
    with community.county.session("pharmacist-t2") as store:
        community.county.stock(store, community.surgery.codes[MAHUANG], 1_000_000, THERE)
    prescription, forwarding = community.sent((MAHUANG, 6))
    made = community.there("forwarded.take", forwardingId=forwarding)["prescriptionId"]
    community.review(made)
    community.dispense(made, [(MAHUANG, 6)])
    report = community.there("lot.recall", lotId=community.lots[MAHUANG], reason="药监部门通报")
    named = {one["prescriptionId"]: (one["patientId"], one.get("fromSite")) for one in report["patients"]}
    assert named[made] == (community.surgery.patient, HOME)


def shipped(community):
    """A prescription of the township whose medicine has set out: itself, its forwarding, and the lot that it was weighed from."""
    # Other tests recall what lies there.
    with community.county.session("pharmacist-t2") as store:
        community.county.stock(store, community.surgery.codes[MAHUANG], 1_000_000, THERE)
    prescription, forwarding = community.sent((MAHUANG, 6))
    made = community.there("forwarded.take", forwardingId=forwarding)["prescriptionId"]
    community.review(made)
    lot = community.dispense(made, [(MAHUANG, 6)])["moves"][0]["lotId"]
    community.there("forwarded.ship", forwardingId=forwarding, carrier="配送员甲")
    return prescription, forwarding, lot


def test_medicine_that_was_lost_is_given_up_and_the_prescription_sent_anew(community):
    prescription, forwarding, _ = shipped(community)
    details = refused("host.invalidParams", community.home, "forwarded.giveUp", forwardingId=forwarding, why="recalled")
    assert details[0]["pointer"] == "/why"
    refused("host.notFound", community.there, "forwarded.giveUp", forwardingId=forwarding, why="lost")
    reply = community.home("forwarded.giveUp", forwardingId=forwarding, why="lost", reason="途中翻车")
    assert reply["state"] == "givenUp" and reply["prescriptionState"] == community.surgery.get(prescription)["state"]
    refused("decoction.forwardingStateConflict", community.home, "forwarded.receive", forwardingId=forwarding)
    again = community.doctor("prescription.forward", prescriptionId=prescription, toSite=THERE)["forwardingId"]
    assert community.there("forwarded.take", forwardingId=again)["dispensable"] is True


def test_what_is_recalled_on_its_way_is_not_handed_over(community):
    prescription, forwarding, lot = shipped(community)
    report = community.there("lot.recall", lotId=lot, reason="药监部门通报")
    assert report["patients"]
    assert community.home("forwarded.receive", forwardingId=forwarding)["prescriptionState"] == "arrived"
    details = refused("decoction.lotRecalled", community.home, "prescription.handOver", prescriptionId=prescription)
    assert details["forwardingId"] == forwarding
    refused("decoction.lotRecalled", community.home, "delivery.create", prescriptionId=prescription, villageZh="示例村", carrier="配送员")
    assert community.home("forwarded.giveUp", forwardingId=forwarding, why="recalled")["state"] == "givenUp"
    for site, client in ((HOME, community.township), (THERE, community.dispenser)):
        assert client.call("decoction.ledger.verify", {}, site=site)["ok"]
