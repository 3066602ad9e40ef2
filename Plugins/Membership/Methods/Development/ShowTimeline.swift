internal import XinglinKit

/// `membership.development.timeline`
struct ShowTimeline: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        var unmask: GetMember.Unmask?
    }

    struct Reply: Codable, Sendable {
        let candidateId: RecordID
        let personId: RecordID
        let name: String
        let status: String
        let statusZh: String
        var statusSince: LocalDate?
        var organizationId: RecordID?
        let imported: Bool
        var memberId: RecordID?
        var probationFrom: LocalDate?
        var probationTo: LocalDate?
        var memberEnd: MemberEnd?
        let entries: [Entry]
        let votes: RowList<Vote>
        let approvals: [Approval]
    }

    struct Entry: Codable, Sendable {
        let entryId: RecordID
        let on: LocalDate
        let kind: EntryKind
        let kindZh: String
        var step: Int?
        var nameZh: String?
        var status: String?
        var organizationId: RecordID?
        let facts: JSONValue
        let documents: [PaperReference]
        let ruleVersions: JSONValue
        let imported: Bool
        var backdatingId: RecordID?
        var reason: String?
        var corrects: RecordID?
        var correctedBy: RecordID?
        var void: Bool?
        let recordedAt: Timestamp
        let recordedBy: RecordID
    }

    struct Vote: Codable, Sendable {
        let voteId: RecordID
        let on: LocalDate
        let purpose: VotePurpose
        let due: Int
        let present: Int
        let writtenInFavour: Int
        let inFavour: Int
        let recused: Int
        var registered: Int?
        var countedOut: Int?
        var countedOutReason: String?
        var unregistered: Int?
        var unregisteredReason: String?
        let valid: Bool
        let passed: Bool
        let ruleVersion: String
        var entryId: RecordID?
        var reason: String?
        var corrects: RecordID?
        var correctedBy: RecordID?
        var void: Bool?
        let recordedAt: Timestamp
        let recordedBy: RecordID
    }

    struct Approval: Codable, Sendable {
        let backdatingId: RecordID
        let step: Int
        let on: LocalDate
        let approvedBy: RecordID
    }

    static let name = "membership.development.timeline"
    static let summary = """
        Shows a development whole: every entry with facts, papers and the versions of the rules it was judged by, corrections beside what \
        they correct (DV-27), votes and approvals. The name is masked unless a purpose is named; each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(.required("candidateId", .id, "The development."), GetMember.Unmask.field)
    static let reply = TimelineSchema.reply

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let development = try Developments.readable(params.candidateId, call)
        let judge = development.judge
        let progress = development.progress(asOf: call.today)
        let person = try PeopleIndex.persons([development.person], call)[development.person]
        let probation = progress.probation(judge.values)
        let votes = try call.db.rows(DevelopmentStore.votes(of: development.id, site: development.site))
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: [development.id])
        if params.unmask != nil { call.note("unmasked", true) }
        let status = progress.status ?? ""
        return Reply(
            candidateId: development.id, personId: development.person,
            name: person.map { params.unmask == nil ? MaskedName.of($0.nameZh) : $0.nameZh } ?? "*", status: status,
            statusZh: judge.table.label(of: status), statusSince: progress.statusSince,
            organizationId: progress.organization,
            imported: development.isImported, memberId: try development.member(call), probationFrom: probation?.from,
            probationTo: probation?.to, memberEnd: progress.memberEnd,
            entries: development.rows.map { Self.entry($0, development) },
            votes: .json(votes.json(DevelopmentStore.voteColumns)),
            approvals: development.approvals.map {
                Approval(backdatingId: $0.id, step: $0.step, on: $0.on, approvedBy: $0.by)
            })
    }

    private static func entry(_ row: Developments.Row, _ development: Developments) -> Entry {
        let entry = row.entry
        return Entry(
            entryId: entry.id, on: entry.on, kind: entry.kind, kindZh: entry.kind.labelZh, step: entry.step,
            nameZh: entry.step.flatMap { development.judge.table[$0]?.nameZh }, status: entry.status,
            organizationId: entry.organization, facts: entry.facts.json,
            documents: (development.papers[entry.id] ?? []).map {
                PaperReference(title: $0.title.flatMap { $0.isEmpty ? nil : $0 }, fileId: $0.fileId, sm3: $0.sm3)
            }, ruleVersions: row.versions, imported: entry.isImported, backdatingId: row.backdating, reason: row.reason,
            corrects: row.corrects, correctedBy: row.correctedBy,
            void: row.isVoid ? true : nil, recordedAt: row.recordedAt, recordedBy: row.recordedBy
        )
    }

    static var examples: Examples<Params, Reply> {
        let entry = Entry(
            entryId: Sample.fact, on: Sample.today, kind: .step, kindZh: EntryKind.step.labelZh, step: 2,
            nameZh: "党组织派人谈话",
            status: "applicant_talked", organizationId: Sample.branch, facts: ["talker": "组织委员"],
            documents: [Sample.paper],
            ruleVersions: ["DV-02": "1.0"], imported: false, backdatingId: Sample.other, reason: "日期有误",
            corrects: Sample.other, correctedBy: Sample.other, void: true, recordedAt: Sample.instant,
            recordedBy: Sample.account)
        let vote = Vote(
            voteId: Sample.other, on: Sample.joined, purpose: .admission, due: 16, present: 12, writtenInFavour: 1,
            inFavour: 11, recused: 1, registered: 16, countedOut: 1, countedOutReason: "长期病假，经支部大会决定", unregistered: 1,
            unregisteredReason: "刚转入，尚未登记", valid: true, passed: true, ruleVersion: "1.0", entryId: Sample.fact,
            reason: "票数有误", corrects: Sample.other, correctedBy: Sample.other, void: true, recordedAt: Sample.instant,
            recordedBy: Sample.account)
        let approval = Approval(backdatingId: Sample.other, step: 2, on: Sample.today, approvedBy: Sample.account)
        return Examples(
            full: (
                Params(candidateId: Sample.candidate, unmask: .init(purpose: .development)),
                Reply(
                    candidateId: Sample.candidate, personId: Sample.person, name: "张三", status: "applicant_talked",
                    statusZh: "党组织派人谈话", statusSince: Sample.today, organizationId: Sample.branch, imported: true,
                    memberId: Sample.member, probationFrom: Sample.joined, probationTo: Sample.joined.adding(years: 1),
                    memberEnd: MemberEnd.example, entries: [entry], votes: .elements([vote]), approvals: [approval])
            ),
            minimal: (
                Params(candidateId: Sample.candidate),
                Reply(
                    candidateId: Sample.candidate, personId: Sample.person, name: "张*", status: "applicant",
                    statusZh: "递交入党申请书",
                    imported: false, entries: [], votes: .elements([]), approvals: [])
            ))
    }
}
