internal import XinglinKit

/// How a person ceased to be a member while on probation: the fact of the register (`membership.member.get`).
struct MemberEnd: Codable, Sendable, Equatable {
    let factId: RecordID
    let on: LocalDate
    let how: EndOfMembership
    let howZh: String

    init(factId: RecordID, on: LocalDate, how: EndOfMembership) {
        self.factId = factId
        self.on = on
        self.how = how
        self.howZh = how.labelZh
    }

    static let field = Schema.Field.optional(
        "memberEnd",
        .object(
            .required("factId", .id, "The fact of the register (`membership.member.get`)."),
            .required("on", .date, "The day from which the person is a member no more."),
            .required("how", .enumeration(EndOfMembership.codes), "How it ended."),
            .required("howZh", .text(1...20), "The same in Chinese.")),
        "How the person ceased to be a member while on probation; nothing more is recorded then.")

    static let example = MemberEnd(factId: Sample.fact, on: Sample.today, how: .died)
}
