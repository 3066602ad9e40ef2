internal import XinglinKit

extension Sample {
    static let transfer = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0261)
    static let flow = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0262)
    static let entry = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0263)
}

/// Where a step has brought a transfer.
struct TransferMoved: Codable, Sendable {
    let transferId: RecordID
    let state: TransferState
    let stateZh: String

    init(_ id: RecordID, _ state: TransferState) {
        self.transferId = id
        self.state = state
        self.stateZh = state.labelZh
    }

    static let schema = Schema.object(Self.fields)
    static let fields: [Schema.Field] = [
        .required("transferId", .id, "The transfer."),
        .required("state", .enumeration(TransferState.codes), "Where it stands now."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
    ]
}

/// A transfer whose row the call has locked: a step of it is judged, taken, noted and published.
struct TransferStep {
    static let id = Schema.Field.required("transferId", .id, "The transfer.")
    /// The purpose under which the papers of a development are held for both sites.
    static let papersPurpose = "transfer_document"
    static let letterPurpose = "transfer_letter"
    static let papersBasis = "partyArchive"

    let id: RecordID
    let giver: RecordID
    let receiver: RecordID
    let person: RecordID
    let member: RecordID?
    let candidate: RecordID?
    let to: RecordID
    /// Today's, by the letter's last day.
    let state: TransferState
    let requestedOn: LocalDate
    let letterNumber: Int
    let letterOn: LocalDate?
    let expiresOn: LocalDate?

    /// Locks a transfer for a step.
    /// - Throws: `host.notFound` for a third site; `membership.transferOtherSide`, `.transferExpired`, `.transferStateConflict`.
    init(_ id: RecordID, for action: TransferAction, _ call: Call) throws {
        let site = try call.site.id
        let found = try call.db.first(TransferStore.lock(id, site: site), as: Columns.self)
        guard let row = found else { throw MembershipFault.notFound("transferId", id) }
        self.id = id
        (self.giver, self.receiver, self.person, self.member, self.candidate, self.to) =
            (row.0, row.1, row.2, row.3, row.4, row.5)
        self.state = row.6.on(call.today, expiresOn: row.10)
        (self.requestedOn, self.letterNumber, self.letterOn, self.expiresOn) = (row.7, row.8, row.9, row.10)
        let details: [String: JSONValue] = [
            "transferId": .string(id.description), "state": .string(self.state.rawValue),
        ]
        guard (action.isOfReceiver ? self.receiver : self.giver) == site else {
            throw TransferFault.transferOtherSide.fault(.object(details))
        }
        guard !action.isPossible(in: self.state) else { return }
        if action.isOfReceiver, self.state == .expired, let last = self.expiresOn {
            throw TransferFault.transferExpired.fault([
                "transferId": .string(id.description), "expiresOn": .string(last.description),
            ])
        }
        throw TransferFault.transferStateConflict.fault(.object(details))
    }

    private typealias Columns = (
        RecordID, RecordID, RecordID, RecordID?, RecordID?, RecordID, TransferState, LocalDate, Int, LocalDate?,
        LocalDate?
    )

    /// Who is transferred, as audits and events name them.
    var subject: RecordID { self.member ?? self.candidate ?? self.id }

    /// The giving site's record of the person, checked for what keeps them there.
    /// - Throws: `membership.transferNotNow`.
    func leaving(_ call: Call) throws -> TransferPerson {
        let person = try TransferPerson.read(self.id, on: call.today, call)
        guard person.isThere else {
            let claim = try call.db.first(
                MemberStore.claim(of: self.person), as: (ClaimKind, RecordID, RecordID).self)
            let isMemberNow = self.member == nil && claim?.0 == .member && claim?.2 == self.giver
            throw TransferFault.notNow(isMemberNow ? .memberNow : .gone)
        }
        if let status = person.development, TransferObstacle.pending.contains(status) {
            throw TransferFault.notNow(.approvalPending)
        }
        return person
    }

    /// Lets go of the papers that were held for both sites; to be called while they can still be seen.
    static func release(_ id: RecordID, _ call: Call) throws {
        for file in try call.db.query(TransferStore.files(of: id), as: RecordID.self) {
            try call.files.release(file, by: Self.papersPurpose, record: id)
        }
    }

    /// Notes the step, and says it to the other site.
    func done(_ state: TransferState, _ topic: EventTopic?, _ call: Call) throws {
        let other = try call.site.id == self.giver ? self.receiver : self.giver
        call.recordAccess(basis: "transfer", subjects: [self.subject])
        call.concern(other, subjects: [self.subject])
        call.note("transferId", .string(self.id.description))
        call.note("state", .string(state.rawValue))
        guard let topic else { return }
        let body = TransferTopic.Body(transferId: self.id, memberId: self.member, candidateId: self.candidate)
        try call.publish(topic, subject: self.id, body)
        try call.publish(topic, at: other, subject: self.id, body)
    }
}

/// The person of a transfer as the giving site's record has them.
struct TransferPerson {
    let joinedOn: LocalDate?
    let status: MemberStatus?
    let since: LocalDate?
    /// The state of the development (development_steps.csv).
    let development: String?
    /// The last dated fact at either site.
    let lastOn: LocalDate?
    /// The first day on which they can be received: that of a member's last fact, the day behind a development's last entry.
    let earliestOn: LocalDate?
    let isThere: Bool

    static func read(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> TransferPerson {
        let found = try call.db.first(
            TransferStore.person(of: id, on: day),
            as: (LocalDate?, MemberStatus?, LocalDate?, String?, LocalDate?, LocalDate?, Bool).self)
        guard let row = found else { throw MembershipFault.notFound("transferId", id) }
        return TransferPerson(
            joinedOn: row.0, status: row.1, since: row.2, development: row.3, lastOn: row.4, earliestOn: row.5,
            isThere: row.6)
    }
}
