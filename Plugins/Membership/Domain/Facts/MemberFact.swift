internal import XinglinKit

/// A post, an honour or a mark of a member, from a day until another.
struct MemberFact: Sendable {
    let kind: MemberFactKind
    var title: String
    var level: HonourLevel?
    var grantedBy: String
    var mark: MemberMark?
    var from: LocalDate
    /// From which day it holds no more.
    var until: LocalDate?
}

/// Party discipline as it stands in one encrypted column.
struct DisciplineFact: Sendable, Equatable {
    var kind: DisciplineKind
    var from: LocalDate
    /// From which day on the member has the rights of one again.
    var rightsRestoredOn: LocalDate?
    var text: String
    /// Why it was corrected; empty in the first.
    var reason = ""

    /// Whether the member is without rights on a day.
    func takesRights(on day: LocalDate) -> Bool {
        guard self.kind.takesRights, self.from <= day else { return false }
        return self.rightsRestoredOn.map { day < $0 } ?? true
    }

    /// Rights are restored that were taken, and no others: who was expelled is no member.
    /// - Throws: `host.invalidParams`.
    func mustBeWhole() throws(Fault) {
        guard self.rightsRestoredOn == nil || self.kind == .probationInParty else {
            throw Fault.invalid(
                "/rightsRestoredOn", expected: "nothing but with probationInParty", zh: "仅留党察看填写恢复权利日期")
        }
        guard self.rightsRestoredOn.map({ $0 >= self.from }) ?? true else {
            throw Fault.invalid("/from", expected: "rightsRestoredOn or earlier", zh: "不晚于恢复权利日期")
        }
    }

    /// One line for each value; no text that a schema takes has a line break.
    var sealedText: String {
        [self.kind.rawValue, self.from.description, self.rightsRestoredOn?.description ?? "", self.text, self.reason]
            .joined(separator: "\n")
    }

    init(kind: DisciplineKind, from: LocalDate, rightsRestoredOn: LocalDate?, text: String, reason: String = "") {
        self.kind = kind
        self.from = from
        self.rightsRestoredOn = rightsRestoredOn
        self.text = text
        self.reason = reason
    }

    /// Reads `sealedText`; nil where it is none.
    init?(sealedText: String) {
        let lines = sealedText.split(separator: "\n", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 5, let kind = DisciplineKind(rawValue: lines[0]), let from = LocalDate(lines[1]) else {
            return nil
        }
        self.init(kind: kind, from: from, rightsRestoredOn: LocalDate(lines[2]), text: lines[3], reason: lines[4])
    }
}
