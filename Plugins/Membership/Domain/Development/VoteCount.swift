internal import XinglinKit

/// The ballots of a branch meeting and what they come to (domain rules 1.3, DV-15). A recused member stays among those due.
struct VoteCount: Sendable, Equatable {
    let due: Int
    let present: Int
    let writtenInFavour: Int
    let inFavour: Int
    let recused: Int
    /// Full members who are not counted in those due by a local ruling (domain rules 1.3).
    var countedOut: Stated?
    /// Full members among those due whom the register does not have yet.
    var unregistered: Stated?

    /// A number that differs from the register's, with the reason on record.
    struct Stated: Codable, Sendable, Equatable {
        let number: Int
        let reason: String

        static func schema(_ what: String) -> Schema {
            .object(
                .required("number", .integer(1...100_000), what),
                .required("reason", .text(1...500), "Why, as it was decided."))
        }
    }

    /// What a vote comes to.
    struct Outcome: Sendable, Equatable {
        let presentRequired: Int
        let inFavourRequired: Int
        let isValid: Bool
        let isPassed: Bool
    }

    /// - Throws: `host.invalidParams` with the field of a number that cannot be.
    func check(at pointer: String = "") throws(Fault) {
        guard self.due > 0 else { throw Fault.invalid("\(pointer)/due", expected: "at least 1", zh: "至少 1 人") }
        guard (0...self.due).contains(self.present) else {
            throw Fault.invalid("\(pointer)/present", expected: "0 to due", zh: "0 至应到会人数")
        }
        guard (0...self.present).contains(self.recused) else {
            throw Fault.invalid("\(pointer)/recused", expected: "0 to present", zh: "0 至实到会人数")
        }
        guard (0...(self.present - self.recused)).contains(self.inFavour) else {
            throw Fault.invalid("\(pointer)/inFavour", expected: "0 to present less recused", zh: "0 至实到会人数减回避人数")
        }
        guard (0...(self.due - self.present)).contains(self.writtenInFavour) else {
            throw Fault.invalid("\(pointer)/writtenInFavour", expected: "0 to due less present", zh: "0 至应到会人数减实到会人数")
        }
        for (name, stated) in [("countedOut", self.countedOut), ("unregistered", self.unregistered)] {
            guard let stated, PlainText.trimmed(stated.reason).isEmpty else { continue }
            throw Fault.invalid("\(pointer)/\(name)/reason", expected: "a reason that says something", zh: "须写明理由")
        }
    }

    /// Valid where more than the share of those due is present, passed where more than the share of those due is in favour; both count
    /// on those due, never on those present.
    func outcome(attendanceOver attendance: Int, inFavourOver favour: Int) -> Outcome {
        let presentRequired = self.due * attendance / 100 + 1
        let inFavourRequired = self.due * favour / 100 + 1
        let isValid = self.present >= presentRequired
        return Outcome(
            presentRequired: presentRequired, inFavourRequired: inFavourRequired, isValid: isValid,
            isPassed: isValid && self.inFavour + self.writtenInFavour >= inFavourRequired)
    }

    /// As the facts of the step.
    var facts: StepFacts {
        var members: [String: JSONValue] = [
            "due": .integer(Int64(self.due)), "present": .integer(Int64(self.present)),
            "writtenInFavour": .integer(Int64(self.writtenInFavour)), "inFavour": .integer(Int64(self.inFavour)),
            "recused": .integer(Int64(self.recused)),
        ]
        for (name, stated) in [("countedOut", self.countedOut), ("unregistered", self.unregistered)] {
            guard let stated else { continue }
            members[name] = [
                "number": .integer(Int64(stated.number)), "reason": .string(PlainText.trimmed(stated.reason)),
            ]
        }
        return StepFacts(.object(members))
    }
}

/// What a branch meeting votes on.
enum VotePurpose: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case admission, conversion

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var step: Int { self == .admission ? DevelopmentStep.admissionVote : DevelopmentStep.conversionVote }
}
