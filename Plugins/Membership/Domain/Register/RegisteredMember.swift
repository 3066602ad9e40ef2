internal import XinglinKit

/// A member whom the acting site has, for the comparison with a line that names them again.
struct RegisteredMember: Sendable {
    let joinedOn: LocalDate
    let status: MemberStatus
    let statusSince: LocalDate
    /// Since when the standing of a full member counts; nil of others, and where that is not recorded.
    let fullFrom: LocalDate?
    let organization: RecordID
    let organizationSince: LocalDate
    /// The day of the first fact: the status before it is not recorded.
    let firstOn: LocalDate

    /// The fields of a line that say something else; what the line leaves out says nothing.
    func differences(_ line: RegisterLine, organization: RecordID) -> [String] {
        var fields: [String] = []
        if self.organization != organization { fields.append("organization") }
        if line.status.map({ $0.rawValue != self.status.rawValue }) ?? false { fields.append("status") }
        if line.joinedOn.map({ $0 != self.joinedOn }) ?? false { fields.append("joinedOn") }
        // Where the register begins later and does not say since when the standing counts, any day before is as good.
        if let end = line.probationEndedOn, self.status == .full,
            self.fullFrom.map({ $0 != end }) ?? (max(end, self.firstOn) != self.statusSince)
        {
            fields.append("probationEndedOn")
        }
        if let since = line.since, self.organization == organization, since != self.organizationSince {
            fields.append("since")
        }
        return fields
    }
}
