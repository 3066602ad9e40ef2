internal import XinglinKit

/// `membership.member.get`
struct GetMember: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        var asOf: LocalDate?
        var unmask: Unmask?
    }

    /// What the whole name is needed for.
    struct Unmask: Codable, Sendable {
        let purpose: ViewPurpose

        static let field = Schema.Field.optional(
            "unmask",
            .object(.required("purpose", .enumeration(ViewPurpose.codes), "What for. It is audited.")),
            "Shows names whole.")
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let personId: RecordID
        let name: String
        var birthDate: LocalDate?
        var status: MemberStatus?
        var statusZh: String?
        var statusSince: LocalDate?
        var standingFrom: LocalDate?
        var organizationId: RecordID?
        var organizationNameZh: String?
        var branchId: RecordID?
        let joinedOn: LocalDate
        let imported: Bool
        var candidateId: RecordID?
        var positions: [String]?
        var honours: [String]?
        var marks: [MemberMark]?
        let facts: [Fact]
    }

    struct Fact: Codable, Sendable {
        let factId: RecordID
        let on: LocalDate
        let change: StandingChange
        let changeZh: String
        var status: MemberStatus?
        var organizationId: RecordID?
        var endedHow: EndOfMembership?
        var reason: String?
        var corrects: RecordID?
        var correctedBy: RecordID?
        let void: Bool
        var copied: Bool?
        let recordedAt: Timestamp
    }

    static let name = "membership.member.get"
    static let summary = """
        Shows a member of the readable sites as of a day: status and branch follow from the dated facts, which are listed with their \
        corrections. The name is masked unless a purpose is named; each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."), .optional("asOf", .date, "The day; today unless told."), Unmask.field
    )
    static let reply = Schema.object(
        .required("memberId", .id, "The member."), .required("personId", .id, "The person (`people.person.get`)."),
        .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
        .optional("birthDate", .date, "Birth date; only where a purpose was named."),
        .optional("status", .enumeration(MemberStatus.codes), "On the day; absent where the person had not joined."),
        .optional("statusZh", .text(1...20), "The same in Chinese."), .optional("statusSince", .date, "Since when."),
        .optional("standingFrom", .date, "The day from which the standing as a full member counts (DV-23)."),
        .optional("organizationId", .id, "The branch or group on the day."),
        .optional("organizationNameZh", .text(1...100), "What it was called."),
        .optional("branchId", .id, "The branch on the day, also where the member is in one of its groups."),
        .required("joinedOn", .date, "The day of the branch meeting that admitted the member."),
        .required("imported", .boolean, "Whether the member was taken over from another register."),
        .optional("candidateId", .id, "The development that led here (`membership.development.timeline`)."),
        .optional("positions", .array(.text(1...100), 1...100), "Posts outside of committees, on the day."),
        .optional("honours", .array(.text(1...100), 1...500), "Honours, up to the day."),
        .optional("marks", .array(.enumeration(MemberMark.codes), 1...100), "Marks of 双培养 and 双带头人, on the day."),
        .required(
            "facts", .array(Self.fact, 0...1000), "Every dated fact of this site, whatever the day, the oldest first."))

    private static let fact = Schema.object(
        .required("factId", .id, "The fact; `membership.member.correct` takes it."),
        .required("on", .date, "The day from which it holds."),
        .required("change", .enumeration(StandingChange.codes), "What happened."),
        .required("changeZh", .text(1...20), "The same in Chinese."),
        .optional("status", .enumeration(MemberStatus.codes), "The status from then on, where it changed."),
        .optional("organizationId", .id, "The branch or group from then on, where it changed."),
        .optional("endedHow", .enumeration(EndOfMembership.codes), "How membership here ended."),
        .optional("reason", .text(1...200), "Why."), .optional("corrects", .id, "The fact whose place it takes."),
        .optional("correctedBy", .id, "The fact that has taken its place."),
        .required("void", .boolean, "Whether it says no more than that the corrected fact was none."),
        .optional("copied", .boolean, "true: another site recorded it, and it came along with a transfer."),
        .required("recordedAt", .timestamp, "When it was recorded."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        guard let row = try call.db.first(MemberStore.standing(params.memberId, on: day), as: Columns.self) else {
            throw MembershipFault.notFound("memberId", params.memberId)
        }
        let isUnmasked = params.unmask != nil
        let person = try PeopleIndex.persons([row.1], call)[row.1]
        let facts = try Self.facts(of: params.memberId, site: row.0, call)
        let other = try MemberFacts.holding(params.memberId, on: day, call)
        let standings = try call.db.query(
            OfficeStore.standingFrom([params.memberId], on: day), as: (RecordID, LocalDate).self)
        let standingFrom = standings.first.map { $0.1 }
        let chain = try row.7.map { try Organizations.above($0, on: day, call) } ?? []
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: [params.memberId])
        if isUnmasked { call.note("unmasked", true) }
        return Reply(
            memberId: params.memberId, personId: row.1,
            name: person.map { isUnmasked ? $0.nameZh : MaskedName.of($0.nameZh) } ?? "*",
            birthDate: isUnmasked ? person?.birthDate : nil, status: row.5, statusZh: row.5?.labelZh,
            statusSince: row.6,
            standingFrom: standingFrom,
            organizationId: row.7,
            organizationNameZh: chain.first?.nameZh, branchId: chain.first { $0.kind == .branch }?.id, joinedOn: row.2,
            imported: row.3, candidateId: row.4, positions: other.positions, honours: other.honours, marks: other.marks,
            facts: facts)
    }

    private typealias Columns = (
        RecordID, RecordID, LocalDate, Bool, RecordID?, MemberStatus?, LocalDate?, RecordID?
    )

    private static func facts(of id: RecordID, site: RecordID, _ call: Call) throws -> [Fact] {
        let copied: Set<RecordID> = Set(try call.db.query(MemberStore.copied(of: id, site: site), as: RecordID.self))
        return try call.db.query(
            MemberStore.facts(of: id, site: site),
            as: (
                RecordID, LocalDate, StandingChange, MemberStatus?, RecordID?, EndOfMembership?, String?, RecordID?,
                Bool,
                Timestamp, RecordID?
            ).self
        ).map { row in
            Fact(
                factId: row.0, on: row.1, change: row.2, changeZh: row.2.labelZh, status: row.3, organizationId: row.4,
                endedHow: row.5, reason: row.6, corrects: row.7, correctedBy: row.10, void: row.8,
                copied: copied.contains(row.0) ? true : nil, recordedAt: row.9)
        }
    }

    static var examples: Examples<Params, Reply> {
        let fact = Fact(
            factId: Sample.fact, on: Sample.joined, change: .enrolled, changeZh: StandingChange.enrolled.labelZh,
            status: .full,
            organizationId: Sample.branch, endedHow: .died, reason: "登记有误", corrects: Sample.other,
            correctedBy: Sample.other, void: false, copied: true, recordedAt: Sample.instant)
        let full = Reply(
            memberId: Sample.member, personId: Sample.person, name: "张三", birthDate: Sample.joined.adding(years: -30),
            status: .full, statusZh: MemberStatus.full.labelZh, statusSince: Sample.joined, standingFrom: Sample.joined,
            organizationId: Sample.group, organizationNameZh: "第一党小组", branchId: Sample.branch, joinedOn: Sample.joined,
            imported: true, candidateId: Sample.candidate, positions: ["医务科科长"], honours: ["优秀共产党员"],
            marks: [.memberToLeader], facts: [fact])
        let minimal = Reply(
            memberId: Sample.member, personId: Sample.person, name: "张*", joinedOn: Sample.joined, imported: true,
            facts: [])
        return Examples(
            full: (
                Params(memberId: Sample.member, asOf: Sample.today, unmask: Unmask(purpose: .organizationWork)), full
            ), minimal: (Params(memberId: Sample.member), minimal))
    }
}
