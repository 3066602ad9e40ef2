internal import XinglinKit

/// `decoction.indicator.list`
struct ListIndicators: RPCMethod {
    struct Params: Codable, Sendable {
        let period: LocalDate
    }

    struct Reply: Codable, Sendable {
        let period: LocalDate
        let from: LocalDate
        let to: LocalDate
        let complete: Bool
        let generatedAt: Timestamp
        let dataVersion: String
        let indicators: [Indicator]
    }

    struct Indicator: Codable, Sendable {
        let code: IndicatorCode
        let nameZh: String
        let nameEn: String
        let numeratorZh: String
        var denominatorZh: String?
        let formula: String
        let unit: String
        let direction: String
        let basis: String
        let amountUnit: String
        var numerator: Int64?
        var denominator: Int64?
        var value: String?
        var reason: IndicatorValue.Reason?
        var ruleVersion: String?
    }

    static let name = "decoction.indicator.list"
    static let summary = """
        The pharmacy's indicators of a month at the site, C01 to C06, worked out from the ledger: numerator, denominator and value, or \
        why there is none. What is missing is not 0 (domain-rules chapter 11).
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(
        .required("period", .date, "Any day of a month that has begun; of the one that lasts, until today."))
    static let reply = Schema.object(
        .required("period", .date, "The first day of the month."), .required("from", .date, "The first day."),
        .required("to", .date, "The last day; C01 is what there was at its end."),
        .required("complete", .boolean, "Whether the month is over."),
        .required("generatedAt", .timestamp, "When it was worked out."),
        .required("dataVersion", .text(1...64), "Of the list of indicators: the beginning of its SHA-256."),
        .required("indicators", .array(.object(Self.indicator), 6...6), "By code."))

    private static let indicator: [Schema.Field] = [
        .required("code", .enumeration(IndicatorCode.codes), "The indicator."),
        .required("nameZh", .text(1...60), "Its name."), .required("nameEn", .text(1...60), "The same in English."),
        .required("numeratorZh", .text(1...200), "What the numerator is, in the words of the list."),
        .optional("denominatorZh", .text(1...200), "What it is divided by; absent where it is not divided."),
        .required("formula", .enumeration(["N", "N/D*100"]), "A number, or per cent."),
        .required("unit", .text(1...20), "The value's unit."),
        .required("direction", .enumeration(["up", "down", "info"]), "Which way is better."),
        .required("basis", .text(1...200), "Where it comes from."),
        .required("amountUnit", .text(1...20), "The unit of numerator and denominator."),
        .optional("numerator", ReportFields.milligrams, "Absent where it is missing."),
        .optional("denominator", ReportFields.milligrams, "Absent where it is missing, or nothing is divided."),
        .optional("value", .text(1...40), "A decimal number; per cent with two decimals. Absent with a reason."),
        .optional(
            "reason", .enumeration(IndicatorValue.Reason.codes),
            "Why there is no value. D0: the denominator is 0. missing: nobody has recorded or measured what it needs."),
        .optional("ruleVersion", .text(1...40), "Of the rule's values that it depends on, where it does."),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let period = try ReportPeriod(month: params.period, today: call.today)
        let reading = try IndicatorReading(period, call)
        return Reply(
            period: period.from, from: period.from, to: period.to, complete: period.from.lastOfMonth < call.today,
            generatedAt: call.now, dataVersion: String(ReportPart.indicatorsDigest.prefix(12)),
            indicators: try reading.all(call))
    }

    static var examples: Examples<Params, Reply> {
        func reply(_ indicator: Indicator) -> Reply {
            Reply(
                period: Sample.monthBegin, from: Sample.monthBegin, to: Sample.today, complete: false,
                generatedAt: Sample.instant, dataVersion: String(ReportPart.indicatorsDigest.prefix(12)),
                indicators: Array(repeating: indicator, count: 6))
        }
        let full = Indicator(
            code: .weights, nameZh: "饮片调剂重量误差合格率", nameEn: "Weighing compliance", numeratorZh: "抽查剂数中单剂误差绝对值<=5%的剂数",
            denominatorZh: "抽查剂数", formula: "N/D*100", unit: "%", direction: "up", basis: "医院中药饮片管理规范(2007)",
            amountUnit: IndicatorCode.weights.amountUnit, numerator: 41, denominator: 42, value: "97.62",
            reason: .missing, ruleVersion: "1.0")
        let minimal = Indicator(
            code: .visits, nameZh: "中医药门急诊占比", nameEn: "TCM outpatient share", numeratorZh: "期内基层机构中医诊疗门急诊人次",
            formula: "N/D*100", unit: "%", direction: "up", basis: "紧密型县域医共体建设监测指标",
            amountUnit: IndicatorCode.visits.amountUnit)
        return Examples(
            full: (Params(period: Sample.today), reply(full)), minimal: (Params(period: Sample.today), reply(minimal)))
    }
}
