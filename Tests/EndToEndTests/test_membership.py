"""The register of Party members through the wire: the demonstration's figures, years of steps on a fixed clock, two sites and one transfer."""

import datetime
import threading

import pytest

from support.client import Refused
from support.county import County
from support.host import Host, accounts_of_demonstration

TOWNSHIP, HOSPITAL, BUREAU = "township-01", "tcm-hospital", "bureau"


class Party:
    """A demonstration host whose clock stands still, and is put forward by a restart."""

    def __init__(self, host):
        self.host = host
        self.accounts = {}

    def at(self, day):
        """Starts the host anew on that day, at half past nine."""
        if self.host.process is not None:
            assert self.host.stop() == 0
        self.host.environment["XINGLIN_CLOCK_FIXED"] = f"{day}T09:30:00+08:00"
        self.host.start(240)
        self.accounts = {each["account"]: each for each in accounts_of_demonstration(self.host)}
        return self

    def session(self, account):
        return self.host.session(account, self.accounts[account]["password"])

    def call(self, account, method, params, site=TOWNSHIP):
        with self.session(account) as client:
            return client.call(method, params, site=site)

    def refused(self, account, method, params, site=TOWNSHIP):
        with self.session(account) as client, pytest.raises(Refused) as refused:
            client.call(method, params, site=site)
        return refused.value

    def branch(self, kind="branch", site=TOWNSHIP):
        """The first organisation of that kind that the site keeps."""
        listed = self.call("committee-officer", "membership.organization.list", {"kind": kind, "keptHere": True}, site)
        return listed["organizations"][0]["organizationId"]

    def count(self, organization, day, site=TOWNSHIP):
        return self.call(
            "committee-officer", "membership.statistics.count", {"organizationId": organization, "asOf": day}, site)

    def record(self, candidate, step, day, facts=None, documents=None):
        params = {"candidateId": candidate, "step": step, "on": day, "facts": facts or {}, "documents": documents or []}
        return self.call("branchOfficer", "membership.development.record", params)

    def person(self, born, number):
        """A person who works at the township; their citizen number has a valid check digit."""
        digits = f"999901{born.replace('-', '')}{number:03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights)) % 11]
        params = {"nameZh": "测试申请人", "birthDate": born, "document": {"kind": "citizenId", "number": digits + check}}
        return self.call("doctor", "people.person.register", {**params, "sex": "male" if number % 2 else "female"})["personId"]


@pytest.fixture(scope="module")
def party(binary):
    with Host(["--demo"], environment={"XINGLIN_DEMO_RESIDENTS": "0"}) as host:
        yield Party(host)


def rules(refused):
    return {detail["rule"] for detail in refused.details}


def test_the_demonstration_has_the_figures_of_the_articles_as_of_the_right_days(party):
    party.at("2020-02-28")
    hospital = party.branch(site=HOSPITAL)
    figures = party.count(hospital, "2020-02-28", HOSPITAL)
    assert figures == {
        "full": 73, "probationary": 1, "activists": 6, "developmentTargets": 10, "applicants": 0, "branches": 1, "groups": 4}
    warned = party.call("committee-officer", "membership.organization.check", {"organizationId": hospital}, HOSPITAL)
    assert "BR-02" in {warning["rule"] for warning in warned["warnings"]}, "74 members are a warning, and no refusal"
    committee = party.call("committee-officer", "membership.committee.get", {"organizationId": hospital}, HOSPITAL)
    assert len(committee["officers"]) == 5
    township = party.branch()
    grown = [party.count(township, day)["full"] for day in ("2014-01-01", "2016-01-01", "2020-02-28")]
    assert grown == [0, 3, 7] or grown[-1] == 7 and grown == sorted(grown), grown
    assert party.count(township, "2020-02-28")["activists"] == 1
    pairs = party.call("branchOfficer", "membership.mentor.list", {"organizationId": township})["pairs"]
    assert len(pairs) == 4
    # The committee sees all of it; its township officer does not see the hospital.
    whole = party.count(party.branch("committee", BUREAU), "2020-02-28", BUREAU)
    assert whole["full"] == 80 and whole["branches"] == 2 and whole["groups"] == 4


