internal import XinglinKit

/// The reasons about organisations and members: 1200 to 1209. Each part of the module has its own.
enum MembershipFault {
    static let organizationEnded = FaultKind(
        "membership.organizationEnded", code: 1200,
        message: .init(zh: "该党组织在当日已撤销或尚未成立", en: "The organisation does not exist on that day"),
        hint: .init(
            zh: "details 给出成立与撤销日期；请核对日期，或改用承继的组织",
            en: "details gives when it began and ended; check the date, or name the organisation that took its place"))
    static let parentUnfit = FaultKind(
        "membership.parentUnfit", code: 1201,
        message: .init(zh: "隶属关系不符合组织类型，或形成循环", en: "An organisation of this kind cannot stand there"),
        hint: .init(
            zh: "党小组隶属党支部；党支部隶属党总支或党委；党总支、党组隶属党委；不能隶属自身的下级",
            en:
                "Groups stand below branches, branches below general branches or committees, those below committees; nothing stands below itself"
        ))
    static let changeOutOfOrder = FaultKind(
        "membership.changeOutOfOrder", code: 1202,
        message: .init(zh: "日期早于该组织已登记的变动", en: "The day lies before a change that is recorded already"),
        hint: .init(
            zh: "变动按日期先后登记，最早可填 details.earliestOn",
            en: "Changes are recorded in their order; details.earliestOn is the earliest day"))
    static let personClaimed = FaultKind(
        "membership.personClaimed", code: 1203,
        message: .init(zh: "此人已在某个党组织登记为党员或发展对象", en: "This person is a member, or in development, already"),
        hint: .init(
            zh: "details.kind 为 member 或 candidate；here 为 true 时给出编号；在其他机构的，请办理组织关系转接",
            en:
                "details.kind is member or candidate, with its id where that is here; from another site, transfer the person"
        ))
    static let memberEnded = FaultKind(
        "membership.memberEnded", code: 1204,
        message: .init(zh: "当日此人不是本机构的在册党员", en: "The person is no member here on that day"),
        hint: .init(zh: "用 membership.member.get 查看其状态与日期", en: "See status and days with membership.member.get"))
    static let notABranch = FaultKind(
        "membership.notABranch", code: 1205,
        message: .init(zh: "党员只能编入党支部或党小组", en: "Members belong to a branch or a group"),
        hint: .init(zh: "请选择本机构的党支部或党小组", en: "Name a branch or a group of the acting site"))
    static let organizationNotEmpty = FaultKind(
        "membership.organizationNotEmpty", code: 1206,
        message: .init(
            zh: "该组织仍有党员、发展对象或下级组织", en: "The organisation still has members, candidates or organisations below it"),
        hint: .init(
            zh: "先合并到其他组织，或调整党员与下级组织；人数见 details",
            en: "Merge it into another one, or assign members and organisations elsewhere; details counts them"))
    static let factCorrected = FaultKind(
        "membership.factCorrected", code: 1207,
        message: .init(zh: "该记录已被更正", en: "This fact was corrected already"),
        hint: .init(zh: "请更正最新的一条记录", en: "Correct the fact that took its place"))
    static let factOutOfOrder = FaultKind(
        "membership.factOutOfOrder", code: 1208,
        message: .init(zh: "日期与此人已登记的事实先后不符", en: "The day does not fit what is recorded of the member"),
        hint: .init(zh: "details 给出允许的日期范围", en: "details gives the days between which it may lie"))

    static let memberInUse = FaultKind(
        "membership.memberInUse", code: 1209,
        message: .init(zh: "该党员登记已有后续记录，不能作废", en: "Other records rest on this enrolment: it cannot be void"),
        hint: .init(
            zh: "details.uses 给出种类：党费先冲销并作废，选举先更正，发展记录用 membership.development.correct；确已离开的用 membership.member.end",
            en:
                "details.uses names them: reverse the dues, correct the election or the development first; for who has really left use membership.member.end"
        ))

    static let all = [
        organizationEnded, parentUnfit, changeOutOfOrder, personClaimed, memberEnded, notABranch, organizationNotEmpty,
        factCorrected, factOutOfOrder, memberInUse,
    ]

    static let constraints: [String: FaultKind] = [
        "organization_version_taken": HostFault.conflict, "claim_person_claimed": personClaimed,
        "standing_corrected_once": factCorrected,
    ]

    static func parentUnfit(_ kind: OrganizationKind, _ parent: OrganizationKind?) -> Fault {
        var details: [String: JSONValue] = ["kind": .string(kind.rawValue)]
        details["parentKind"] = parent.map { .string($0.rawValue) }
        return Self.parentUnfit.fault(.object(details))
    }

    /// The refusal of a date outside of what is possible; either end may be open.
    static func outOfOrder(from earliest: LocalDate?, to latest: LocalDate?) -> Fault {
        var details: [String: JSONValue] = [:]
        details["earliestOn"] = earliest.map { .string($0.description) }
        details["latestOn"] = latest.map { .string($0.description) }
        return Self.factOutOfOrder.fault(.object(details))
    }

    /// The refusal of an id that the caller's sites do not know.
    static func notFound(_ member: String, _ id: RecordID) -> Fault {
        HostFault.notFound.fault([member: .string(id.description)])
    }

    /// The refusal of a day that has not come.
    static func future(_ pointer: String) -> Fault {
        Fault.invalid(pointer, expected: "today or earlier", zh: "不晚于今天")
    }

    /// Of figures of some days: `from` and `to`, neither to come nor before the Party.
    /// - Throws: `host.invalidParams`.
    static func mustBeDays(from first: LocalDate, to last: LocalDate, today: LocalDate) throws(Fault) {
        guard last <= today else { throw self.future("/to") }
        guard first.civil.year >= 1921 else {
            throw Fault.invalid("/from", expected: "1921-01-01 or later", zh: "不早于 1921-01-01")
        }
        guard first <= last else { throw Fault.invalid("/from", expected: "no later than to", zh: "不晚于 to") }
    }
}
