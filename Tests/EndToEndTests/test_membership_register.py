"""A register as it comes from a spreadsheet, through the wire: preview, import, election by BR-05, exports and printable pages."""

import base64
import csv
import hashlib
import io
import re

import pytest

from support.client import Refused
from support.host import Host, accounts_of_demonstration, run, wait_until

# A township of the demonstration that has no Party organisation yet, and who may act there for the bureau.
FIRST, OFFICER = "township-02", "committee-officer"
BRANCH = "乙字镇中心卫生院党支部"
HEADER = ["姓名", "公民身份号码", "性别", "联系电话", "所在党支部或党小组", "党员类别", "入党日期", "转正日期", "进入本组织日期"]
FULL = 12


def number(order):
    """A citizen number of 1985-03-03 with a valid check digit."""
    digits = f"99990119850303{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights)) % 11]


def member(order, **more):
    """A line of the register: a full member of the branch since before it was founded here."""
    line = {
        "姓名": "测试" + "赵钱孙李周吴郑王冯陈褚卫蒋"[order % 13] + "一二三四五六七八九十"[order % 10], "公民身份号码": number(order),
        "性别": "男" if order % 2 else "女", "联系电话": f"139000010{order:02d}", "所在党支部或党小组": BRANCH,
        "党员类别": "正式党员", "入党日期": "2012年6月30日", "转正日期": "2013/6/30", "进入本组织日期": "2015.7.1"}
    return [{**line, **more}[column] for column in HEADER]


def register():
    lines = [member(order) for order in range(1, FULL + 1)]
    return [*lines, member(FULL + 1, 党员类别="预备党员", 入党日期="2026-03-01", 转正日期="", 进入本组织日期="")]


def sheet(lines, encoding="utf-8-sig", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *lines])
    return text.getvalue().encode(encoding)


class Register:
    """A township's branch on a host whose clock stands still."""

    def __init__(self, host):
        self.host = host
        self.passwords = {each["account"]: each["password"] for each in accounts_of_demonstration(host)}
        self.client = host.session(OFFICER, self.passwords[OFFICER])

    def call(self, method, params=None, **meta):
        return self.client.call(method, params or {}, site=FIRST, **meta)

    def refused(self, method, params):
        with pytest.raises(Refused) as refused:
            self.call(method, params)
        return refused.value

    def upload(self, data, name="党员名册.csv"):
        begun = self.call("files.begin", {
            "name": name, "mediaType": "text/csv", "bytes": len(data), "sm3": hashlib.new("sm3", data).hexdigest()})
        if begun["state"] != "finished":
            for start in range(0, len(data), 1_000):
                piece = base64.b64encode(data[start:start + 1_000]).decode()
                self.call("files.append", {"fileId": begun["fileId"], "offset": start, "base64": piece})
            self.call("files.finish", {"fileId": begun["fileId"]})
        return begun["fileId"]

    def check(self, data, kind="membership.register"):
        """Uploads a file and gives where its import stands once it is checked."""
        params = {"kind": kind, "fileId": self.upload(data), "again": True}
        reached = {"importId": self.call("imports.begin", params)["importId"]}
        wait_until(lambda: self.call("imports.get", reached)["state"] != "open", what="the check")
        return self.call("imports.get", reached)

    def apply(self, checked):
        named = {"importId": checked["importId"]}
        self.call("imports.apply", {**named, "mode": "allOrNothing"})
        wait_until(lambda: self.call("imports.get", named)["state"] != "applying", what="the import")
        return self.call("imports.get", named)

    def faults(self, checked):
        return self.call("imports.faults", {"importId": checked["importId"], "limit": 500})["faults"]

    def export(self, kind, params):
        begun = self.call("exports.begin", {"kind": kind, "params": params}, locale="zh")
        named = {"exportId": begun["exportId"]}
        wait_until(lambda: self.call("exports.get", named)["state"] != "running", what="the export")
        done = self.call("exports.get", named)
        assert done["state"] == "done", done
        read = self.call("files.read", {"fileId": done["fileId"], "offset": 0, "length": 500_000})
        return base64.b64decode(read["base64"])

    def count(self):
        return self.call("membership.statistics.count", {"organizationId": self.branch, "asOf": "2026-11-22"})


