internal import XinglinKit

/// `membership.fact.list`
struct ListFacts: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let facts: [Line]
    }

    struct Line: Codable, Sendable {
        let factId: RecordID
        let kind: MemberFactKind
        let kindZh: String
        let from: LocalDate
        var until: LocalDate?
        var title: String?
        var level: HonourLevel?
        var grantedBy: String?
        var mark: MemberMark?
        var markZh: String?
        var discipline: DisciplineKind?
        var disciplineZh: String?
        var rightsRestoredOn: LocalDate?
        var text: String?
        var reason: String?
        var corrects: RecordID?
        var correctedBy: RecordID?
        let void: Bool
        var fromSiteId: RecordID?
        let recordedAt: Timestamp
    }

    static let name = "membership.fact.list"
    static let summary = """
        Lists the positions, honours and marks of a member with their corrections. Party discipline is restricted: it is shown where the \
        purpose is inspection to an officer of the committees above, or of the site who is an auditor there as well, and nothing of it else. \
        Each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .optional("asOf", .date, "Only what held on this day, without corrected facts."), GetMember.Unmask.field)
    static let reply = Schema.object(
        .required("memberId", .id, "The member."),
        .required("facts", .array(Self.line, 0...5000), "The facts, the oldest first."))

    private static let line = Schema.object(
        [
            .required("factId", .id, "The fact."), .required("kind", .enumeration(MemberFactKind.codes), "What it is."),
            .required("kindZh", .text(1...20), "The same in Chinese."),
            .required("from", .date, "From which day on it holds."),
        ] + NoteMember.content + [
            .optional("markZh", .text(1...20), "The mark in Chinese."),
            .optional("disciplineZh", .text(1...20), "The discipline in Chinese."),
            .optional("reason", .text(1...200), "Why it was corrected."),
            .optional("corrects", .id, "The fact whose place it takes."),
            .optional("correctedBy", .id, "The fact that has taken its place."),
            .required("void", .boolean, "Whether it says no more than that the corrected fact was none."),
            .optional("fromSiteId", .id, "The site that recorded it, where it came along with a transfer."),
            .required("recordedAt", .timestamp, "When it was recorded."),
        ])

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let isInspection = params.unmask?.purpose == .inspection
        if isInspection { try MembershipAccess.mustBeInspector(call.caller, at: call.site) }
        guard try !call.db.rows(OfficeStore.persons([params.memberId])).isEmpty else {
            throw MembershipFault.notFound("memberId", params.memberId)
        }
        var lines = try MemberFacts.rows(of: params.memberId, call).filter { row in
            params.asOf.map { row.holds && Self.holds(row.fact.from, row.fact.until, on: $0) } ?? true
        }.map(Self.line)
        if isInspection {
            lines += try Discipline.rows(of: [params.memberId], call).filter { row in
                params.asOf.map { row.holds && row.fact.from <= $0 } ?? true
            }.map(Self.line)
            call.note("restricted", true)
        }
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: [params.memberId])
        return Reply(memberId: params.memberId, facts: lines.sorted { ($0.from, $0.factId) < ($1.from, $1.factId) })
    }

    private static func holds(_ from: LocalDate, _ until: LocalDate?, on day: LocalDate) -> Bool {
        from <= day && (until.map { day < $0 } ?? true)
    }

    private static func line(_ row: MemberFacts.Row) -> Line {
        Line(
            factId: row.id, kind: row.fact.kind, kindZh: row.fact.kind.labelZh, from: row.fact.from,
            until: row.fact.until,
            title: row.fact.title, level: row.fact.level,
            grantedBy: row.fact.grantedBy.isEmpty ? nil : row.fact.grantedBy,
            mark: row.fact.mark, markZh: row.fact.mark?.labelZh, reason: row.reason, corrects: row.corrects,
            correctedBy: row.correctedBy, void: row.isVoid, fromSiteId: row.origin, recordedAt: row.recordedAt)
    }

    private static func line(_ row: Discipline.Row) -> Line {
        Line(
            factId: row.id, kind: .discipline, kindZh: MemberFactKind.discipline.labelZh, from: row.fact.from,
            discipline: row.fact.kind, disciplineZh: row.fact.kind.labelZh, rightsRestoredOn: row.fact.rightsRestoredOn,
            text: row.fact.text, reason: row.fact.reason.isEmpty ? nil : row.fact.reason, corrects: row.corrects,
            correctedBy: row.correctedBy, void: row.isVoid, fromSiteId: row.origin,
            recordedAt: row.recordedAt)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            factId: Sample.fact, kind: .mark, kindZh: MemberFactKind.mark.labelZh, from: Sample.joined,
            until: Sample.today,
            title: "内科主任", level: .county, grantedBy: "县委", mark: .memberToLeader,
            markZh: MemberMark.memberToLeader.labelZh,
            discipline: .warning, disciplineZh: DisciplineKind.warning.labelZh, rightsRestoredOn: Sample.today,
            text: "处分决定",
            reason: "登记有误", corrects: Sample.other, correctedBy: Sample.other, void: false,
            fromSiteId: Sample.other, recordedAt: Sample.instant)
        return Examples(
            full: (
                Params(memberId: Sample.member, asOf: Sample.today, unmask: GetMember.Unmask(purpose: .inspection)),
                Reply(memberId: Sample.member, facts: [line])
            ), minimal: (Params(memberId: Sample.member), Reply(memberId: Sample.member, facts: [])))
    }
}
