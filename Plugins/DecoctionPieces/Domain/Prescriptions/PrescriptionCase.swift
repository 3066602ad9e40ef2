internal import XinglinKit

/// What the catalogue says of a prescribed piece.
struct PrescribedPiece: Equatable {
    let code: String
    let nameZh: String
    let baseMaterial: String
    /// The adult daily dose; nil where it is not for oral use.
    let dose: ClosedRange<Int64>?
    let doseRoute: DoseRoute
    let toxicity: Toxicity
    let isToxic28: Bool
    let controlClass: ControlClass
    let pregnancy: Pregnancy
    let cooking: Cooking
}

/// A prescription with all that the rules judge it by. Lines stand in the order of their codes, so that the order in which
/// they were written changes no finding.
struct PrescriptionCase {
    struct Line: Equatable {
        let piece: PrescribedPiece
        let perDoseMg: Int64
        var cooking: Cooking?
        var substituteFor: String?
        /// Whether a processed piece was taken because 生用 was not written (RX-09).
        var isProcessedByDefault = false
    }

    struct Patient: Equatable {
        var sex: PatientSex
        var ageYears: Int
        var pregnant: PregnancyAnswer?
        var allergies: [String]?
        /// Whether `pregnant` was answered to the question of RX-06: who does not know then is not asked again.
        var isAsked = false
        /// Whether sex or age as written disagree with the record.
        var disagreesWithRecord = false
    }

    enum Prescriber: Equatable {
        case notNamed
        /// The index of staff cannot be asked here.
        case notAskable
        case unknown
        case known(rights: Set<String>, hasLeft: Bool)
    }

    struct Pair: Equatable {
        let a: String
        let b: String
        let severity: Severity
        let song: String
        let basis: String
    }

    /// What the patient had before of a controlled piece.
    struct EarlierSupply: Equatable {
        let pieceCode: String
        let isNarcotic: Bool
        let issuedOn: LocalDate
        let days: Int
        let totalMg: Int64
    }

    /// The review before dispensing.
    struct Review: Equatable {
        var reviewer: String?
        var dispenser: String?
        /// The reviewer's title, where the index of staff told it.
        var title: String?
        var isSecondaryHospital: Bool
    }

    let lines: [Line]
    let doses: Int
    let dosesPerDay: Int
    var use: PrescriptionUse?
    var kind: PrescriptionKind = .ordinary
    var hasKindReason = false
    var patient: Patient
    var issuedOn: LocalDate?
    let today: LocalDate
    /// Whether it is handed in, not only looked at: then it must name a prescriber.
    var isSubmitted = false
    var prescriber: Prescriber = .notNamed
    /// What RX-01 found at the site where the prescription was written, and by which version; nil where it is judged here.
    var judgedPrescriber: [Finding]?
    var pairs: [Pair] = []
    /// By piece; nil where the stock was not looked at.
    var stock: [String: IssueRefusal.Stock]?
    /// nil where the patient is not known.
    var earlier: [EarlierSupply]?
    var review: Review?
    let rules: RuleBook

    init(
        lines: [Line], doses: Int, dosesPerDay: Int, patient: Patient, today: LocalDate, rules: RuleBook
    ) {
        self.lines = lines.sorted { left, right in
            func rank(_ line: Line) -> (String, Int64, String) {
                (line.piece.code, line.perDoseMg, line.cooking?.rawValue ?? "")
            }
            return rank(left) < rank(right)
        }
        self.doses = doses
        self.dosesPerDay = dosesPerDay
        self.patient = patient
        self.today = today
        self.rules = rules
    }

    /// Every piece once, in the order of the codes.
    var pieces: [PrescribedPiece] {
        var seen: Set<String> = []
        return self.lines.map(\.piece).filter { seen.insert($0.code).inserted }
    }

    /// For how many days the doses last.
    var supplyDays: Int { (self.doses + self.dosesPerDay - 1) / self.dosesPerDay }

    var isOral: Bool { (self.use ?? .oral) == .oral }

    /// What the patient gets of a piece in one day, all its lines together.
    func perDayMg(_ code: String) -> Int64 {
        self.perDoseMg(code) * Int64(self.dosesPerDay)
    }

    /// What the prescription holds of a piece in all.
    func totalMg(_ code: String) -> Int64 {
        self.perDoseMg(code) * Int64(self.doses)
    }

    private func perDoseMg(_ code: String) -> Int64 {
        self.lines.filter { $0.piece.code == code }.reduce(0) { $0 + $1.perDoseMg }
    }

    func pieces(_ controlClass: ControlClass) -> [PrescribedPiece] {
        self.pieces.filter { $0.controlClass == controlClass }
    }

    /// The names of pieces, as a text has them.
    func names(_ codes: [String]) -> String {
        self.pieces.filter { codes.contains($0.code) }.map(\.nameZh).joined(separator: "、")
    }
}

/// A weight as a text has it.
func grams(_ milligrams: Int64) -> String {
    DecimalText.written(milligrams, decimals: 3) + " g"
}
