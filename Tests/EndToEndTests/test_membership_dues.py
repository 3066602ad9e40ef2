"""A branch's dues through the wire, month by month on a fixed clock: base, assessment, payment, arrears, closing, publication, agenda."""

import pytest

from support.client import Refused
from support.host import Host, accounts_of_demonstration

SITE, BUREAU = "township-01", "bureau"


def whole_fen(value, name=""):
    """Every amount is whole fen, wherever it stands in a reply."""
    if isinstance(value, dict):
        for key, each in value.items():
            whole_fen(each, key)
    elif isinstance(value, list):
        for each in value:
            whole_fen(each, name)
    elif name.endswith("Fen"):
        assert type(value) is int and value >= 0, (name, value)


class Collector:
    """The township's branch officer on a demonstration host, whose clock is put forward by a restart."""

    def __init__(self, host):
        self.host = host
        self.client = None

    def at(self, day):
        if self.client is not None:
            self.client.close()
            assert self.host.stop() == 0
        self.host.environment["XINGLIN_CLOCK_FIXED"] = f"{day}T09:30:00+08:00"
        self.host.start(240)
        self.today = day
        accounts = {each["account"]: each for each in accounts_of_demonstration(self.host)}
        self.client = self.host.session("branchOfficer", accounts["branchOfficer"]["password"])
        with self.host.session("committee-officer", accounts["committee-officer"]["password"]) as officer:
            self.committee = officer.call(
                "membership.organization.list", {"kind": "committee", "keptHere": True}, site=BUREAU)["organizations"][0]["organizationId"]
        self.branch = self.call("organization.list", {"kind": "branch", "keptHere": True})["organizations"][0]["organizationId"]
        listed = self.call("member.list", {"organizationId": self.branch, "status": "full"})["members"]
        self.members = sorted(each["memberId"] for each in listed)
        return self

    def call(self, method, params):
        reply = self.client.call(f"membership.{method}", params, site=SITE)
        whole_fen(reply)
        return reply

    def refused(self, method, params):
        with pytest.raises(Refused) as refused:
            self.call(method, params)
        return refused.value

    def month(self, method, month):
        return self.call(f"dues.{method}", {"organizationId": self.branch, "month": month})

    def base(self, member, fen, since):
        return self.call("dues.setBase", {"memberId": member, "category": "salaried", "baseFen": fen, "from": since})

    def payment(self, member, fen, **more):
        return {"memberId": member, "amountFen": fen, "on": self.today, "how": "cash", **more}

    def lines(self, month, **more):
        listed = self.call("duesLine.list", {"organizationId": self.branch, "month": month, **more})["lines"]
        return {each["memberId"]: each for each in listed}

    def sums(self, since, until):
        sums = self.call("dues.summary", {"organizationId": self.branch, "from": since, "until": until})["sums"]
        assert sums["dueFen"] + sums["excessFen"] == sums["paidFen"] + sums["waivedFen"] + sums["arrearsFen"]
        return sums

    def asked(self):
        """What the agenda asks about dues: (task, the method that records it, due day), and about whom."""
        lines = self.call("agenda.list", {"organizationId": self.branch})["lines"]
        assert all(each["evidence"] or each["task"] == "dues.month" for each in lines), "each line has its evidence"
        return [
            (each["task"], each["method"].removeprefix("membership."), each["dueOn"], each["subjectId"])
            for each in lines if each["task"].startswith("dues.")]

    def tasks(self):
        return [(task, method, due) for task, method, due, _ in self.asked()]


@pytest.fixture(scope="module")
def desk(binary):
    with Host(["--demo"], environment={"XINGLIN_DEMO_RESIDENTS": "0"}) as host:
        yield Collector(host)


