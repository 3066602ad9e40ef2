internal import XinglinKit

/// A member whom the acting site has, for the comparison with a line that names them again.
struct RegisteredMember: Sendable {
    let joinedOn: LocalDate
    let status: MemberStatus
    let statusSince: LocalDate
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
        if let end = line.probationEndedOn, self.status == .full, max(end, self.firstOn) != self.statusSince {
            fields.append("probationEndedOn")
        }
        if let since = line.since, self.organization == organization, since != self.organizationSince {
            fields.append("since")
        }
        return fields
    }
}

/// The days of a member, as an export writes them so that an import of them gives the same facts.
enum ExportedDays {
    /// From when the standing counts: as recorded, or where it was full from the first fact on the day that an import assumes.
    static func probationEndedOn(
        status: MemberStatus, since: LocalDate, joinedOn: LocalDate, firstOn: LocalDate, probationYears: Int
    ) -> LocalDate? {
        guard status == .full else { return nil }
        return since > firstOn ? since : min(since, joinedOn.adding(years: probationYears))
    }
}
