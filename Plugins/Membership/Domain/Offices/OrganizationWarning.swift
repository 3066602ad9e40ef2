internal import XinglinKit

/// What of an organisation is not as a rule has it. Work goes on: the rules of size say *normally*. It holds no personal name.
struct OrganizationWarning: Codable, Sendable {
    let rule: String
    let organizationId: RecordID
    let nameZh: String
    let textZh: String
    let textEn: String
    var figure: Int?
    var limit: Int?
    var dueOn: LocalDate?

    static let schema = Schema.object(
        .required("rule", .code(1...20), "The rule, such as BR-02."),
        .required("organizationId", .id, "The organisation."),
        .required("nameZh", .text(1...100), "What it is called."),
        .required("textZh", .text(1...200), "What is not as the rule has it, in Chinese."),
        .required("textEn", .text(1...300), "The same in English."),
        .optional("figure", .integer(0...1_000_000), "How many there are."),
        .optional("limit", .integer(0...1_000_000), "What the rule says."),
        .optional("dueOn", .date, "BR-04: by when the next election is due."))

    /// For replies of methods that may warn.
    static let field = Schema.Field.optional(
        "warnings", .array(Self.schema, 1...100), "What is not as BR-01 to BR-07 have it; it was recorded all the same."
    )

    /// Absent where there is none.
    static func ifAny(_ warnings: [OrganizationWarning]) -> [OrganizationWarning]? {
        warnings.isEmpty ? nil : Array(warnings.prefix(100))
    }

    static var sample: OrganizationWarning {
        OrganizationWarning(
            rule: "BR-02", organizationId: Sample.branch, nameZh: "甲字镇中心卫生院党支部", textZh: "党员超过50人，应设党总支或分设党支部",
            textEn: "More than 50 members: form a general branch or split", figure: 74, limit: 50, dueOn: Sample.today)
    }
}
