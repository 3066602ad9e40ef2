internal import XinglinKit

/// What a supplier's licence allows it.
enum LicenceKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// 药品生产许可证.
    case production
    /// 药品经营许可证.
    case operation

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// How a licence stands on a day.
enum LicenceState: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case valid
    /// It ends within `licenceWarnDays`.
    case endsSoon
    case ended
    /// Nobody has recorded its end.
    case licenceEndUnknown

    var labelZh: String {
        switch self {
        case .valid: "有效"
        case .endsSoon: "即将到期"
        case .ended: "已到期"
        case .licenceEndUnknown: "有效期未登记"
        }
    }

    init(_ ends: LocalDate?, on day: LocalDate, warnDays: Int64) {
        guard let ends else {
            self = .licenceEndUnknown
            return
        }
        self = ends < day ? .ended : ends <= day.adding(days: Int(warnDays)) ? .endsSoon : .valid
    }

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// A supplier as a receipt is judged by it.
struct PurchasedFrom: Equatable {
    let id: RecordID
    let version: Int
    let licenceEnds: LocalDate?
    let designatedToxic: Bool?
    let withdrawnOn: LocalDate?
}

/// PC-01: who delivers holds a licence on the day, and toxic pieces come from firms that are designated for them.
///
/// What nobody has recorded yet is let through with a warning, unless the site's rules ask for it.
struct SupplierMustBeLicensed {
    let supplier: PurchasedFrom
    /// The day of the receipt.
    let day: LocalDate
    let rules: RuleBook

    static let rule = "PC-01"

    /// What the receiver should bear in mind.
    struct Warning: Codable, Sendable, Equatable {
        let rule: String
        let code: String
        let textZh: String
        let textEn: String

        static let codes = ["licenceEndUnknown", "licenceEndsSoon", "designationUnknown"]
        static let schema = Schema.object(
            .required("rule", .code(5...5), "PC-01."),
            .required("code", .enumeration(Self.codes), "What it is about."),
            .required("textZh", .text(1...200), "What to do."),
            .required("textEn", .text(1...300), "The same in English."))

        static let example = Warning(
            rule: SupplierMustBeLicensed.rule, code: "licenceEndUnknown", textZh: "供应商许可证的有效期未登记，请补登",
            textEn: "The end of the supplier's licence is not recorded: record it")
    }

    /// What is to be borne in mind about a delivery of the piece.
    /// - Throws: the refusal, with the date and what resolves it; `RuleMissing` where the rule table has a gap.
    func warnings(_ piece: String, control: ControlClass) throws -> [Warning] {
        if self.supplier.withdrawnOn != nil { throw PurchasingFault.withdrawn.fault(self.details("restore")) }
        return try self.licence() + (control == .toxic ? self.designation(piece) : [])
    }

    private func licence() throws -> [Warning] {
        guard try self.rules.number(.licenceRequired) > 0 else { return [] }
        switch try LicenceState(self.supplier.licenceEnds, on: self.day, warnDays: self.rules.number(.licenceWarnDays))
        {
        case .valid: return []
        case .ended: throw PurchasingFault.licenceEnded.fault(self.details("renewLicence"))
        case .endsSoon:
            let end = self.supplier.licenceEnds?.description ?? ""
            return [
                self.warning(
                    "licenceEndsSoon", zh: "供应商许可证将于 \(end) 到期，请催换证", en: "The supplier's licence ends on \(end)")
            ]
        case .licenceEndUnknown:
            if try self.rules.number(.licenceEndRequired) > 0 {
                throw PurchasingFault.recordIncomplete.fault(self.details("recordLicenceEnd", missing: "licenceEnds"))
            }
            return [.example]
        }
    }

    private func designation(_ piece: String) throws -> [Warning] {
        guard try self.rules.number(.designatedFirmsForToxic) > 0 else { return [] }
        switch self.supplier.designatedToxic {
        case true?: return []
        case false?: throw PurchasingFault.notDesignated.fault(self.details("designatedFirm", piece: piece))
        case nil:
            if try self.rules.number(.designationRecordRequired) > 0 {
                throw PurchasingFault.recordIncomplete.fault(
                    self.details("recordDesignation", piece: piece, missing: "designatedToxic"))
            }
            return [
                self.warning(
                    "designationUnknown", zh: "是否为毒性饮片指定企业未登记，请核实文号并补登",
                    en: "Whether the supplier is designated for toxic pieces is not recorded: record its document")
            ]
        }
    }

    private func warning(_ code: String, zh: String, en: String) -> Warning {
        Warning(rule: Self.rule, code: code, textZh: zh, textEn: en)
    }

    private func details(_ resolution: String, piece: String? = nil, missing: String? = nil) -> JSONValue {
        var details: [String: JSONValue] = [
            "rule": .string(Self.rule), "supplierId": .string(self.supplier.id.description),
            "on": .string(self.day.description), "resolution": .string(resolution),
        ]
        details["licenceEnds"] = self.supplier.licenceEnds.map { .string($0.description) }
        details["withdrawnOn"] = self.supplier.withdrawnOn.map { .string($0.description) }
        details["pieceCode"] = piece.map { .string($0) }
        details["missing"] = missing.map { .string($0) }
        details["ruleVersion"] = self.rules.version(of: Self.rule).map { .string($0) }
        return .object(details)
    }
}
