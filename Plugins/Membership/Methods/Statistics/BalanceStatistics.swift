internal import XinglinKit

/// `membership.statistics.balance`
struct BalanceStatistics: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let from: LocalDate
        let to: LocalDate
    }

    struct Reply: Codable, Sendable {
        var fullBefore = 0
        var probationaryBefore = 0
        var admitted = 0
        var takenOver = 0
        var transferredIn = 0
        var transferredOut = 0
        var died = 0
        var withdrew = 0
        var lapsed = 0
        var removed = 0
        var expelled = 0
        var probationCancelled = 0
        var moved = 0
        var converted = 0
        var full = 0
        var probationary = 0

        var left: Int {
            self.transferredOut + self.died + self.withdrew + self.lapsed + self.removed + self.expelled
                + self.probationCancelled
        }
    }

    static let name = "membership.statistics.balance"
    static let summary = """
        How the members of an organisation and all below it became more and fewer within some days (党员增减情况): those before, those who came, \
        those who left and how, and those at the end. Before + admitted + takenOver + transferredIn − the left + moved = at the end.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."), .required("from", .date, "The first day."),
        .required("to", .date, "The last day; today or earlier."))
    static let reply = Schema.object(
        .required("fullBefore", .integer(0...1_000_000), "Full members on the day before the first."),
        .required("probationaryBefore", .integer(0...1_000_000), "Probationary members on the day before the first."),
        .required(
            "admitted", .integer(0...1_000_000),
            "Admitted by a branch meeting of these days (DV-19), here or where they were taken over from that day on."),
        .required(
            "takenOver", .integer(0...1_000_000),
            "Taken over from another register, after they were admitted elsewhere."),
        .required("transferredIn", .integer(0...1_000_000), "Received from outside the organisation with a transfer."),
        .required("transferredOut", .integer(0...1_000_000), "Left with a transfer to outside the organisation."),
        .required("died", .integer(0...1_000_000), "Died."),
        .required("withdrew", .integer(0...1_000_000), "Withdrew from the Party."),
        .required("lapsed", .integer(0...1_000_000), "Gave membership up (自行脱党)."),
        .required("removed", .integer(0...1_000_000), "Removed from the roll (除名)."),
        .required("expelled", .integer(0...1_000_000), "Expelled (开除党籍)."),
        .required("probationCancelled", .integer(0...1_000_000), "Probation was cancelled (DV-21)."),
        .required(
            "moved", .integer(-1_000_000...1_000_000),
            "Came by an assignment to another branch, or with a branch that was moved here, less those who went so."),
        .required("converted", .integer(0...1_000_000), "Of the members: became full ones in these days (DV-23)."),
        .required("full", .integer(0...1_000_000), "Full members on the last day."),
        .required("probationary", .integer(0...1_000_000), "Probationary members on the last day."))
    static let faults = [MembershipFault.organizationEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try MembershipFault.mustBeDays(from: params.from, to: params.to, today: call.today)
        let root = try Organizations.readable(params.organizationId, on: params.to, call).id
        let results = try call.db.batch([
            Statement(MemberStore.counts(root, on: params.from.adding(days: -1))),
            Statement(MemberStore.counts(root, on: params.to)),
            Statement(BalanceStore.changes(root, from: params.from, to: params.to)),
        ])
        let before = try results[0].first(as: (Int, Int).self) ?? (0, 0)
        let after = try results[1].first(as: (Int, Int).self) ?? (0, 0)
        let changes =
            try results[2].first(as: (Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int).self)
            ?? (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        var reply = Reply(
            fullBefore: before.0, probationaryBefore: before.1, admitted: changes.0, takenOver: changes.1,
            transferredIn: changes.2, transferredOut: changes.4, died: changes.5, withdrew: changes.6,
            lapsed: changes.7, removed: changes.8, expelled: changes.9, probationCancelled: changes.10,
            converted: changes.3, full: after.0, probationary: after.1)
        let came = reply.admitted + reply.takenOver + reply.transferredIn
        reply.moved = after.0 + after.1 - before.0 - before.1 - came + reply.left
        return reply
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(
                organizationId: Sample.committee, from: Sample.today.adding(years: -3), to: Sample.today),
            reply: Reply(
                fullBefore: 58, admitted: 21, transferredIn: 2, transferredOut: 3, died: 2, converted: 20, full: 75,
                probationary: 1)
        )
        return Examples(full: example, minimal: example)
    }
}