def test_an_applicant_becomes_a_full_member_in_25_steps_and_no_day_too_early(party):
    party.at("2020-02-28")
    branch = party.branch()
    mentors = [
        each["memberId"] for each in
        party.call("branchOfficer", "membership.member.list", {"organizationId": branch, "status": "full"})["members"][:2]]
    person = party.person("1995-02-28", 1)
    steps = party.call("branchOfficer", "membership.development.steps", {})["steps"]
    assert [step["step"] for step in steps] == list(range(1, 26)) and all("facts" in step for step in steps)
    candidate = party.call(
        "branchOfficer", "membership.development.apply",
        {"personId": person, "organizationId": branch, "on": "2020-02-28"})["candidateId"]
    assert party.record(candidate, 2, "2020-02-28", {"talker": "支部书记"})["status"] == "applicant_talked"
    future = party.refused(
        "branchOfficer", "membership.development.record",
        {"candidateId": candidate, "step": 3, "on": "2020-02-29", "facts": {}, "documents": []})
    assert future.reason in {"host.invalidParams", "membership.stepRefused"}

    party.at("2020-02-29")
    decided = {"recommendedBy": "members", "decidedBy": "committee"}
    assert party.record(candidate, 3, "2020-02-29", decided)["status"] == "activist_pending_filing"
    assert party.record(candidate, 4, "2020-02-29")["status"] == "activist"
    assert party.record(candidate, 5, "2020-02-29", {"mentors": mentors})["status"] == "activist_mentored"
    assert party.record(candidate, 6, "2020-02-29")["status"] == "activist_cultivating"

    # A year from 29 February ends on 28 February (DV-07).
    party.at("2021-02-27")
    heard = {"opinionsHeard": ["mentors", "members", "public", "group"], "decidedBy": "committee"}
    early = party.refused(
        "branchOfficer", "membership.development.record",
        {"candidateId": candidate, "step": 7, "on": "2021-02-27", "facts": heard, "documents": []})
    assert early.reason == "membership.stepRefused"
    detail = next(each for each in early.details if each["rule"] == "DV-07")
    assert detail["earliestOn"] == "2021-02-28" and detail["missing"] and detail["who"]
    upcoming = party.call("branchOfficer", "membership.development.next", {"candidateId": candidate})
    seventh = next(step for step in upcoming["steps"] if step["step"] == 7)
    assert not seventh["allowed"] and seventh["earliestOn"] == "2021-02-28" and seventh["missing"]

    party.at("2021-02-28")
    assert party.record(candidate, 7, "2021-02-28", heard)["status"] == "candidate_pending_filing"

    party.at("2021-03-31")
    notice = {"publicity": {"from": "2021-03-15", "to": "2021-03-24"}}
    no_notice = party.refused(
        "branchOfficer", "membership.development.record",
        {"candidateId": candidate, "step": 8, "on": "2021-03-31", "facts": {}, "documents": []})
    assert rules(no_notice) == {"DV-26"}
    assert party.record(candidate, 8, "2021-03-31", notice)["status"] == "candidate"
    twice = party.refused(
        "branchOfficer", "membership.development.record",
        {"candidateId": candidate, "step": 9, "on": "2021-03-31", "facts": {"introducers": mentors[:1]}, "documents": []})
    assert rules(twice) == {"DV-10"}
    # 11, 9 and 10 in any order.
    party.record(candidate, 11, "2021-03-31", {"days": 3, "level": "county", "passed": True})
    party.record(candidate, 9, "2021-03-31", {"introducers": mentors})
    party.record(candidate, 10, "2021-03-31", {"conclusion": "qualified", "text": "政治审查合格"})
    party.record(candidate, 12, "2021-03-31", {"agreed": True, "collective": True})

    party.at("2021-04-15")
    notice = {"publicity": {"from": "2021-04-01", "to": "2021-04-12"}}
    party.record(candidate, 13, "2021-04-15", {"result": "qualified", **notice})
    party.record(candidate, 14, "2021-04-15", {"leavesWithin3Months": False})
    ballots = {"candidateId": candidate, "on": "2021-04-15", "purpose": "admission", "due": 7, "recused": 0}
    lost = party.call(
        "branchOfficer", "membership.development.vote", {**ballots, "present": 4, "writtenInFavour": 0, "inFavour": 3})
    assert lost == {**lost, "valid": True, "passed": False, "presentRequired": 4, "inFavourRequired": 4}
    won = party.call(
        "branchOfficer", "membership.development.vote", {**ballots, "present": 4, "writtenInFavour": 1, "inFavour": 3})
    assert won["valid"] and won["passed"]
    party.record(candidate, 16, "2021-04-15", {"talker": "组织员", "opinion": "同意接收"})
    before = party.count(branch, "2021-04-15")
    assert party.record(candidate, 17, "2021-04-15", {"decision": "approve"})["status"] == "probationary"
    after = party.count(branch, "2021-04-15")
    assert after["probationary"] == before["probationary"] + 1
    assert after["developmentTargets"] == before["developmentTargets"] - 1
    for step, facts in ((18, {}), (19, {}), (20, {"organizedBy": "branch"}), (21, {})):
        party.record(candidate, step, "2021-04-15", facts)

    # Probation counts from the branch meeting (DV-19).
    party.at("2022-04-14")
    party.record(candidate, 22, "2022-04-14", {"written": True})
    ballots = {
        "candidateId": candidate, "purpose": "conversion", "due": 7, "present": 7, "writtenInFavour": 0, "inFavour": 7,
        "recused": 0}
    early = party.refused("branchOfficer", "membership.development.vote", {**ballots, "on": "2022-04-14"})
    assert any(each.get("earliestOn") == "2022-04-15" for each in early.details)

    party.at("2022-04-15")
    assert party.call("branchOfficer", "membership.development.vote", {**ballots, "on": "2022-04-15"})["passed"]
    assert party.record(candidate, 24, "2022-04-15", notice and {"publicity": {"from": "2022-04-01", "to": "2022-04-12"}})[
        "status"] == "full_member"
    assert party.record(candidate, 25, "2022-04-15", {"keptIn": "committee", "papersComplete": True})["status"] == "archived"
    assert party.count(branch, "2022-04-15")["full"] == 8 and party.count(branch, "2022-04-14")["full"] == 7
    timeline = party.call("branchOfficer", "membership.development.timeline", {"candidateId": candidate})
    assert {entry["step"] for entry in timeline["entries"] if "step" in entry} == set(range(1, 26))