def test_january_is_assessed_paid_and_given_beyond(desk):
    desk.at("2026-01-05")
    assert len(desk.members) == 7
    assert desk.tasks() == [("dues.month", "dues.openMonth", "2026-01-15")]
    for member, fen in zip(desk.members[:6], (300_000, 300_001, 500_000, 1_000_000, 1_000_001, 500_000)):
        desk.base(member, fen, "2026-01")
    poor = desk.members[5]
    waiver = {
        "memberId": poor, "kind": "waiver", "from": "2026-01", "until": "2026-02", "requestedOn": "2026-01-02",
        "branchOn": "2026-01-03", "approvedOn": "2026-01-05", "approvedBy": desk.committee, "document": {"title": "批复"}}
    assert desk.refused("dues.exempt", {**waiver, "approvedBy": desk.branch}).reason == "membership.duesNotApproved"
    desk.call("dues.exempt", waiver)

    assert desk.month("openMonth", "2026-01")["state"] == "open"
    assert ("dues.month", "dues.assess", "2026-01-15") in desk.tasks()
    early = desk.refused("dues.pay", desk.payment(desk.members[0], 1500, month="2026-01"))
    assert early.reason == "membership.duesNotAssessed" and early.hint
    assessed = desk.month("assess", "2026-01")
    assert assessed["sums"]["dueFen"] == 1500 + 3000 + 5000 + 15_000 + 20_000 + 5000
    assert assessed["sums"]["waivedFen"] == 5000
    assert [each["memberId"] for each in assessed["unassessed"]] == [desk.members[6]]
    assert ("dues.month", "dues.pay", "2026-01-31") in desk.tasks()

    # Exactly, too much, and the rest given freely.
    assert desk.call("dues.pay", desk.payment(desk.members[0], 1500))["openFen"] == 0
    much = desk.refused("dues.pay", desk.payment(desk.members[1], 3001))
    assert much.reason == "membership.duesOverpaid" and much.details == {"dueFen": 3000, "excessFen": 1}
    given = desk.call("dues.pay", desk.payment(desk.members[1], 103_000, voluntary=True))
    assert (given["settledFen"], given["voluntaryFen"], given["forCentre"]) == (3000, 100_000, True)
    less = desk.call("dues.donate", {"memberId": desk.members[1], "amountFen": 99_999, "on": desk.today})
    assert less["forCentre"] is False
    assert desk.refused("dues.pay", desk.payment(desk.members[0], 15.5)).reason == "host.invalidParams"

    # A quarter at once.
    for month in ("2026-02", "2026-03"):
        desk.month("openMonth", month)
        desk.month("assess", month)
    quarter = desk.payment(desk.members[2], 15_000, months=["2026-01", "2026-02", "2026-03"], how="quarter")
    parts = desk.call("dues.pay", quarter)["parts"]
    assert [(part["month"], part["amountFen"]) for part in parts] == [(f"2026-0{number}", 5000) for number in (1, 2, 3)]
    assert desk.refused("dues.openMonth", {"organizationId": desk.branch, "month": "2026-04"}).reason == (
        "membership.duesMonthOutOfOrder")

    # Booked in error: taken back, and booked anew.
    wrong = desk.call("dues.pay", desk.payment(desk.members[3], 1500, month="2026-01"))["paymentId"]
    desk.call("dues.reversePayment", {"paymentId": wrong, "reason": "金额录错"})
    again = desk.refused("dues.reversePayment", {"paymentId": wrong, "reason": "金额录错"})
    assert again.reason == "membership.duesPaymentSettled" and again.details["state"] == "reversed"
    desk.call("dues.pay", desk.payment(desk.members[3], 15_000, month="2026-01"))
    sums = desk.sums("2026-01", "2026-01")
    assert (sums["paidFen"], sums["arrearsFen"]) == (1500 + 3000 + 5000 + 15_000, 20_000)


def test_february_has_arrears_and_closes_january_for_good(desk):
    desk.at("2026-02-03")
    debtor, forgotten = desk.members[4], desk.members[6]
    assert desk.asked() == [
        ("dues.notice", "arrears.notify", "2026-02-01", debtor),
        ("dues.closing", "dues.closeMonth", "2026-02-15", desk.branch),
        ("dues.month", "dues.pay", "2026-02-28", desk.branch)]
    owes = desk.call("arrears.list", {"organizationId": desk.branch})["members"]
    assert [(each["memberId"], each["stage"], each["months"], each["handled"]) for each in owes] == [
        (debtor, "notice", ["2026-01"], False)]
    notice = {"memberId": debtor, "stage": "notice", "on": "2026-02-03"}
    early = desk.refused("arrears.notify", {**notice, "stage": "talk"})
    assert early.reason == "membership.arrearsNotReached" and early.details["earliestOn"] == "2026-04-01"
    desk.call("arrears.notify", notice)
    assert "dues.notice" not in [task for task, _, _ in desk.tasks()], "nothing is asked for twice"

    closed = desk.month("closeMonth", "2026-01")
    assert closed["warnings"] == [] and [each["memberId"] for each in closed["unassessed"]] == [forgotten]
    assert closed["sums"] == desk.sums("2026-01", "2026-01")
    assert ("dues.base", "dues.setBase", "2026-01-31", forgotten) in desk.asked()
    assert "dues.closing" not in [task for task, _, _ in desk.tasks()]

    # Closed for good.
    month = {"organizationId": desk.branch, "month": "2026-01"}
    for method in ("dues.closeMonth", "dues.openMonth"):
        refused = desk.refused(method, month)
        assert refused.reason == "membership.duesMonthState" and refused.details["state"] == "closed"
    assert desk.base(desk.members[0], 900_000, "2026-01")["unchangedMonths"] == ["2026-01"]
    assert desk.month("assess", "2026-01")["added"] == 0
    paid = desk.call("duesPayment.list", {"memberId": desk.members[0]})["payments"][0]["paymentId"]
    settled = desk.refused("dues.reversePayment", {"paymentId": paid, "reason": "录错"})
    assert settled.details == {"state": "closed", "months": ["2026-01"]}
    held = desk.refused("dues.reverseSupplement", {**month, "memberId": desk.members[0], "reason": "录错"})
    assert held.reason == "membership.duesMonthState"

    # Who was forgotten gets a supplement; a wrong one is taken back.
    desk.base(forgotten, 5_000_000, "2026-01")
    assert ("dues.supplement", "dues.assess", "2026-01-31", forgotten) in desk.asked()
    assert desk.month("assess", "2026-01")["added"] == 1
    assert desk.lines("2026-01")[forgotten]["dueFen"] == 100_000 and desk.lines("2026-01")[forgotten]["supplement"]
    desk.base(forgotten, 500_000, "2026-01")
    back = desk.call("dues.reverseSupplement", {**month, "memberId": forgotten, "reason": "工资多录一位"})
    assert (back["voids"], back["version"], back["reversedFen"]) == (1, 2, 100_000)
    assert desk.lines("2026-01", withReversed=True)[forgotten]["reversedBecause"] == "工资多录一位"
    assert desk.month("assess", "2026-01")["added"] == 1 and desk.lines("2026-01")[forgotten]["dueFen"] == 5000
    assert not {"dues.base", "dues.supplement"} & {task for task, _, _ in desk.tasks()}
    late = desk.call("dues.pay", desk.payment(forgotten, 5000, month="2026-01"))
    assert late["parts"] == [{"month": "2026-01", "amountFen": 5000, "backPayment": True}]
    sums = desk.sums("2026-01", "2026-01")
    assert (sums["laterFen"], sums["arrearsFen"]) == (5000, 20_000)
    listed = desk.call("duesMonth.list", {"organizationId": desk.branch})["months"][-1]
    assert (listed["month"], listed["state"], listed["arrearsFen"]) == ("2026-01", "closed", 20_000), "as it was closed"


