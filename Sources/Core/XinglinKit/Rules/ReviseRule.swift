/// `<schema>.rules.revise`: a later value in a module's rule table.
public struct ReviseRule<Owner: RuleOwner>: RPCMethod {
    public struct Params: Codable, Sendable {
        let rule: String
        let parameter: String
        let value: String
        let validFrom: LocalDate
        let source: String
        let reviewer: String
    }

    public struct Reply: Codable, Sendable {
        let rule: String
        let parameter: String
        let version: String
        let origin: RuleOrigin
    }

    public static var name: String { "\(Owner.table.schema).rules.revise" }
    public static var summary: String {
        """
        Adds a later value to a rule: at the bureau for the whole county, elsewhere for the acting site. What is past is \
        never changed, and a national value is only tightened.
        """
    }
    public static var effect: Effect { .write }
    public static var access: Access { Owner.revisers }
    public static var params: Schema {
        .object(
            .required("rule", .code(1...20), "The rule."),
            .required("parameter", .code(1...40), "Which of its values."),
            .required("value", .text(1...200), "The new value in the unit of the old one; names between semicolons."),
            .required("validFrom", .date, "From which day it holds; tomorrow at the earliest."),
            .required("source", .text(1...200), "The decision or statute it goes back to."),
            .required("reviewer", .text(1...60), Owner.reviewerDescription))
    }
    public static var reply: Schema {
        .object(
            .required("rule", .code(1...20), "The rule."),
            .required("parameter", .code(1...40), "Which of its values."),
            .required("version", .code(1...20), "The version that has the new value."),
            .required("origin", .enumeration(RuleOrigin.codes), "county or site."))
    }
    public static var faults: [FaultKind] { [Owner.loosened] }

    public func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.validFrom > call.today else {
            throw Fault.invalid("/validFrom", expected: "a date after today", zh: "晚于今天的日期")
        }
        let key = RuleKey(params.rule, params.parameter)
        let isCounty = try call.site.kind == .bureau
        let revision = RuleTable.Revision(
            key: key, value: Self.trimmed(params.value), validFrom: params.validFrom,
            source: Self.trimmed(params.source), reviewer: Self.trimmed(params.reviewer))
        try call.db.execute(Owner.table.revising)
        try Self.check(revision, isCounty: isCounty, call)
        try RulePairs(revision, isCounty: isCounty, of: Owner.self, call)?.check()
        let version = try Self.record(revision, isCounty: isCounty, call)
        call.note("rule", .string(key.rule))
        call.note("parameter", .string(key.parameter))
        call.note("version", .string(version))
        call.note("value", .string(revision.value))
        return Reply(rule: key.rule, parameter: key.parameter, version: version, origin: isCounty ? .county : .site)
    }

    /// Gives the version that has the new value.
    private static func record(_ revision: RuleTable.Revision, isCounty: Bool, _ call: Call) throws -> String {
        let account = try call.caller.accountID
        if isCounty {
            let sql = Owner.table.reviseCounty(revision, by: account, at: call.now)
            guard let (shipped, number) = try call.db.first(sql, as: (Int, Int).self) else {
                throw HostFault.conflict.fault()
            }
            return "\(shipped).\(number)"
        }
        let sql = Owner.table.reviseSite(revision, site: try call.site.id, by: account, at: call.now)
        guard let number = try call.db.first(sql, as: Int.self) else { throw HostFault.conflict.fault() }
        return "s\(number)"
    }

    /// The county may go back to the shipped value but no further; a site may not fall behind the county, whose lists of
    /// names alone hold.
    private static func check(_ revision: RuleTable.Revision, isCounty: Bool, _ call: Call) throws {
        let key = revision.key
        let details: [String: JSONValue] = ["rule": .string(key.rule), "parameter": .string(key.parameter)]
        guard
            let (unit, tighter, isNational, shipped, county) = try call.db.first(
                Owner.table.subject(key, on: revision.validFrom), as: (String, Tighter, Bool, String?, String?).self)
        else { throw HostFault.notFound.fault(.object(details)) }
        guard RuleLine.isWellFormed(revision.value, unit: unit) else {
            throw Fault.invalid(
                "/value", expected: "up to nine digits, in \(unit)", zh: "不超过九位的数字，单位 \(unit)")
        }
        if let limit = Owner.bounds.limits[key], !limit.allows(revision.value) {
            throw Fault.invalid("/value", expected: limit.expected.en, zh: limit.expected.zh)
        }
        guard let floor = isCounty ? shipped : county else { return }
        let isChangedWord = RuleLine.wordUnits.contains(unit) && revision.value != floor
        let isCountysList = !isCounty && Owner.bounds.limits[key] == .names
        if (isNational || isCountysList) && isChangedWord
            || (isNational || !isCounty) && tighter.isLaxer(revision.value, than: floor)
        {
            throw Owner.loosened.fault(.object(details.merging(["floor": .string(floor)]) { _, new in new }))
        }
    }

    /// Without blanks at either end.
    private static func trimmed(_ text: String) -> String {
        let head = text.drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }

    public static var examples: Examples<Params, Reply> {
        let (line, revision) = (Owner.example.line, Owner.example.revision)
        let example = (
            params: Params(
                rule: revision.key.rule, parameter: revision.key.parameter, value: revision.value,
                validFrom: revision.validFrom, source: revision.source, reviewer: revision.reviewer),
            reply: Reply(
                rule: revision.key.rule, parameter: revision.key.parameter, version: "\(line.version).1",
                origin: .county)
        )
        return Examples(full: example, minimal: example)
    }
}
