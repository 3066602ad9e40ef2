internal import XinglinKit

/// `membership.organization.get`
struct GetOrganization: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let kind: OrganizationKind
        let kindZh: String
        let nameZh: String
        let keptHere: Bool
        let foundedOn: LocalDate
        let approves: Bool
        let temporary: Bool
        let ended: Bool
        let above: [Above]
        let full: Int
        let probationary: Int
        let branches: Int
        let groups: Int
        let history: RowList<Change>
    }

    struct Above: Codable, Sendable {
        let organizationId: RecordID
        let kind: OrganizationKind
        let nameZh: String
    }

    struct Change: Codable, Sendable {
        let version: Int
        let on: LocalDate
        let change: OrganizationChange
        let kind: OrganizationKind
        let nameZh: String
        var parentId: RecordID?
        var otherId: RecordID?
        var reason: String?
        var documentTitle: String?
        var fileId: RecordID?
        var sm3: String?
        let recordedAt: Timestamp
    }

    static let name = "membership.organization.get"
    static let summary =
        "Shows an organisation as it was on a day, what stood above it, its members with all below, and every change of it."
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."), .optional("asOf", .date, "The day; today unless told."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .required("kind", .enumeration(OrganizationKind.codes), "What it was."),
        .required("kindZh", .text(1...10), "The same in Chinese."),
        .required("nameZh", .text(1...100), "What it was called."),
        .required("keptHere", .boolean, "Whether the acting site keeps its records."),
        .required("foundedOn", .date, "When it was founded."),
        .required("approves", .boolean, "Whether it could approve admissions (DV-18)."),
        .required("temporary", .boolean, "Whether it was a temporary organisation."),
        .required("ended", .boolean, "Whether it had ended."),
        .required(
            "above",
            .array(
                .object(
                    .required("organizationId", .id, "An organisation above."),
                    .required("kind", .enumeration(OrganizationKind.codes), "What it was."),
                    .required("nameZh", .text(1...100), "What it was called.")), 0...20),
            "What it stood below, the nearest first."),
        .required("full", .integer(0...1_000_000), "Full members, with those of all below, at readable sites."),
        .required("probationary", .integer(0...1_000_000), "Probationary members, likewise."),
        .required("branches", .integer(0...100_000), "Branches, itself included."),
        .required("groups", .integer(0...100_000), "Groups, itself included."),
        .required("history", .array(Self.change, 0...100_000), "Every change, the oldest first, whatever the day."))

    private static let change = Schema.object(
        .required("version", .integer(1...100_000), "The version that it made."),
        .required("on", .date, "The day from which it holds."),
        .required("change", .enumeration(OrganizationChange.codes), "What happened."),
        .required("kind", .enumeration(OrganizationKind.codes), "What it was from then on."),
        .required("nameZh", .text(1...100), "What it was called from then on."),
        .optional("parentId", .id, "What it stood below from then on."),
        .optional("otherId", .id, "The other organisation of a merger or a split."),
        .optional("reason", .text(1...200), "Why."),
        .optional("documentTitle", .text(1...200), "The decision."),
        .optional("fileId", .id, "Its scan (`files.read`)."),
        .optional("sm3", .code(64...64), "Its SM3."),
        .required("recordedAt", .timestamp, "When it was recorded."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        let chain = try Organizations.above(params.organizationId, on: day, call)
        guard let one = chain.first else { throw MembershipFault.notFound("organizationId", params.organizationId) }
        let results = try call.db.batch([
            Statement(MemberStore.counts(one.id, on: day)), Statement(MemberStore.organizations(one.id, on: day)),
            Statement(OrganizationStore.history(one.id)),
        ])
        let (full, probationary) = try results[0].first(as: (Int, Int).self) ?? (0, 0)
        let (branches, groups) = try results[1].first(as: (Int, Int).self) ?? (0, 0)
        return Reply(
            organizationId: one.id, kind: one.kind, kindZh: one.kind.labelZh, nameZh: one.nameZh,
            keptHere: one.keptAt == (try call.site.id), foundedOn: one.foundedOn, approves: one.approves,
            temporary: one.isTemporary, ended: one.isEnded,
            above: chain.dropFirst().map { Above(organizationId: $0.id, kind: $0.kind, nameZh: $0.nameZh) },
            full: full, probationary: probationary, branches: branches, groups: groups,
            history: .json(results[2].json(OrganizationStore.historyColumns)))
    }

    static var examples: Examples<Params, Reply> {
        let change = Change(
            version: 1, on: Sample.founded, change: .foundedBySplit, kind: .branch, nameZh: "甲字镇中心卫生院党支部",
            parentId: Sample.committee, otherId: Sample.other, reason: "党员人数超过50人", documentTitle: "关于成立党支部的批复",
            fileId: Sample.file, sm3: Sample.sm3, recordedAt: Sample.instant)
        func reply(_ history: [Change], _ above: [Above]) -> Reply {
            Reply(
                organizationId: Sample.branch, kind: .branch, kindZh: "党支部", nameZh: "甲字镇中心卫生院党支部", keptHere: true,
                foundedOn: Sample.founded, approves: false, temporary: false, ended: false, above: above, full: 7,
                probationary: 0, branches: 1, groups: 0, history: .elements(history))
        }
        return Examples(
            full: (
                Params(organizationId: Sample.branch, asOf: Sample.today),
                reply(
                    [change],
                    [Above(organizationId: Sample.committee, kind: .committee, nameZh: "杏林县卫健系统党委")])
            ), minimal: (Params(organizationId: Sample.branch), reply([], [])))
    }
}
