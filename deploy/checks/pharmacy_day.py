#!/usr/bin/env python3
"""A day at the demonstration county's first township: prescriptions, decoctions, a recall, a stocktake, bills and reports, every figure checked.

usage: deploy/checks/pharmacy_day.py [PRESCRIPTIONS] [SEED]     (60 unless told; XINGLIN_BINARY names the program)

Starts a host with the demonstration county on a clock of its own, which goes on from step to step: a decoction takes as long as it must.
"""

import random
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "EndToEndTests"))

from support.county import SHANGHAI, new_password  # noqa: E402
from support.host import Host, accounts_of_demonstration  # noqa: E402

SITE = "township-01"
DECOCTIONS, MACHINES, DOSES = 12, 6, 3
FEE_FEN = 200


class Township:
    """The people of the pharmacy, and the clock on which they work."""

    def __init__(self, host, now):
        self.host, self.now = host, now
        self.passwords, self.clients = {}, {}

    def clock(self):
        return {"XINGLIN_CLOCK_FIXED": self.now.isoformat()}

    def open(self):
        self.host.environment.update(self.clock())
        self.host.start(240)
        self.passwords |= {entry["account"]: entry["password"] for entry in accounts_of_demonstration(self.host)}
        self.passwords["admin"] = self.host.first_password()

    def go_on(self, until):
        """Lets time pass: the host stops and starts again on the later clock."""
        for client in self.clients.values():
            client.close()
        self.clients.clear()
        self.now = max(until, self.now)
        self.host.stop()
        self.host.environment.update(self.clock())
        self.host.start(120)

    def call(self, account, method, **params):
        if account not in self.clients:
            self.clients[account] = self.host.session(account, self.passwords[account])
        return self.clients[account].call(method, params, site=SITE)

    def pages(self, account, method, member, **params):
        """Every entry of a list, whatever its pages."""
        after, entries = {}, []
        while True:
            page = self.call(account, method, limit=500, **params, **after)
            entries += page[member]
            if "next" not in page:
                return entries
            after = {"after": page["next"]}

    def employ(self, name, title, department, rights=()):
        person = self.call("siteAdmin", "people.person.register", nameZh=name, sex="female")["personId"]
        return self.call(
            "siteAdmin", "people.staff.create", personId=person, departmentId=department, title=title, rights=list(rights))["staffId"]

    def account(self, name, role, staff):
        with self.host.session("admin", self.passwords["admin"]) as admin:
            once = admin.call("accounts.create", {
                "account": name, "roles": [{"role": role, "site": SITE}], "staffId": staff})["oneTimePassword"]
        self.passwords[name] = new_password()
        with self.host.session(name, once) as client:
            client.call("session.changePassword", {"current": once, "new": self.passwords[name]})


