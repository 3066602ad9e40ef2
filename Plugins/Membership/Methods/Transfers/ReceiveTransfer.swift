internal import XinglinKit

/// `membership.transfer.receive`
struct ReceiveTransfer: RPCMethod {
    struct Params: Codable, Sendable {
        let transferId: RecordID
        let on: LocalDate
        var organizationId: RecordID?
        var papersExamined: Bool?
    }

    struct Reply: Codable, Sendable {
        let transferId: RecordID
        let state: TransferState
        let stateZh: String
        var memberId: RecordID?
        var candidateId: RecordID?
        let organizationId: RecordID
        let on: LocalDate
    }

    static let name = "membership.transfer.receive"
    static let summary = """
        The receiving site takes the person in (domain rules 2.1): from that day on they are counted here, until the day before at the \
        giving site. Facts and development come along with their dates, so cultivation accumulates; the papers must have been examined (DV-08).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        TransferStep.id,
        .required(
            "on", .date,
            "From which day the person belongs here: today or earlier, not before the letter or the member's last fact, and after a development's last entry."
        ),
        .optional(
            "organizationId", .id, "The branch or group of the acting site; the one that was asked for unless told."),
        .optional(
            "papersExamined", .boolean,
            "true: the papers of the development were examined (DV-08); needed where one comes along."))
    static let reply = Schema.object(
        TransferMoved.fields + [
            .optional("memberId", .id, "The member; the number stays."),
            .optional("candidateId", .id, "The development that has come along."),
            .required("organizationId", .id, "Where the person belongs now."),
            .required("on", .date, "From that day on."),
        ])
    static let faults = [
        TransferFault.transferStateConflict, TransferFault.transferOtherSide, TransferFault.transferExpired,
        TransferFault.transferNotNow, TransferFault.papersUnexamined, MembershipFault.factOutOfOrder,
        MembershipFault.notABranch, MembershipFault.organizationEnded,
    ]

    private struct Asked: Encodable {
        let personId: RecordID
        let basis: String
    }
    private struct Registered: Decodable { let created: Bool }

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let step = try TransferStep(params.transferId, for: .receive, call)
        let organization = try Organizations.forMembers(params.organizationId ?? step.to, on: params.on, call)
        // It must not have ended since.
        _ = try Organizations.living(organization.id, on: call.today, call)
        guard step.candidate == nil || params.papersExamined == true else {
            throw TransferFault.papersUnexamined.fault(["rule": "DV-08"])
        }
        let person = try TransferPerson.read(step.id, on: call.today, call)
        guard person.isThere else { throw TransferFault.notNow(.gone) }
        try Self.mustFollow(params.on, person, step)
        let _: Registered = try call.module(
            "people.registration.create", Asked(personId: step.person, basis: "administration"))
        let receipt = TransferStore.Receipt(
            on: params.on, into: organization.id, end: call.newID(), begin: call.newID())
        try call.db.execute(TransferStore.receive(step.id, receipt, Act(call)), expecting: .rows(1))
        try step.done(.received, TransferTopic.received, call)
        call.note("organizationId", .string(organization.id.description))
        return Reply(
            transferId: step.id, state: .received, stateZh: TransferState.received.labelZh, memberId: step.member,
            candidateId: step.candidate, organizationId: organization.id, on: params.on)
    }

    /// The day named last is one on which the letter still holds; where none is, another letter comes first.
    private static func mustFollow(_ day: LocalDate, _ person: TransferPerson, _ step: TransferStep) throws(Fault) {
        let earliest = max(step.letterOn ?? day, person.earliestOn ?? day)
        guard day < earliest else { return }
        throw MembershipFault.outOfOrder(from: earliest, to: step.expiresOn.flatMap { $0 >= earliest ? $0 : nil })
    }

    static var examples: Examples<Params, Reply> {
        var reply = Reply(
            transferId: Sample.transfer, state: .received, stateZh: TransferState.received.labelZh,
            organizationId: Sample.group, on: Sample.today)
        let minimal = reply
        (reply.memberId, reply.candidateId) = (Sample.member, Sample.candidate)
        return Examples(
            full: (
                Params(
                    transferId: Sample.transfer, on: Sample.today, organizationId: Sample.group, papersExamined: true),
                reply
            ), minimal: (Params(transferId: Sample.transfer, on: Sample.today), minimal))
    }
}