def test_an_exemption_ends_and_a_running_month_is_closed_with_a_warning(desk):
    desk.at("2026-03-31")
    poor = desk.members[5]
    for month in ("2026-02", "2026-03"):
        desk.month("assess", month)
    assert [desk.lines(month)[poor]["waivedFen"] for month in ("2026-01", "2026-02", "2026-03")] == [5000, 5000, 0]
    order = desk.refused("dues.closeMonth", {"organizationId": desk.branch, "month": "2026-03"})
    assert order.reason == "membership.duesMonthOutOfOrder" and order.details["month"] == "2026-02"
    assert desk.month("closeMonth", "2026-02")["warnings"] == []
    running = desk.month("closeMonth", "2026-03")
    assert [warning["months"] for warning in running["warnings"]] == [["2026-03"]]
    sums = desk.sums("2026-01", "2026-03")
    assert sums["dueFen"] == sums["paidFen"] + sums["waivedFen"] + sums["arrearsFen"]
    future = desk.refused("dues.closeMonth", {"organizationId": desk.branch, "month": "2026-04"})
    assert future.details[0]["pointer"] == "/month"


def test_the_year_is_published_and_the_calendar_is_icalendar(desk):
    desk.at("2027-01-04")
    asked = desk.asked()
    debtor = desk.members[4]
    # Months that were never opened are no arrears: three were not paid, and that calls for a talk.
    assert ("dues.talk", "arrears.notify", "2026-04-01", debtor) in asked
    publication = ("dues.publication", "dues.publish", "2027-01-15")
    assert publication in desk.tasks()
    for year, stays in ((2027, True), (2025, True), (2026, False)):
        shown = desk.call("dues.publish", {"organizationId": desk.branch, "year": year, "on": desk.today})
        assert (publication in desk.tasks()) is stays, year
    assert shown["voluntaryFen"] == 199_999 and shown["forCentreFen"] == 100_000
    assert shown["sums"] == desk.sums("2026-01", "2026-12")

    reply = desk.call("agenda.calendar", {"organizationId": desk.branch, "months": 3})
    text = reply["calendar"]
    lines = text.split("\r\n")
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert unfolded[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and any(line.startswith("PRODID:") for line in unfolded)
    starts = [number for number, line in enumerate(unfolded) if line == "BEGIN:VEVENT"]
    assert len(starts) == reply["events"] == unfolded.count("END:VEVENT")
    events = []
    for start in starts:
        body = unfolded[start + 1:unfolded.index("END:VEVENT", start)]
        events.append({line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in body})
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= event.keys()
        assert event["DTSTART"].isdigit() and event["DTSTART"] < event["DTEND"]
    assert len({event["UID"] for event in events}) == len(events)
    assert any("20260401" == event["DTSTART"] and "DUES" in event["SUMMARY"] for event in events)