@pytest.fixture(scope="module")
def party(binary):
    environment = {"XINGLIN_DEMO_RESIDENTS": "0", "XINGLIN_CLOCK_FIXED": "2026-11-22T09:30:00+08:00"}
    with Host(["--demo"], environment=environment) as host:
        party = Register(host.start(240))
        made = party.call("membership.organization.create", {"nameZh": BRANCH, "kind": "branch", "foundedOn": "2010-07-01"})
        party.branch = made["organizationId"]
        yield party
        party.client.close()


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_faulty_sheet_in_gb18030_is_previewed_with_line_and_field_in_both_languages(party):
    lines = register()
    lines[1] = member(2, 入党日期="2012.06")
    lines[3] = member(4, 所在党支部或党小组="没有的党支部")
    lines[5] = member(6, 入党日期="2002-03-02", 转正日期="", 进入本组织日期="")
    lines[7] = member(8, 党员类别="群众")
    # The same person as in line 2, which has a fault of its own.
    lines.append(member(2))
    checked = party.check(sheet(lines, "gb18030", "\t"))
    assert checked["encoding"] == "GB18030" and checked["delimiter"] == "tab"
    assert (checked["state"], checked["lines"], checked["good"], checked["faulty"]) == ("checked", 14, 9, 5)
    faults = party.faults(checked)
    assert [(each["line"], each.get("columnZh")) for each in faults] == [
        (2, "入党日期"), (4, "所在党支部或党小组"), (6, "入党日期"), (8, "党员类别"), (14, None)]
    assert "年月" in faults[0]["textZh"] and "day is needed" in faults[0]["textEn"]
    assert "DV-01" in faults[2]["textZh"] and "DV-01" in faults[2]["textEn"]
    assert faults[4]["textZh"] == "与第 2 行重复" and faults[4]["textEn"] == "the same as line 2"
    assert "测试" not in str(faults) and not re.search(r"\d{10}", str([each["textZh"] for each in faults]))
    refused = party.refused("imports.apply", {"importId": checked["importId"], "mode": "allOrNothing"})
    assert refused.reason == "host.importFaulty"
    assert party.count()["full"] == 0, "nothing was done"


def test_what_is_no_sheet_is_refused_with_what_to_do(party):
    for data, word in ((b"PK\x03\x04\x14\x00\x06\x00", "xlsx"), ("姓名\t入党日期\n".encode("utf-16"), "UTF-16")):
        refused = party.refused("imports.begin", {"kind": "membership.register", "fileId": party.upload(data, "名册.xlsx")})
        assert refused.reason == "host.importFileMalformed"
        assert word in refused.details["textZh"] and "另存为" in refused.details["textZh"] and word in refused.details["textEn"]
    broken = sheet(register(), "gb18030").replace(number(3).encode(), b"\xff" + number(3).encode())
    checked = party.check(broken)
    assert checked["state"] == "cancelled" and checked["reason"] == "host.importFileMalformed"
    fault = party.faults(checked)[-1]
    assert (fault["line"], fault["columnZh"]) == (3, "公民身份号码") and "GB18030" in fault["textZh"]


@pytest.mark.parametrize(
    ("encoding", "delimiter", "told"), [("utf-8-sig", ",", ("UTF-8", "comma")), ("gb18030", ",", ("GB18030", "comma")),
                                        ("utf-8", ";", ("UTF-8", "semicolon"))])
def test_the_mended_sheet_goes_in_once_however_it_is_written(party, encoding, delimiter, told):
    checked = party.check(sheet(register(), encoding, delimiter))
    assert (checked["encoding"], checked["delimiter"]) == told
    assert checked["good"] == FULL + 1 and checked["faulty"] == 0, party.faults(checked)
    done = party.apply(checked)
    assert done["state"] == "applied" and done["applied"] == FULL + 1
    count = party.count()
    assert (count["full"], count["probationary"]) == (FULL, 1), "a second time nothing is doubled"
    other = register()
    other[0] = member(1, 转正日期="2013-07-01")
    differing = party.check(sheet(other, encoding, delimiter))
    assert [(each["line"], each["field"]) for each in party.faults(differing)] == [(1, "probationEndedOn")]


def members(party):
    listed = party.call("membership.member.list", {"organizationId": party.branch, "status": "full", "limit": 500})
    return [each["memberId"] for each in listed["members"]]


def election(party, candidates, votes, present, on, **more):
    return {
        "organizationId": party.branch, "on": on, "due": FULL, "present": present, "seats": 3,
        "candidates": [{"memberId": member, "votes": count} for member, count in zip(candidates, votes)],
        "posts": [{"memberId": candidates[0], "post": "secretary"}], **more}