def test_dues_are_reckoned_as_the_contract_says(party):
    for base, due in ((300000, 1500), (300001, 3000), (500000, 5000), (1000000, 15000), (1000001, 20000)):
        quote = party.call("branchOfficer", "membership.dues.quote", {"category": "salaried", "baseFen": base})
        assert quote["dueFen"] == due and quote["rule"]


def test_what_was_recorded_wrongly_is_corrected_and_what_was_stays(party):
    today = party.host.environment["XINGLIN_CLOCK_FIXED"][:10]
    day = datetime.date.fromisoformat(today)
    branch = party.branch()
    applied = str(day - datetime.timedelta(days=6))
    candidate = party.call(
        "branchOfficer", "membership.development.apply",
        {"personId": party.person("1996-03-05", 2), "organizationId": branch, "on": applied})["candidateId"]
    party.record(candidate, 2, today, {"talker": "支部书记"})

    def timeline():
        return party.call("branchOfficer", "membership.development.timeline", {"candidateId": candidate})["entries"]

    wrong = next(entry for entry in timeline() if entry.get("step") == 2)
    correction = {"candidateId": candidate, "entryId": wrong["entryId"], "on": applied, "reason": "谈话日期录入有误"}
    nothing = party.refused("branchOfficer", "membership.development.correct", {**correction, "on": wrong["on"]})
    assert nothing.reason == "host.invalidParams"
    before = party.refused(
        "branchOfficer", "membership.development.correct", {**correction, "on": str(day - datetime.timedelta(days=7))})
    assert before.reason == "membership.stepRefused" and before.details
    right = party.call("branchOfficer", "membership.development.correct", correction)
    assert right["corrects"] == wrong["entryId"]
    entries = {entry["entryId"]: entry for entry in timeline()}
    old, new = entries[wrong["entryId"]], entries[right["entryId"]]
    assert old["on"] == today and old["correctedBy"] == right["entryId"] and old["recordedBy"] == wrong["recordedBy"]
    assert new["on"] == applied and new["reason"] == "谈话日期录入有误" and new["corrects"] == wrong["entryId"]
    again = party.refused("branchOfficer", "membership.development.correct", correction)
    assert again.reason == "membership.entryCorrected"
    early = party.refused(
        "branchOfficer", "membership.development.withdraw",
        {"candidateId": candidate, "on": str(day - datetime.timedelta(days=8)), "reason": "本人撤回"})
    assert early.reason == "host.invalidParams" and early.details[0]["pointer"] == "/on"
    party.call("branchOfficer", "membership.development.withdraw", {"candidateId": candidate, "on": today, "reason": "本人撤回"})


