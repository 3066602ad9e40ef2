internal import XinglinKit

/// `decoction.rules.revise`
struct ReviseRule: RPCMethod {
    struct Params: Codable, Sendable {
        let rule: String
        let parameter: String
        let value: String
        let validFrom: LocalDate
        let source: String
        let reviewer: String
    }

    struct Reply: Codable, Sendable {
        let rule: String
        let parameter: String
        let version: String
        let origin: RuleOrigin
    }

    static let name = "decoction.rules.revise"
    static let summary = """
        Adds a later value to a rule: at the bureau for the whole county, elsewhere for the acting site. What is past is \
        never changed, and a national value is only tightened.
        """
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object(
        .required("rule", .code(1...20), "The rule."),
        .required("parameter", .code(1...40), "Which of its values."),
        .required("value", .text(1...200), "The new value in the unit of the old one; names between semicolons."),
        .required("validFrom", .date, "From which day it holds; tomorrow at the earliest."),
        .required("source", .text(1...200), "The decision or statute it goes back to."),
        .required("reviewer", .text(1...60), "The pharmacist who has reviewed it, by office."))
    static let reply = Schema.object(
        .required("rule", .code(1...20), "The rule."),
        .required("parameter", .code(1...40), "Which of its values."),
        .required("version", .code(1...20), "The version that has the new value."),
        .required("origin", .enumeration(RuleOrigin.codes), "county or site."))
    static let faults = [PrescriptionFault.ruleLoosened]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.validFrom > call.today else {
            throw Fault.invalid("/validFrom", expected: "a date after today", zh: "晚于今天的日期")
        }
        let key = RuleKey(params.rule, params.parameter)
        let isCounty = try call.site.kind == .bureau
        let revision = RuleStore.Revision(
            key: key, value: PlainText.trimmed(params.value), validFrom: params.validFrom,
            source: PlainText.trimmed(params.source), reviewer: PlainText.trimmed(params.reviewer))
        try call.db.execute(RuleStore.revising)
        try Self.check(revision, isCounty: isCounty, call)
        try RulePairs(revision, isCounty: isCounty, call).check()
        let account = try call.caller.accountID
        let version: String
        if isCounty {
            let sql = RuleStore.reviseCounty(revision, by: account, at: call.now)
            guard let (shipped, number) = try call.db.first(sql, as: (Int, Int).self) else {
                throw HostFault.conflict.fault()
            }
            version = "\(shipped).\(number)"
        } else {
            let sql = RuleStore.reviseSite(revision, site: try call.site.id, by: account, at: call.now)
            guard let number = try call.db.first(sql, as: Int.self) else { throw HostFault.conflict.fault() }
            version = "s\(number)"
        }
        call.note("rule", .string(key.rule))
        call.note("parameter", .string(key.parameter))
        call.note("version", .string(version))
        call.note("value", .string(revision.value))
        return Reply(rule: key.rule, parameter: key.parameter, version: version, origin: isCounty ? .county : .site)
    }

    /// The county may go back to the shipped value but no further; a site may not fall behind the county, whose lists of
    /// names alone hold.
    private static func check(_ revision: RuleStore.Revision, isCounty: Bool, _ call: Call) throws {
        let sql = RuleStore.subject(revision.key, on: revision.validFrom)
        guard
            let (unit, tighter, isNational, shipped, county) = try call.db.first(
                sql, as: (String, Tighter, Bool, String?, String?).self)
        else {
            throw HostFault.notFound.fault([
                "rule": .string(revision.key.rule), "parameter": .string(revision.key.parameter),
            ])
        }
        guard RuleLine.isWellFormed(revision.value, unit: unit) else {
            throw Fault.invalid(
                "/value", expected: "up to nine digits, in \(unit)", zh: "不超过九位的数字，单位 \(unit)")
        }
        if let limit = RuleBounds.limits[revision.key], !limit.allows(revision.value) {
            throw Fault.invalid("/value", expected: limit.expected.en, zh: limit.expected.zh)
        }
        guard let floor = isCounty ? shipped : county else { return }
        let isChangedWord = RuleLine.wordUnits.contains(unit) && revision.value != floor
        let isCountysList = !isCounty && RuleBounds.limits[revision.key] == .names
        if (isNational || isCountysList) && isChangedWord
            || (isNational || !isCounty) && tighter.isLaxer(revision.value, than: floor)
        {
            throw PrescriptionFault.ruleLoosened.fault([
                "rule": .string(revision.key.rule), "parameter": .string(revision.key.parameter),
                "floor": .string(floor),
            ])
        }
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(
                rule: "RX-03", parameter: "days", value: "5", validFrom: Sample.instant.localDate.adding(days: 30),
                source: "药事管理与药物治疗学委员会决议", reviewer: "主任中药师"),
            reply: Reply(rule: "RX-03", parameter: "days", version: "1.1", origin: .county)
        )
        return Examples(full: example, minimal: example)
    }
}