class Day:
    """What is done from morning to evening, and the tally that is kept beside the ledger."""

    def __init__(self, town, prescriptions, chance):
        self.town, self.count, self.chance = town, prescriptions, chance
        self.held, self.refused, self.dispensed = [], [], []
        self.taken, self.patients = Counter(), {}
        self.boiled = []
        self.prices, self.due, self.fees = {}, {}, {}

    def prepare(self):
        town = self.town
        department = town.call("siteAdmin", "people.department.create", code="ZYFD", nameZh="中药房", kind="pharmacy")["departmentId"]
        self.chief = town.employ("测试医师", "tcmPhysician", department, ["tcmPrescribing", "toxicDrugs"])
        self.checker = town.employ("测试药师丙", "tcmPharmacist", department)
        for name, role, title in (("day-doctor", "doctor", None), ("day-reviewer", "reviewer", "tcmPharmacistInCharge"),
                                  ("day-dispenser", "pharmacist", "tcmPharmacist")):
            town.account(name, role, town.employ("测试药师", title, department) if title else self.chief)
        day = town.now.date()
        self.scale = town.call("pharmacist", "decoction.scale.create", code="TP01", nameZh="电子秤", calibration={
            "calibratedOn": str(day - timedelta(30)), "validUntil": str(day + timedelta(300)), "certificateNumber": "JD01"})["scaleId"]
        self.lots = town.pages("pharmacist", "decoction.stock.list", "lots")
        self.opening = sum(lot["onHandMg"] for lot in self.lots)
        self.pieces = []
        for name in sorted({lot["nameZh"] for lot in self.lots}):
            piece = town.call("day-doctor", "decoction.piece.search", query=name, limit=1)["pieces"][0]
            if piece["controlClass"] == "none" and piece["doseRoute"] == "decoct" and "doseMaxMg" in piece:
                self.pieces.append(piece)
        self.sick = town.call("day-doctor", "people.person.find", pinyinPrefix="wang", limit=self.count)["persons"]

        # Below what any lot cost, so below every mark-up (PC-04).
        for piece in self.pieces:
            self.prices[piece["code"]] = self.chance.randint(300, 999)
            town.call("pharmacist", "decoction.price.set", pieceCode=piece["code"], priceFenPerKg=self.prices[piece["code"]], reason="开业定价")
        for kind in ("decoction", "separate", "melted"):
            town.call("pharmacist", "decoction.fee.set", kind=kind, feeFen=FEE_FEN, source="县医保局价格表", reason="开业定价")

    def prescribe(self, number):
        """A prescription as a doctor writes it: seven pieces of the shelf, doses within their ranges."""
        town, day = self.town, self.town.now.date()
        person = self.sick[number % len(self.sick)]
        lines = [{"code": piece["code"], "perDoseMg": (piece["doseMinMg"] + piece["doseMaxMg"]) // 2,
                  **({"cooking": piece["cooking"]} if piece["cooking"] != "none" else {})}
                 for piece in self.chance.sample(self.pieces, 7)]
        age = day.year - int(person["birthDate"][:4]) - 1
        reply = town.call(
            "day-doctor", "decoction.prescription.submit", patientId=person["personId"], issuedOn=str(day), doses=DOSES, use="oral",
            patient={"sex": person["sex"], "ageYears": max(age, 0), "allergies": [], "pregnant": "no"},
            prescriberStaffId=self.chief, diagnosis="感冒", syndrome="风寒束表证", pieces=lines)
        prescription, state = reply["prescriptionId"], reply["state"]
        for rule in sorted({finding["rule"] for finding in reply["findings"] if finding["resolution"] == "doctorSignature"}):
            if state == "awaitingSignature":
                state = town.call("day-doctor", "decoction.prescription.sign", prescriptionId=prescription, rule=rule,
                                  staffId=self.chief, reason="辨证需要，已知晓风险")["state"]
        return (prescription, lines) if state == "readyForReview" else self.held.append(prescription)

    def serve(self, number):
        """One patient: prescribed, reviewed, weighed, and noted in the tally."""
        written = self.prescribe(number)
        if not written:
            return
        prescription, lines = written
        if number % 20 == 19:
            self.town.call("day-reviewer", "decoction.prescription.review", prescriptionId=prescription, decision="refuse",
                           note="用法书写不清")
            self.refused.append(prescription)
            return
        self.town.call("day-reviewer", "decoction.prescription.review", prescriptionId=prescription, decision="approve")
        weighings = []
        for dose in range(1, DOSES + 1):
            for line in lines:
                net = line["perDoseMg"] * self.chance.randint(980, 1020) // 1000
                weighings.append({"dose": dose, "pieceCode": line["code"], "scaleId": self.scale, "grossMg": net + 9_000, "tareMg": 9_000})
        done = self.town.call("day-dispenser", "decoction.prescription.dispense", prescriptionId=prescription, weighings=weighings,
                              checkedByStaffId=self.checker)
        assert sum(move["quantityMg"] for move in done["moves"]) == sum(one["grossMg"] - 9_000 for one in weighings)
        self.due[prescription] = sum(
            (line["perDoseMg"] * DOSES * self.prices[line["code"]] + 500_000) // 1_000_000 for line in lines)
        # A fee a dose, and one for each piece of it that is boiled apart or melted.
        self.fees[prescription] = FEE_FEN * DOSES * (1 + sum(line.get("cooking") in ("separate", "melted") for line in lines))
        for move in done["moves"]:
            self.taken[(move["lotId"], prescription)] += move["quantityMg"]
        self.dispensed.append(prescription)

    def boil(self):
        """Twelve decoctions in six machines, each step when it may be taken and not before."""
        machines = [self.town.call("day-dispenser", "decoction.machine.create", code=f"JY{number}", nameZh=f"{number}号煎药机",
                                   kind="machine")["machineId"] for number in range(1, MACHINES + 1)]
        waiting, running = self.dispensed[:DECOCTIONS], {}
        while waiting or running:
            for machine in machines:
                if waiting and machine not in {job["machineId"] for job in running.values()}:
                    job = self.town.call("day-dispenser", "decoction.job.start", prescriptionId=waiting.pop(0), machineId=machine)
                    running[job["jobId"]] = {"machineId": machine, "next": "checked", "at": self.town.now}
            at = min(job["at"] for job in running.values())
            if at > self.town.now:
                self.town.go_on(at)
            for name, job in list(running.items()):
                if job["at"] <= self.town.now:
                    self.step(name, job, running)

    def step(self, name, job, running):
        params = {"jobId": name, "to": job["next"]}
        if job["next"] == "packed":
            plan = self.town.call("day-dispenser", "decoction.job.get", jobId=name)["plan"]
            params["volumeMl"] = (plan["volumeMinMl"] + plan["volumeMaxMl"]) // 2
        if job["next"] == "handedOver":
            params["receivedBy"] = "测试领药人"
        reply = self.town.call("day-dispenser", "decoction.job.advance", **params)
        if reply["state"] == "packed":
            self.town.call("day-dispenser", "decoction.machine.clean", machineId=job["machineId"])
        if not reply["next"]:
            self.boiled.append(name)
            del running[name]
            return
        job["next"] = reply["next"][0]
        job["at"] = datetime.fromisoformat(reply["earliestAt"])

    def hand_over(self):
        for prescription in self.dispensed[DECOCTIONS:]:
            reply = self.town.call("day-dispenser", "decoction.prescription.handOver", prescriptionId=prescription, receivedBy="patient")
            assert reply["totalFen"] == self.due[prescription], (reply, self.due[prescription])

    def recall(self):
        """The lot of which most patients got something: the call names every one of them, with what they got."""
        lot = Counter(lot for lot, _ in self.taken).most_common(1)[0][0]
        reply = self.town.call("pharmacist", "decoction.lot.recall", lotId=lot, reason="药监部门通报")
        named = {patient["prescriptionId"]: patient["quantityMg"] for patient in reply["patients"]}
        assert named == {prescription: taken for (of, prescription), taken in self.taken.items() if of == lot}
        return lot, len(named), sum(named.values())

    def stocktake(self):
        """Counts the main store: two lots are short, the rest is as it should be; gives the reply of the approval."""
        town = self.town
        stocktake = town.call("pharmacist", "decoction.stocktake.start")["stocktakeId"]
        lots = {lot["lotId"]: lot["onHandMg"] for lot in town.pages("pharmacist", "decoction.stock.list", "lots")}
        short = set(self.chance.sample(sorted(lot for lot in lots if lots[lot] > 100_000), 2))
        for lot, on_hand in lots.items():
            found = on_hand - 5_000 if lot in short else on_hand
            reply = town.call("pharmacist", "decoction.stocktake.count", stocktakeId=stocktake, lotId=lot, countedMg=found)
            if reply["status"] == "recount":
                reply = town.call("day-dispenser", "decoction.stocktake.count", stocktakeId=stocktake, lotId=lot, countedMg=found)
            assert reply["status"] == "counted", reply
        finished = town.call("pharmacist", "decoction.stocktake.finish", stocktakeId=stocktake)
        assert finished == {"state": "awaitingApproval", "differences": 2}, finished
        return len(lots), town.call(
            "reviewer", "decoction.stocktake.approve", stocktakeId=stocktake, reason="称量误差",
            lots=[{"lotId": lot, "reason": "虫蛀，已剔除"} for lot in sorted(short)], lossReason="梅雨季受潮")

    def bills(self):
        """What the bills say, of which those of the decoction room have fees; gives the sum."""
        for prescription in self.dispensed[:DECOCTIONS]:
            self.due[prescription] += self.fees[prescription]
        for prescription in self.dispensed:
            bill = self.town.call("pharmacist", "decoction.prescription.price", prescriptionId=prescription)
            assert bill["frozen"] and bill["totalFen"] == self.due[prescription], (bill, self.due[prescription])
        return sum(self.due.values())

    def reports(self, opening_day, closing, approved):
        """Holds the reports against the tally, and each figure against its lines."""
        days = {"from": str(opening_day), "to": str(self.town.now.date())}
        report = self.town.call("pharmacist", "decoction.report.prescriptions", **days)
        said = tuple(report[name] for name in ("submitted", "reviewed", "approved", "refused"))
        served = len(self.dispensed) + len(self.refused)
        assert said == (self.count, served, len(self.dispensed), len(self.refused)), said
        moved = self.town.call("pharmacist", "decoction.report.movements", **days)
        kinds = {kind["kind"]: kind["outMg"] for kind in moved["kinds"]}
        taken = sum(self.taken.values())
        assert (kinds["issue"], kinds["stocktake"], moved["total"]["closingMg"]) == (taken, 10_000, closing), moved["total"]
        lost = self.town.call("pharmacist", "decoction.report.loss", **days)
        # The approval rounds what each batch lacks; a report rounds what is left of each and takes the difference (docs/adr/0022).
        assert abs(lost["lossFen"] - approved["lossFen"]) <= approved["differences"], (lost, approved)
        assert sum(group["shortageMg"] for group in lost["groups"]) == 10_000, lost
        checked = 0
        for figure, expected in (("issued", taken), ("shortage", 10_000), ("closing", closing), ("approved", None), ("refused", None)):
            lines = self.town.pages("pharmacist", "decoction.report.lines", "lines", figure=figure, **days)
            if expected is None:
                assert len(lines) == report[figure], figure
            else:
                assert sum(line["quantityMg"] for line in lines) == expected, figure
            checked += len(lines)
        return checked


def main():
    prescriptions = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1_000_000)
    morning = datetime.now(SHANGHAI).replace(hour=8, minute=0, second=0, microsecond=0)
    with Host(["--demo"]) as host:
        town = Township(host, morning)
        town.open()
        day = Day(town, prescriptions, random.Random(seed))
        day.prepare()
        for number in range(prescriptions):
            day.serve(number)
        day.hand_over()
        day.boil()
        lot, patients, grams = day.recall()
        counted, approved = day.stocktake()
        report = town.call("pharmacist", "decoction.ledger.verify")
        assert report["ok"] and report["differences"] == []
        closing = sum(entry["onHandMg"] for entry in town.pages("pharmacist", "decoction.stock.list", "lots"))
        taken = sum(day.taken.values())
        charged = day.bills()
        lines = day.reports(morning.date(), closing, approved)
        assert closing == day.opening - taken - 10_000, "what was there, less what was dispensed and what was missing, is there"
        print(f"seed {seed}; {morning:%H:%M} to {town.now:%H:%M}")
        print(f"prescriptions: {prescriptions} handed in, {len(day.dispensed)} dispensed, {len(day.refused)} refused, {len(day.held)} held up by rules")
        print(f"pieces dispensed: {taken / 1_000_000:.3f} kg of {day.opening / 1_000_000:.3f} kg; left {closing / 1_000_000:.3f} kg")
        print(f"decoctions: {len(day.boiled)} in {MACHINES} machines, handed over")
        print(f"recall of one lot: {patients} prescriptions, {grams / 1000:.1f} g")
        print(f"stocktake: {counted} lots, {approved['differences']} differed, loss {approved['lossFen'] / 100:.2f} yuan")
        print(f"bills: {len(day.due)}, together {charged / 100:.2f} yuan; reports: their figures are the sums of {lines} lines")
        print(f"ledger: {report['lots']} lots, {report['movements']} movements, sound")


if __name__ == "__main__":
    main()