def test_the_balance_of_members_tells_who_came_and_who_left(party):
    today = party.host.environment["XINGLIN_CLOCK_FIXED"][:10]
    committee = party.branch("committee", BUREAU)
    balance = party.call(
        "committee-officer", "membership.statistics.balance",
        {"organizationId": committee, "from": "2021-01-01", "to": today}, BUREAU)
    assert balance["fullBefore"] == 80 and balance["admitted"] == 1 and balance["converted"] >= 1
    left = ("transferredOut", "died", "withdrew", "lapsed", "removed", "expelled", "probationCancelled")
    came = ("fullBefore", "probationaryBefore", "admitted", "takenOver", "transferredIn", "moved")
    assert sum(balance[each] for each in came) - sum(balance[each] for each in left) == balance["full"] + balance["probationary"]
    assert {key: balance[key] for key in ("full", "probationary")} == {
        key: party.count(committee, today, BUREAU)[key] for key in ("full", "probationary")}


def test_what_members_do_beside_their_development_is_recorded_and_ends(party):
    today = party.host.environment["XINGLIN_CLOCK_FIXED"][:10]
    branch = party.branch()

    def call(method, params, account="branchOfficer"):
        return party.call(account, f"membership.{method}", params)

    members = call("member.list", {"organizationId": branch, "status": "full"})["members"]
    first, second = (each["memberId"] for each in members[-2:])
    link = call("link.create", {"kind": "memberToHousehold", "fromMemberId": first, "to": {"householdCode": "C-901"}, "on": today})["linkId"]
    month = {"organizationId": branch, "month": today[:7]}
    assert link in {each["linkId"] for each in call("contact.due", month)["due"]}
    call("contact.record", {"linkId": link, "on": today, "kind": "visit", "minutes": 30})
    assert link not in {each["linkId"] for each in call("contact.due", month)["due"]}
    pair = call("mentor.pair", {"mentorId": first, "menteeId": second, "from": today})["pairId"]
    assert pair in {each["pairId"] for each in call("mentor.list", {"organizationId": branch})["pairs"]}
    flow = call("flow.start", {"memberId": second, "from": today, "toPlace": "外地医院进修", "reason": "进修"})["flowId"]
    call("flow.end", {"flowId": flow, "on": today})
    honour = call("member.note", {"memberId": first, "kind": "position", "from": today, "title": "医务科科长"})["factId"]
    assert honour in {each["factId"] for each in call("fact.list", {"memberId": first})["facts"]}
    call("fact.correct", {"factId": honour, "void": True, "reason": "登记了他人的记录"})

    # Discipline is restricted: an officer of the committee above reads it, and names the purpose.
    noted = call("member.note", {"memberId": second, "kind": "discipline", "from": today, "discipline": "warning", "text": "处分决定"})
    inspection = {"memberId": second, "unmask": {"purpose": "inspection"}}
    assert noted["factId"] not in str(call("fact.list", {"memberId": second}))
    refused = party.refused("branchOfficer", "membership.fact.list", inspection)
    assert refused.reason == "host.forbidden" and "处分决定" not in str(refused.details)
    seen = call("fact.list", inspection, "committee-officer")["facts"]
    assert noted["factId"] in {each["factId"] for each in seen}

    # An enrolment of the wrong person was none on any day.
    before = party.count(branch, today)["full"]
    wrong = call("member.enrol", {
        "personId": party.person("1980-01-31", 3), "organizationId": branch, "status": "full", "joinedOn": "2010-06-30"})["memberId"]
    assert party.count(branch, today)["full"] == before + 1
    facts = call("member.get", {"memberId": wrong})["facts"]
    enrolled = next(each["factId"] for each in facts if each["change"] == "enrolled")
    call("member.correct", {"memberId": wrong, "factId": enrolled, "void": True, "reason": "登记错了人"})
    assert party.count(branch, today)["full"] == before


