internal import XinglinKit

/// What would settle a finding.
enum Resolution: String, PrescriptionCode {
    /// The rule lacks an input: nothing was judged.
    case notChecked
    /// A second signature with a reason, or a rewrite.
    case doctorSignature
    /// The patient is asked; the answer is written down with a signature, or by a rewrite.
    case askPregnancy
    case rewrite
    case anotherPrescriber
    /// A pharmacist reviews it.
    case review
    case anotherPharmacist
    /// The doctor replaces the piece, or stock comes in.
    case substituteByDoctor
    /// Nothing has to be done; it is to be borne in mind.
    case consider

    /// Whether a second signature lifts it.
    var isSignable: Bool { self == .doctorSignature || self == .askPregnancy }
}

/// What a rule has found.
struct Verdict: Equatable {
    let severity: Severity
    /// The codes of the pieces concerned, in order; empty for the whole prescription.
    let pieces: [String]
    let zh: String
    let en: String
    let resolution: Resolution

    init(_ severity: Severity, _ pieces: [String] = [], zh: String, en: String, _ resolution: Resolution) {
        self.severity = severity
        self.pieces = pieces.sorted()
        self.zh = zh
        self.en = en
        self.resolution = resolution
    }

    /// A rule that lacks an input.
    static func notChecked(_ pieces: [String] = [], zh: String, en: String) -> Verdict {
        Verdict(.info, pieces, zh: zh, en: en, .notChecked)
    }
}

/// A finding as a reply shows it. It names pieces and numbers, never the patient or what the patient suffers from.
struct Finding: Codable, Sendable, Equatable, Hashable {
    let rule: String
    let severity: Severity
    let pieces: [String]
    let textZh: String
    let textEn: String
    let resolution: Resolution
    var ruleVersion: String?

    static let schema = Schema.object(
        .required("rule", .code(5...5), "The rule, RX-01 to RX-14."),
        .required(
            "severity", .enumeration(Severity.codes),
            "block and confirm hold the prescription up; warn and info do not."),
        .required("pieces", .array(.code(1...20), 0...80), "The pieces concerned; none for the whole prescription."),
        .required("textZh", .text(1...400), "What was found."),
        .required("textEn", .text(1...600), "The same in English."),
        .required(
            "resolution", .enumeration(Resolution.codes), "What would settle it; notChecked where an input is missing."),
        .optional("ruleVersion", .code(1...20), "The version of the rule by which it was judged."))

    /// As a refusal's details show it.
    var json: JSONValue {
        [
            "rule": .string(self.rule), "severity": .string(self.severity.rawValue),
            "pieces": .array(self.pieces.map { .string($0) }), "resolution": .string(self.resolution.rawValue),
            "textZh": .string(self.textZh), "textEn": .string(self.textEn),
        ]
    }

    static let example = Finding(
        rule: "RX-05", severity: .block, pieces: ["XLYP0003", "XLYP0004"], textZh: "甘草与甘遂属十八反，须医师再次签名并说明理由，或改方",
        textEn: "甘草 and 甘遂 are incompatible; the doctor signs again with a reason, or rewrites",
        resolution: .doctorSignature, ruleVersion: "1.0")
}
