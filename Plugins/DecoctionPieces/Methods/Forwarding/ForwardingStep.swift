internal import XinglinKit

extension Sample {
    static let forwarding = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0061)
}

/// Where a step has brought a forwarded prescription.
struct ForwardingMoved: Codable, Sendable {
    let forwardingId: RecordID
    let state: ForwardingState
    let stateZh: String

    init(_ id: RecordID, _ state: ForwardingState) {
        self.forwardingId = id
        self.state = state
        self.stateZh = state.labelZh
    }

    static let schema = Schema.object(Self.fields)
    static let fields: [Schema.Field] = [
        .required("forwardingId", .id, "The forwarding."),
        .required("state", .enumeration(ForwardingState.codes), "Where it stands now."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
    ]
}

/// What the steps of a forwarding share.
enum ForwardingStep {
    static let id = Schema.Field.required("forwardingId", .id, "The forwarding.")

    /// Notes and publishes the new state at both sites.
    /// - Parameter patient: whose prescription it is, at both sites; nil where the step has not read it.
    @discardableResult
    static func done(
        _ id: RecordID, _ state: ForwardingState, with other: RecordID, of patient: RecordID? = nil, _ call: Call
    ) throws -> ForwardingMoved {
        call.concern(other, subjects: patient.map { [$0] } ?? [])
        call.note("forwardingId", .string(id.description))
        call.note("state", .string(state.rawValue))
        let moved = ForwardingTopic.Moved(forwardingId: id, state: state)
        try call.publish(ForwardingTopic.moved, subject: id, moved)
        try call.publish(ForwardingTopic.moved, at: other, subject: id, moved)
        return ForwardingMoved(id, state)
    }

    /// Sends a prescription back to its doctor; of many that decide on it, one does.
    /// - Throws: `host.notFound`, or `decoction.forwardingStateConflict`.
    @discardableResult
    static func refuse(
        _ id: RecordID, because reason: String, from state: ForwardingState, _ call: Call
    ) throws -> ForwardingMoved {
        let sealed = try call.seal(PlainText.trimmed(reason), for: ForwardingColumns.refusal, row: id)
        let refused = try call.db.first(
            ForwardingStore.refuse(id, reason: sealed, from: state, LotStore.Act(call)), as: (RecordID, RecordID).self)
        guard let (sender, _) = refused else { throw try Self.refusal(of: id, sentHere: false, call) }
        return try Self.done(id, .refused, with: sender, call)
    }

    /// Why a step was not taken: there is no such forwarding on this side, or it is in another state.
    static func refusal(of id: RecordID, sentHere: Bool, _ call: Call) throws -> Fault {
        let found = try call.db.first(
            ForwardingStore.state(id, site: call.site.id), as: (ForwardingState, Bool, RecordID, RecordID).self)
        guard let (state, isSentHere, _, _) = found, isSentHere == sentHere else {
            return HostFault.notFound.fault(["forwardingId": .string(id.description)])
        }
        return ForwardingFault.conflict(id, state)
    }
}