def test_two_sites_race_on_one_transfer_and_nobody_is_lost_or_counted_twice(party):
    today = party.host.environment["XINGLIN_CLOCK_FIXED"][:10]
    township, hospital = party.branch(), party.branch(site=HOSPITAL)
    committee = party.branch("committee", BUREAU)
    total = party.count(committee, today, BUREAU)
    members = party.call("branchOfficer", "membership.member.list", {"organizationId": township, "status": "full"})["members"]
    for member in [each["memberId"] for each in members[:4]]:
        asked = party.call(
            "branchOfficer", "membership.transfer.request",
            {"memberId": member, "toOrganizationId": hospital, "reason": "工作调动", "on": today})
        transfer = asked["transferId"]
        party.call(
            "branchOfficer", "membership.transfer.issueLetter", {"transferId": transfer, "letterNumber": "2022-001", "validDays": 90})
        outcomes = {}
        start = threading.Barrier(3)

        def act(name, account, method, params, site):
            with party.session(account) as client:
                start.wait()
                try:
                    outcomes[name] = client.call(method, params, site=site)
                except Refused as refused:
                    outcomes[name] = refused

        threads = [
            threading.Thread(target=act, args=arguments) for arguments in (
                ("receive", "branchOfficer-tcm", "membership.transfer.receive", {"transferId": transfer, "on": today}, HOSPITAL),
                ("withdraw", "branchOfficer", "membership.transfer.withdraw", {"transferId": transfer}, TOWNSHIP),
                ("sendBack", "branchOfficer-tcm", "membership.transfer.sendBack", {"transferId": transfer, "reason": "材料不全"}, HOSPITAL),
            )]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = [name for name, outcome in outcomes.items() if not isinstance(outcome, Refused)]
        assert len(done) == 1, outcomes
        assert party.count(committee, today, BUREAU) == total, "nobody is lost or counted twice"


def test_no_clinical_role_sees_the_register(party):
    branch = party.branch()
    for account in ("doctor", "nurse", "pharmacist", "reviewer", "dispatcher", "integrator", "auditor"):
        refused = party.refused(account, "membership.member.list", {"organizationId": branch})
        assert refused.reason == "host.forbidden"
