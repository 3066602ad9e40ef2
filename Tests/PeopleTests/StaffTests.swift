import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

struct StaffTests {
    private func department(_ admin: TestClient, _ code: String) async throws -> JSONValue {
        let reply = try await admin.call(
            "people.department.create", ["code": .string(code), "nameZh": "中药房", "kind": "pharmacy"])
        return try #require(reply["departmentId"])
    }

    @Test("departments have a code of their own in the site, and stay within it")
    func departments() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        let there = try await township.client(.siteAdmin, "t2")
        let id = try await self.department(admin, "ZYF")
        _ = try await self.department(admin, "NK")
        _ = try await self.department(there, "ZYF")
        let refused = try await township.refusal(
            "people.department.create", ["code": "ZYF", "nameZh": "另一药房", "kind": "pharmacy"], by: admin)
        #expect(refused.reason == "people.departmentExists" && refused.details == ["departmentId": id])
        let page = try await admin.call("people.department.list", ["limit": 1])
        #expect(page["departments"]?[0]?["code"] == "NK")
        let next = try await admin.call("people.department.list", ["after": try #require(page["next"])])
        #expect(next["departments"]?.arrayValue?.map { $0["departmentId"] } == [id])
        #expect(next["departments"]?[0]?["kindZh"] == "药学部门")
        #expect(try await there.call("people.department.list")["departments"]?.arrayValue?.count == 1)
    }

    @Test("who works in a department under a record that was merged is not employed there a second time")
    func mergedRecordWorksHereAlready() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        let (pharmacy, ward) = (try await self.department(admin, "ZYF"), try await self.department(admin, "BQ"))
        let (keep, drop) = (
            try await township.register(["nameZh": "张三", "sex": "male"]),
            try await township.register(["nameZh": "张三", "sex": "male"])
        )
        func params(_ person: JSONValue, _ department: JSONValue) -> JSONValue {
            ["personId": person, "departmentId": department, "title": "tcmPharmacist"]
        }
        let staff = try #require(try await admin.call("people.staff.create", params(drop, pharmacy))["staffId"])
        try await admin.call("people.person.merge", ["keep": keep, "drop": drop, "reason": "重复建档"])
        for person in [keep, drop] {
            let refused = try await township.refusal("people.staff.create", params(person, pharmacy), by: admin)
            #expect(refused.reason == "people.staffExists" && refused.details == ["staffId": staff])
        }
        // In another department the same person may work, but not move to the first one.
        let other = try #require(try await admin.call("people.staff.create", params(keep, ward))["staffId"])
        let moved = try await township.refusal(
            "people.staff.update", ["staffId": other, "version": 1, "departmentId": pharmacy], by: admin)
        #expect(moved.reason == "people.staffExists" && moved.details == ["staffId": staff])
        let cards = try await admin.call("people.staff.getMany", ["staffIds": [staff, other]])["staff"]?.arrayValue
        #expect(cards?.map { $0["personId"] } == [keep, keep])
    }

    @Test("staff have title and rights; rights are given and taken away by day; leaving takes all away")
    func staff() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        let department = try await self.department(admin, "ZYF")
        let person = try await township.register(["nameZh": "张三", "sex": "male"])
        let params: JSONValue = [
            "personId": person, "departmentId": department, "title": "tcmPharmacistInCharge",
            "rights": ["toxicDrugs", "prescriptionReview", "toxicDrugs"], "employedOn": "2020-07-01",
        ]
        let staff = try #require(try await admin.call("people.staff.create", params)["staffId"])
        let again = try await township.refusal("people.staff.create", params, by: admin)
        #expect(again.reason == "people.staffExists" && again.details == ["staffId": staff])
        let shown = try await township.doctor.call("people.staff.list")["staff"]?[0]
        #expect(shown?["titleZh"] == "主管中药师" && shown?["nameZh"] == "张三" && shown?["departmentCode"] == "ZYF")
        #expect(shown?["rights"] == ["prescriptionReview", "toxicDrugs"] && shown?["employedOn"] == "2020-07-01")
        try await admin.call(
            "people.staff.update",
            ["staffId": staff, "version": 1, "title": "associateChiefTcmPharmacist", "rights": ["dispensing"]])
        let stale = try await township.refusal(
            "people.staff.update", ["staffId": staff, "version": 1, "rights": []], by: admin)
        #expect(stale.reason == "host.conflict")
        let many = try await township.doctor.call("people.staff.getMany", ["staffIds": [staff, person]])
        #expect(many["missing"] == [person])
        #expect(many["staff"]?[0]?["rights"] == ["dispensing"] && many["staff"]?[0]?["titleZh"] == "副主任中药师")
        try await admin.call("people.staff.update", ["staffId": staff, "version": 2, "leftOn": "2026-11-22"])
        #expect(try await admin.call("people.staff.list")["staff"] == [])
        let former = try await admin.call("people.staff.list", ["formerToo": true])["staff"]?[0]
        #expect(former?["leftOn"] == "2026-11-22" && former?["rights"] == [])
        let left = try await township.refusal(
            "people.staff.update", ["staffId": staff, "version": 3, "rights": []], by: admin)
        #expect(left.reason == "people.staffLeft")
        // Who comes back is recorded anew.
        #expect(try await admin.call("people.staff.create", params)["staffId"] != staff)
        #expect(
            try township.host.sql("SELECT count(*) FROM people.staff_right WHERE revoked_on IS NOT NULL") == [["3"]])
    }

    @Test(
        "an unknown person, a department of another site, a day in the future are refused; another site sees no staff")
    func refusals() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        let there = try await township.client(.siteAdmin, "t2")
        let department = try await self.department(admin, "ZYF")
        let foreign = try await self.department(there, "ZYF")
        let person = try await township.register(["nameZh": "张三", "sex": "male"])
        func create(_ person: JSONValue, _ department: JSONValue, _ day: JSONValue = .null) -> JSONValue {
            ["personId": person, "departmentId": department, "title": "physician", "employedOn": day]
        }
        let wrong = try await township.refusal("people.staff.create", create(person, foreign), by: admin)
        #expect(wrong.reason == "host.notFound" && wrong.details?["departmentId"] == foreign)
        let unknown = try await township.refusal("people.staff.create", create(person, foreign), by: there)
        #expect(unknown.reason == "host.notFound" && unknown.details?["personId"] == person)
        let future = try await township.refusal(
            "people.staff.create", create(person, department, "2026-11-23"), by: admin)
        #expect(future.details?[0]?["pointer"] == "/employedOn")
        let staff = try #require(try await admin.call("people.staff.create", create(person, department))["staffId"])
        #expect(try await there.call("people.staff.list", ["formerToo": true])["staff"] == [])
        #expect(try await there.call("people.staff.getMany", ["staffIds": [staff]])["missing"] == [staff])
        #expect(
            try await township.refusal("people.staff.update", ["staffId": staff, "version": 1], by: there).reason
                == "host.notFound")
        let move = try await township.refusal(
            "people.staff.update", ["staffId": staff, "version": 1, "departmentId": foreign], by: admin)
        #expect(move.reason == "host.notFound")
    }
}
