internal import XinglinKit

/// `membership.fact.end`
struct EndFact: RPCMethod {
    struct Params: Codable, Sendable {
        let factId: RecordID
        let on: LocalDate
    }

    struct Reply: Codable, Sendable {
        let factId: RecordID
        let endedOn: LocalDate
    }

    static let name = "membership.fact.end"
    static let summary = """
        Records that a position or a mark of a member holds no more from a day on, or that the rights are restored that 留党察看 had taken.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("factId", .id, "The fact, not corrected; not an honour."),
        .required("on", .date, "From which day on: today or earlier."))
    static let reply = Schema.object(
        .required("factId", .id, "The fact."), .required("endedOn", .date, "From when on it holds no more."))
    static let faults = [OfficeFault.endedAlready, MembershipFault.factCorrected]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let (member, isDiscipline) = try MemberFacts.locked(params.factId, call)
        let (from, until, holds, mayEnd) = try Self.state(params.factId, of: member, isDiscipline, call)
        guard holds else { throw MembershipFault.factCorrected.fault() }
        guard mayEnd else {
            throw Fault.invalid("/factId", expected: "a position, a mark, or what takes rights", zh: "职务、标记或影响党员权利的处分")
        }
        guard until == nil, params.on >= from else { throw OfficeFault.ended(from: from, on: until) }
        try call.db.execute(
            OfficeStore.end([params.factId], .fact, on: params.on, reason: "", Act(call)), expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [member])
        return Reply(factId: params.factId, endedOn: params.on)
    }

    private static func state(
        _ id: RecordID, of member: RecordID, _ isDiscipline: Bool, _ call: Call
    ) throws -> (from: LocalDate, until: LocalDate?, holds: Bool, mayEnd: Bool) {
        if isDiscipline {
            guard let row = try Discipline.rows(of: [member], call).first(where: { $0.id == id }) else {
                throw MembershipFault.notFound("factId", id)
            }
            return (row.fact.from, row.fact.rightsRestoredOn, row.holds, row.fact.kind == .probationInParty)
        }
        guard let row = try MemberFacts.rows(of: member, call).first(where: { $0.id == id }) else {
            throw MembershipFault.notFound("factId", id)
        }
        return (row.fact.from, row.fact.until, row.holds, row.fact.kind != .honour)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(factId: Sample.fact, on: Sample.today),
            reply: Reply(factId: Sample.fact, endedOn: Sample.today)
        )
        return Examples(full: example, minimal: example)
    }
}
