internal import XinglinKit

/// `membership.transfer.get`
struct GetTransfer: RPCMethod {
    struct Params: Codable, Sendable {
        let transferId: RecordID
        var unmask: GetMember.Unmask?
    }

    struct Reply: Codable, Sendable {
        let transfer: TransferCard
        let letters: [Letter]
        var joinedOn: LocalDate?
        var memberStatus: MemberStatus?
        var developmentStatus: String?
        let papers: [Paper]
        let hintZh: String
        let hintEn: String
    }

    struct Letter: Codable, Sendable {
        let on: LocalDate
        let expiresOn: LocalDate
        var letterNumber: String?
        let ruleVersion: String
        var title: String?
        var fileId: RecordID?
        var sm3: String?
    }

    /// A line of the development that goes along, with one of its papers where it has some.
    struct Paper: Codable, Sendable {
        let entryId: RecordID
        let on: LocalDate
        let kind: String
        var step: Int?
        var title: String?
        var fileId: RecordID?
        var sm3: String?
    }

    static let name = "membership.transfer.get"
    static let summary = """
        Shows a transfer with its letters to either site, and while it is under way the steps and papers that go along: the receiving \
        site examines them from the letter on (DV-08). Scans are read with files.read. Each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(TransferStep.id, GetMember.Unmask.field)
    private static let scan: [Schema.Field] = [
        .optional("title", .text(1...200), "What the paper is."),
        .optional("fileId", .id, "Its scan."), .optional("sm3", .code(64...64), "Its SM3."),
    ]
    static let reply = Schema.object(
        .required("transfer", TransferCard.schema, "The transfer."),
        .required(
            "letters",
            .array(
                .object(
                    [
                        .required("on", .date, "The day of issue."), .required("expiresOn", .date, "The last day."),
                        .optional("letterNumber", .text(1...60), "The number in the national register."),
                        .required("ruleVersion", .text(0...40), "The version of the rule TRANSFER it was judged by."),
                    ] + Self.scan), 0...1000), "Every letter, the oldest first."),
        .optional(
            "joinedOn", .date, "The day of the branch meeting that admitted the member (DV-19); while under way."),
        .optional(
            "memberStatus", .enumeration(MemberStatus.codes),
            "What the member is at the giving site today; while under way."),
        .optional(
            "developmentStatus", .code(1...60), "Where the development stands (development_steps.csv); while under way."
        ),
        .required(
            "papers",
            .array(
                .object(
                    [
                        .required("entryId", .id, "The entry; the number stays."),
                        .required("on", .date, "Its day."),
                        .required("kind", .code(1...40), "step, or what stands beside."),
                        .optional("step", .integer(1...25), "The step."),
                    ] + Self.scan), 0...2000), "The entries of the development, one line per paper; while under way."),
        .required("hintZh", .text(1...200), "That this is no official letter, in Chinese."),
        .required("hintEn", .text(1...200), "The same in English."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let filter = TransferQueries.Filter(id: params.transferId)
        let found = try call.db.rows(
            TransferQueries.list(
                filter, site: call.site.id, today: call.today, before: TransferQueries.end, limit: 1))
        guard let card = try TransferCard.read(found, unmask: params.unmask, call).first else {
            throw MembershipFault.notFound("transferId", params.transferId)
        }
        let letters = try call.db.query(
            TransferQueries.letters(of: card.transferId),
            as: (LocalDate, LocalDate, String?, String, String?, RecordID?, String?).self
        ).map {
            Letter(
                on: $0.0, expiresOn: $0.1, letterNumber: $0.2, ruleVersion: $0.3, title: $0.4, fileId: $0.5, sm3: $0.6)
        }
        let isShown =
            card.direction == "in"
            ? card.state == .letterIssued : TransferAction.withdraw.isPossible(in: card.state)
        let person = isShown ? try TransferPerson.read(card.transferId, on: call.today, call) : nil
        return Reply(
            transfer: card, letters: letters, joinedOn: person?.joinedOn, memberStatus: person?.status,
            developmentStatus: person?.development, papers: isShown ? try Self.papers(of: card.transferId, call) : [],
            hintZh: IssueTransferLetter.hint.zh, hintEn: IssueTransferLetter.hint.en)
    }

    private static func papers(of id: RecordID, _ call: Call) throws -> [Paper] {
        try call.db.query(
            TransferStore.papers(of: id),
            as: (RecordID, LocalDate, String, Int?, String?, RecordID?, String?).self
        ).map {
            Paper(entryId: $0.0, on: $0.1, kind: $0.2, step: $0.3, title: $0.4, fileId: $0.5, sm3: $0.6)
        }
    }

    static var examples: Examples<Params, Reply> {
        let letter = Letter(
            on: Sample.today, expiresOn: Sample.today.adding(days: 90), letterNumber: "陕党转〔2026〕0012号",
            ruleVersion: "1.0", title: "组织关系介绍信", fileId: Sample.file, sm3: Sample.sm3)
        let paper = Paper(
            entryId: Sample.entry, on: Sample.joined, kind: "step", step: 3, title: "支委会会议记录", fileId: Sample.file,
            sm3: Sample.sm3)
        let hint = IssueTransferLetter.hint
        return Examples(
            full: (
                Params(transferId: Sample.transfer, unmask: GetMember.Unmask(purpose: .transfer)),
                Reply(
                    transfer: .full, letters: [letter], joinedOn: Sample.joined, memberStatus: .full,
                    developmentStatus: "archived", papers: [paper], hintZh: hint.zh, hintEn: hint.en)
            ),
            minimal: (
                Params(transferId: Sample.transfer),
                Reply(transfer: .small, letters: [], papers: [], hintZh: hint.zh, hintEn: hint.en)
            ))
    }
}
