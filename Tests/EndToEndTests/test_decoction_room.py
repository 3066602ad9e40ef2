"""The decoction room over the wire: machines, a job that is not hurried, what goes in when, the board."""

import pytest

from support import county as pharmacy
from support.client import Refused
from support.host import Host
from support.sql import embedded
from test_prescriptions import GANCAO, MAHUANG, Surgery


class Room:
    """A surgery with a pharmacist, a machine, and prescriptions that were dispensed."""

    def __init__(self, county):
        self.county = county
        self.surgery = Surgery(county)
        self.pharmacist = county.session("pharmacist-t1")
        self.machine = self.call("machine.create", code="JY-01", nameZh="1号煎药机", kind="machine")["machineId"]

    def call(self, method, **params):
        return self.pharmacist.call(f"decoction.{method}", params, site=pharmacy.FIRST)

    def dispensed(self, *pieces):
        """A prescription that waits to be boiled. Review and dispensing are not what is tested here."""
        prescription = self.surgery.submit(*pieces)["prescriptionId"]
        embedded(self.county.host, f"UPDATE decoction.prescription SET state = 'dispensed' WHERE prescription_id = '{prescription}'")
        return prescription

    def let_pass(self, job):
        """As if the step had lasted for as long as it must."""
        embedded(self.county.host, f"UPDATE decoction.job SET earliest_at = since WHERE job_id = '{job}'")

    def refused(self, method, **params):
        with pytest.raises(Refused) as refusal:
            self.call(method, **params)
        return refusal.value


@pytest.fixture(scope="module")
def room(binary):
    """On a host of its own: the surgery of the shared county belongs to the prescriptions."""
    with Host() as host:
        host.start()
        yield Room(pharmacy.County(host).found())


def test_what_was_not_dispensed_is_not_boiled(room):
    prescription = room.surgery.submit((MAHUANG, 6), (GANCAO, 3))
    refusal = room.refused("job.start", prescriptionId=prescription["prescriptionId"], machineId=room.machine)
    assert refusal.reason == "decoction.prescriptionStateConflict"
    assert room.call("board.get")["jobs"] == []


def test_machines_are_created_cleaned_and_retired(room):
    again = room.refused("machine.create", code="JY-01", nameZh="重复", kind="pot")
    assert (again.reason, again.details["machineId"]) == ("decoction.machineExists", room.machine)
    pot = room.call("machine.create", code="SG-01", nameZh="外用砂锅", kind="pot", use="external")["machineId"]
    assert room.call("machine.clean", machineId=pot, way="disinfected")["state"] == "ready"
    assert room.call("machine.retire", machineId=pot)["state"] == "retired"
    assert room.refused("machine.clean", machineId=pot).reason == "decoction.machineStateConflict"
    states = {entry["code"]: entry["state"] for entry in pharmacy.pages(room.pharmacist, "decoction.machine.list", {}, "machines")}
    assert states["JY-01"] == "ready" and states["SG-01"] == "retired"
    assert [entry["way"] for entry in room.call("machine.cleanings", machineId=pot)["cleanings"]] == ["disinfected"]


def test_supervision_is_due_every_three_months(room):
    with room.county.session("reviewer-t1") as reviewer:
        done = reviewer.call("decoction.supervision.record", {"passed": True, "findings": "煎药操作与记录符合规范"}, site="t1")
        assert done["nextDueOn"] > pharmacy.days(80)
    assert room.call("supervision.list")["overdue"] is False


def test_nurses_read_the_board_and_start_nothing(room):
    with room.county.session("nurse-t1") as nurse:
        assert nurse.call("decoction.board.get", {}, site="t1")["day"] == pharmacy.days(0)
        with pytest.raises(Refused) as refusal:
            nurse.call("decoction.machine.clean", {"machineId": room.machine}, site="t1")
        assert refusal.value.reason == "host.forbidden"


def test_a_job_takes_its_time_and_says_what_goes_in_when(room):
    prescription = room.dispensed((MAHUANG, 6), (GANCAO, 3))
    assert [entry["prescriptionId"] for entry in room.call("board.get")["waiting"]] == [prescription]
    job = room.call("job.start", prescriptionId=prescription, machineId=room.machine, urgent=True)
    assert (job["state"], job["plan"]["kind"], job["plan"]["volumeMinMl"]) == ("received", "exterior", 1200)
    job = job["jobId"]
    room.call("job.advance", jobId=job, to="checked")
    assert room.refused("job.advance", jobId=job, to="boiling1").details["next"] == ["soaking"]
    soaking = room.call("job.advance", jobId=job, to="soaking")
    early = room.refused("job.advance", jobId=job, to="boiling1")
    assert (early.reason, early.details["earliestAt"]) == ("decoction.tooEarly", soaking["earliestAt"])
    told = room.call("job.instructions", jobId=job)
    assert told["startsAt"] == soaking["earliestAt"]
    assert [(entry["nameZh"], entry["minute"]) for entry in told["instructions"]] == [(MAHUANG, 0), (GANCAO, 0)]
    assert [(entry["jobId"], entry["next"]) for entry in room.call("board.get")["jobs"]] == [(job, "boiling1")]

    for state in ("boiling1", "boiling2"):
        room.let_pass(job)
        room.call("job.advance", jobId=job, to=state)
    room.let_pass(job)
    assert room.refused("job.advance", jobId=job, to="packed", volumeMl=1199).reason == "decoction.reasonRequired"
    packed = room.call("job.advance", jobId=job, to="packed", volumeMl=1500)
    samples = pharmacy.pages(room.pharmacist, "decoction.sample.list", {}, "samples")
    assert [entry["sampleId"] for entry in samples] == [packed["sampleId"]]
    assert room.refused("sample.discard", sampleId=packed["sampleId"]).reason == "decoction.tooEarly"
    room.call("job.advance", jobId=job, to="labelled")
    room.call("job.advance", jobId=job, to="handedOver", receivedBy="测试领药人")
    trace = room.call("job.trace", jobId=job)
    assert trace["patientId"] == room.surgery.patient and len(trace["steps"]) == 8

    other = room.dispensed((MAHUANG, 6))
    dirty = room.refused("job.start", prescriptionId=other, machineId=room.machine)
    assert dirty.reason == "decoction.machineNotClean"
    room.call("machine.clean", machineId=room.machine)
    job = room.call("job.start", prescriptionId=other, machineId=room.machine)["jobId"]
    room.call("job.advance", jobId=job, to="checked")
    room.call("job.advance", jobId=job, to="soaking")
    assert room.call("job.abort", jobId=job, reason="dried")["dispenseAnew"] is True
    room.call("machine.clean", machineId=room.machine)
    again = room.refused("job.start", prescriptionId=other, machineId=room.machine)
    assert again.reason == "decoction.dispenseAnew"
