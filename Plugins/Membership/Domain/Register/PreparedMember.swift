internal import XinglinKit

/// A good line of the register between check and apply; the host keeps it encrypted.
struct PreparedMember: Sendable {
    let id: RecordID
    let nameZh: String
    let documentNumber: String
    let sex: String
    let birthDate: String
    let phone: String
    let organization: RecordID
    let joinedOn: LocalDate
    /// The first fact: since when the member belongs to the organisation, and as what.
    let since: LocalDate
    let status: MemberStatus
    /// When a probationary member of that day became a full one; nil where that was before, or has not come.
    let convertedOn: LocalDate?
    /// Since when the standing of a full member of that day counts; nil of a probationary one.
    let fullSince: LocalDate?

    /// What stands for a line whose member is enrolled here just so: nothing is to be done.
    static let unchanged: [UInt8] = Array("=".utf8)

    private static let separator: Character = "\u{1F}"

    init(
        _ id: RecordID, _ person: RegisterPeople.Written, _ line: RegisterLine, _ organization: OrganizationIndex.Entry,
        joinedOn: LocalDate, probationYears: Int
    ) {
        self.id = id
        self.nameZh = person.nameZh ?? ""
        self.documentNumber = person.documentNumber ?? ""
        self.sex = person.sex ?? ""
        self.birthDate = person.birthDate ?? ""
        self.phone = person.phone ?? ""
        self.organization = organization.id
        self.joinedOn = joinedOn
        let since = max(line.since ?? joinedOn, organization.foundedOn)
        let end = line.status == .full ? line.probationEndedOn ?? joinedOn.adding(years: probationYears) : nil
        let isFull = end.map { $0 <= since } ?? false
        self.since = since
        self.status = isFull ? .full : .probationary
        self.convertedOn = isFull ? nil : end
        self.fullSince = isFull ? end : nil
    }

    /// Reads what `content` wrote; nil for a line that changes nothing.
    init?(_ bytes: [UInt8]) throws {
        guard bytes != Self.unchanged else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self)
            .split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 12, let id = RecordID(fields[0]), let organization = RecordID(fields[6]),
            let joinedOn = LocalDate(fields[7]), let since = LocalDate(fields[8]),
            let status = MemberStatus(rawValue: fields[9])
        else { throw HostFault.internal.fault() }
        self.id = id
        self.nameZh = fields[1]
        self.documentNumber = fields[2]
        self.sex = fields[3]
        self.birthDate = fields[4]
        self.phone = fields[5]
        self.organization = organization
        self.joinedOn = joinedOn
        self.since = since
        self.status = status
        self.convertedOn = LocalDate(fields[10])
        self.fullSince = LocalDate(fields[11])
    }

    /// Fields are parted by the unit separator, which no field contains: texts with control characters were refused.
    var content: [UInt8] {
        let fields = [
            self.id.description, self.nameZh, self.documentNumber, self.sex, self.birthDate, self.phone,
            self.organization.description, self.joinedOn.description, self.since.description, self.status.rawValue,
            self.convertedOn?.description ?? "", self.fullSince?.description ?? "",
        ]
        return Array(fields.joined(separator: String(Self.separator)).utf8)
    }
}
