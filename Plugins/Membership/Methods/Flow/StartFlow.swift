internal import XinglinKit

/// `membership.flow.start`
struct StartFlow: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        var toPlace: String?
        var toOrganizationId: RecordID?
        let from: LocalDate
        var expectedUntil: LocalDate?
        var fixedPlace: Bool?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let flowId: RecordID
        var transferDueOn: LocalDate?
        let warnings: [Warning]
    }

    /// What a rule says about what was done all the same.
    struct Warning: Codable, Sendable {
        let rule: String
        let ruleVersion: String
        let textZh: String
        let textEn: String
    }

    static let name = "membership.flow.start"
    static let summary = """
        Records that a member is away for a while (流动党员); membership stays. Who is at a fairly fixed place for six months or more \
        (TRANSFER awayMonths) must transfer: that is warned of.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .optional("toPlace", .text(1...200), "Where to, in words; or toOrganizationId. It is kept encrypted."),
        .optional("toOrganizationId", .id, "The organisation that the member takes part in meanwhile."),
        .required("from", .date, "Since when: today or earlier."),
        .optional("expectedUntil", .date, "Until when, as far as is known."),
        .optional("fixedPlace", .boolean, "Whether it is one fairly fixed place; true unless told."),
        .required("reason", .text(1...200), "Why. It is kept encrypted."))
    static let reply = Schema.object(
        .required("flowId", .id, "The record."),
        .optional(
            "transferDueOn", .date, "From which day on the member must transfer; absent where the place is not fixed."),
        .required(
            "warnings",
            .array(
                .object(
                    .required("rule", .code(1...20), "The rule."),
                    .required("ruleVersion", .text(1...40), "Its version."),
                    .required("textZh", .text(1...200), "What it says, in Chinese."),
                    .required("textEn", .text(1...200), "The same in English.")), 0...10),
            "What a rule says about it."))
    static let faults = [
        TransferFault.flowOpen, MembershipFault.memberEnded, MembershipFault.factOutOfOrder,
        MembershipFault.organizationEnded, MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.from <= call.today else { throw MembershipFault.future("/from") }
        guard params.toPlace != nil || params.toOrganizationId != nil else {
            throw Fault.invalid("/toPlace", expected: "a place or toOrganizationId", zh: "填写去向或组织")
        }
        if let until = params.expectedUntil, until < params.from {
            throw Fault.invalid("/expectedUntil", expected: "from or later", zh: "不早于外出日期")
        }
        if let organization = params.toOrganizationId {
            _ = try Organizations.living(organization, on: call.today, call)
        }
        // Locked: a member is away by one record at a time.
        _ = try Members.locked(params.memberId, on: params.from, call)
        _ = try Members.locked(params.memberId, on: call.today, call)
        try Self.mustBeHere(params, call)
        let id = call.newID()
        let new = FlowStore.New(
            id: id, member: params.memberId, from: params.from, until: params.expectedUntil,
            place: try params.toPlace.map {
                try call.seal(PlainText.trimmed($0), for: TransferColumns.toPlace, row: id)
            },
            organization: params.toOrganizationId, isFixed: params.fixedPlace ?? true,
            reason: try call.seal(PlainText.trimmed(params.reason), for: TransferColumns.flowReason, row: id))
        try call.db.execute(FlowStore.start(new, Act(call)), expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
        call.note("flowId", .string(id.description))
        return try Self.judged(new, call)
    }

    private static func mustBeHere(_ params: Params, _ call: Call) throws {
        let former = try call.db.query(
            FlowStore.ofMember(params.memberId, site: call.site.id), as: (RecordID, LocalDate, LocalDate?).self)
        if let open = former.first(where: { $0.2 == nil }) {
            throw TransferFault.flowOpen.fault(["flowId": .string(open.0.description)])
        }
        if let back = former.compactMap(\.2).max(), params.from < back {
            throw MembershipFault.outOfOrder(from: back, to: call.today)
        }
    }

    private static func judged(_ new: FlowStore.New, _ call: Call) throws -> Reply {
        guard new.isFixed else { return Reply(flowId: new.id, warnings: []) }
        let book = try MembershipRules.book(on: call.today, call)
        let months = Int(try book.number(RuleKey("TRANSFER", "awayMonths")))
        let due = TransferDates.transferDue(new.from, months: months)
        let until = max(new.until ?? call.today, call.today)
        let isDue = TransferDates.mustTransfer(from: new.from, until: until, months: months)
        return Reply(
            flowId: new.id, transferDueOn: due,
            warnings: isDue ? [Self.warning(months, book.version(of: "TRANSFER") ?? "")] : [])
    }

    private static func warning(_ months: Int, _ version: String) -> Warning {
        Warning(
            rule: "TRANSFER", ruleVersion: version,
            textZh: "在较固定地点外出 \(months) 个月以上的，应转移组织关系（membership.transfer.request）",
            textEn:
                "Who is away at a fairly fixed place for \(months) months or more must transfer (membership.transfer.request)"
        )
    }

    static var examples: Examples<Params, Reply> {
        let from = Sample.today.adding(days: -7)
        return Examples(
            full: (
                Params(
                    memberId: Sample.member, toPlace: "西安市某医院进修", toOrganizationId: Sample.other, from: from,
                    expectedUntil: from.adding(months: 12), fixedPlace: true, reason: "外出进修"),
                Reply(
                    flowId: Sample.flow, transferDueOn: from.adding(months: 6), warnings: [Self.warning(6, "1.0")])
            ),
            minimal: (
                Params(memberId: Sample.member, toPlace: "西安市某医院进修", from: from, reason: "外出进修"),
                Reply(flowId: Sample.flow, warnings: [])
            ))
    }
}
