internal import XinglinKit

/// `membership.transfer.issueLetter`
struct IssueTransferLetter: RPCMethod {
    struct Params: Codable, Sendable {
        let transferId: RecordID
        var letterNumber: String?
        var validDays: Int?
        var on: LocalDate?
        var paper: PaperReference?
    }

    struct Reply: Codable, Sendable {
        let transferId: RecordID
        let state: TransferState
        let stateZh: String
        let letterOn: LocalDate
        let expiresOn: LocalDate
        let ruleVersion: String
        let hintZh: String
        let hintEn: String
    }

    static let hint = LocalizedText(
        zh: "本系统不是全国党员管理信息系统，不开具正式介绍信，只登记文号、日期和扫描件；正式介绍信请在全国系统办理",
        en:
            "This is not the national register and issues no official letter: it keeps number, dates and a scan. Issue the letter there"
    )

    static let name = "membership.transfer.issueLetter"
    static let summary = """
        Records the letter of a transfer: number, dates and a scan of what the national register issued; none is issued here. It holds \
        through its last day (TRANSFER letterDays at the most); after that another one may follow. The development is closed meanwhile, \
        and both sites read its papers (DV-08).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        TransferStep.id,
        .optional("letterNumber", .text(1...60), "The number in the national register."),
        .optional(
            "validDays", .integer(1...90),
            "For how many days it holds, the day of issue not counted: TRANSFER letterDays at the most, and unless told."
        ),
        .optional("on", .date, "The day of issue: today or earlier, not before the request; today unless told."),
        .optional("paper", PaperReference.schema, "The letter and its scan, which both sites may read."))
    static let reply = Schema.object(
        TransferMoved.fields + [
            .required("letterOn", .date, "The day of issue."),
            .required("expiresOn", .date, "The last day on which the receiving site may receive the person."),
            .required("ruleVersion", .text(1...40), "The version of the rule TRANSFER that the days were judged by."),
            .required("hintZh", .text(1...200), "That this is no official letter, in Chinese."),
            .required("hintEn", .text(1...200), "The same in English."),
        ])
    static let faults = [
        TransferFault.transferStateConflict, TransferFault.transferOtherSide, TransferFault.transferNotNow,
        MembershipFault.factOutOfOrder, MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let step = try TransferStep(params.transferId, for: .issueLetter, call)
        let (letter, act) = (try Self.letter(params, step, call), try Act(call))
        // The papers are complete once it is out: whoever adds one at this moment is waited for.
        if let candidate = step.candidate {
            try call.db.execute(TransferStore.lockCandidate(candidate, site: act.site), expecting: .rows(1))
        }
        let person = try step.leaving(call)
        if let last = person.lastOn, letter.on < last { throw MembershipFault.outOfOrder(from: last, to: call.today) }
        try call.db.batch([
            Statement(TransferStore.issue(step.id, letter, act), .rows(1)),
            Statement(TransferStore.add(letter, to: step.id, for: step.receiver, act), .rows(1)),
        ])
        try Self.hold(letter, step, call)
        try step.done(.letterIssued, TransferTopic.letterIssued, call)
        return Reply(
            transferId: step.id, state: .letterIssued, stateZh: TransferState.letterIssued.labelZh, letterOn: letter.on,
            expiresOn: letter.expiresOn, ruleVersion: letter.ruleVersion, hintZh: Self.hint.zh, hintEn: Self.hint.en)
    }

    private static func letter(
        _ params: Params, _ step: TransferStep, _ call: Call
    ) throws -> TransferStore.Letter {
        let book = try MembershipRules.book(on: call.today, call)
        let most = Int(try book.number(RuleKey("TRANSFER", "letterDays")))
        let days = params.validDays ?? most
        guard (1...most).contains(days) else {
            throw Fault.invalid(
                "/validDays", expected: "1 to \(most) days (TRANSFER letterDays)",
                zh: "1 至 \(most) 天（TRANSFER letterDays）")
        }
        let day = params.on ?? call.today
        guard day <= call.today else { throw MembershipFault.future("/on") }
        let earliest = max(step.requestedOn, step.expiresOn?.adding(days: 1) ?? step.requestedOn)
        let last = TransferDates.lastDay(of: day, validDays: days)
        guard day >= earliest, last >= call.today else {
            throw Fault.invalid(
                "/on", expected: "not before \(earliest) (the request; the former letter's end), and valid today",
                zh: "不早于 \(earliest)（申请日期或上一封介绍信失效次日），且今天仍在有效期内")
        }
        try params.paper?.check(at: "/paper")
        return TransferStore.Letter(
            number: step.letterNumber + 1, letterNumber: PlainText.trimmed(params.letterNumber ?? ""), on: day,
            expiresOn: last, ruleVersion: book.version(of: "TRANSFER") ?? "",
            paper: try Papers.keep(params.paper, at: "/paper", call))
    }

    /// Both sites may read the letter's scan and those of the development from now on.
    private static func hold(_ letter: TransferStore.Letter, _ step: TransferStep, _ call: Call) throws {
        func hold(_ file: RecordID, _ purpose: String) throws {
            try call.files.reference(
                file, by: purpose, record: step.id, readableBy: GetTransfer.name, basis: TransferStep.papersBasis,
                at: [step.giver, step.receiver])
        }
        if let file = letter.paper.fileId { try hold(file, TransferStep.letterPurpose) }
        for file in try call.db.query(TransferStore.files(of: step.id), as: RecordID.self) {
            try hold(file, TransferStep.papersPurpose)
        }
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            transferId: Sample.transfer, state: .letterIssued, stateZh: TransferState.letterIssued.labelZh,
            letterOn: Sample.today, expiresOn: Sample.today.adding(days: 90), ruleVersion: "1.0", hintZh: Self.hint.zh,
            hintEn: Self.hint.en)
        return Examples(
            full: (
                Params(
                    transferId: Sample.transfer, letterNumber: "陕党转〔2026〕0012号", validDays: 90, on: Sample.today,
                    paper: PaperReference(title: "组织关系介绍信", fileId: Sample.file, sm3: Sample.sm3)), reply
            ), minimal: (Params(transferId: Sample.transfer), reply))
    }
}