def test_an_election_stands_or_falls_by_br_05(party):
    people = members(party)
    few = party.refused("membership.committee.elect", election(party, people[:3], [10, 9, 8], 10, "2026-05-01"))
    assert few.reason == "membership.candidatesTooFew" and few.details["required"] == 4 and few.details["rule"] == "BR-05"
    # Four fifths of twelve are ten.
    absent = party.call("membership.committee.elect", {
        key: value for key, value in election(party, people[:4], [9, 9, 8, 1], 9, "2026-05-01").items() if key != "posts"})
    assert not absent["valid"] and absent["presentRequired"] == 10 and absent["elected"] == []
    assert party.call("membership.committee.get", {"organizationId": party.branch})["state"] == "none"
    # Half of those present is a vote short: the post cannot go to who was not elected.
    short = party.refused("membership.committee.elect", election(party, people[:4], [5, 9, 8, 1], 10, "2026-05-02"))
    assert short.reason == "membership.postUnfit"
    held = party.call("membership.committee.elect", election(party, people[:4], [6, 9, 5, 1], 10, "2026-05-02"))
    assert held["valid"] and held["votesRequired"] == 6 and held["vacant"] == 1
    assert set(held["elected"]) == {people[0], people[1]}
    shown = party.call("membership.committee.get", {"organizationId": party.branch})
    assert [officer["post"] for officer in shown["officers"]] == ["secretary", "member"] and shown["vacant"] == 1
    assert shown["termEndsOn"] == "2029-05-02" and all(officer["name"].endswith("*") for officer in shown["officers"])
    # Corrected after the secretary has left and another was appointed: there is one secretary still.
    party.call("membership.committee.leave", {
        "organizationId": party.branch, "memberId": people[0], "on": "2026-07-01", "reason": "工作调动"})
    party.call("membership.committee.appoint", {
        "organizationId": party.branch, "memberId": people[5], "post": "secretary", "on": "2026-07-01",
        "approvedBy": {"title": "县卫健工委批复"}})
    right = party.call("membership.committee.elect", election(
        party, people[:4], [7, 9, 8, 1], 10, "2026-05-02", corrects=held["electionId"], reason="票数登记有误"))
    assert right["vacant"] == 0
    officers = party.call("membership.committee.get", {"organizationId": party.branch})["officers"]
    assert [officer["memberId"] for officer in officers if officer["post"] == "secretary"] == [people[5]]
    listed = party.call("membership.committee.list", {"organizationId": party.branch})["elections"]
    assert len(listed) == 3 and sum(1 for one in listed if "correctedBy" in one) == 1


def test_the_register_and_the_statistics_come_out_as_they_went_in(party, tmp_path):
    masked = rows(party.export("membership.register", {"organizationId": party.branch}))
    assert len(masked) == FULL + 1 and all(row["公民身份号码"] == "" and row["姓名"].endswith("*") for row in masked)
    data = party.export("membership.register", {"organizationId": party.branch, "unmask": {"purpose": "organizationWork"}})
    whole = rows(data)
    assert {row["公民身份号码"] for row in whole} == {number(order) for order in range(1, FULL + 2)}
    assert {(row["入党日期"], row["转正日期"]) for row in whole} == {("2012-06-30", "2013-06-30"), ("2026-03-01", "")}
    again = party.check(data)
    assert again["good"] == FULL + 1 and again["faulty"] == 0, party.faults(again)
    [line] = rows(party.export("membership.statistics", {"organizationId": party.branch}))
    assert (line["名称"], line["正式党员"], line["预备党员"], line["正式党员（含下级）"]) == (BRANCH, "12", "1", "12")

    environment = {"XDG_STATE_HOME": str(tmp_path / "state"), "LC_ALL": "zh_CN.UTF-8"}
    host = party.host
    done = run(
        "call", "session.login", '{"account":"committee-officer"}', "--host", f"127.0.0.1:{host.port}", data=host.data,
        environment={**environment, "XINGLIN_PASSWORD": party.passwords[OFFICER]})
    assert done.returncode == 0, done.stderr
    out = tmp_path / "roll.csv"
    done = run(
        "export", "membership.register", "--site", FIRST, "--output", out, "--param", f"organizationId={party.branch}",
        "--param", "asOf=2026-02-28", "--params", '{"unmask":{"purpose":"inspection"}}', environment=environment)
    assert done.returncode == 0, done.stderr
    assert len(rows(out.read_bytes())) == FULL, "the day before the probationary member joined"
    wrong = run(
        "export", "membership.register", "--site", FIRST, "--output", tmp_path / "b.csv", "--param", "asOf", environment=environment)
    assert wrong.returncode == 2 and "名称=值" in wrong.stderr


def test_the_pages_are_printed_whole_and_masked(party):
    page = party.call("membership.roll.page", {"organizationId": party.branch})
    assert (page["full"], page["probationary"]) == (FULL, 1)
    assert page["html"].count("<td class='no'>") == FULL + 1 and f"{BRANCH}党员花名册" in page["html"]
    assert "2013-06-30" in page["html"] and "2015-07-01" not in page["html"], "the day of the conversion, not of the enrolment"
    assert "<td>测试" not in page["html"] and "http" not in page["html"] and "<script" not in page["html"]
    whole = party.call("membership.roll.page", {"organizationId": party.branch, "unmask": {"purpose": "inspection"}})
    assert whole["html"].count("<td>测试") == FULL + 1
    development = party.call("membership.development.page", {"organizationId": party.branch})
    assert development["applicants"] == 0 and "发展党员一览表" in development["html"]
    with party.host.session("doctor", party.passwords["doctor"]) as doctor, pytest.raises(Refused) as refused:
        doctor.call("membership.roll.page", {"organizationId": party.branch}, site="township-01")
    assert refused.value.reason == "host.forbidden"
