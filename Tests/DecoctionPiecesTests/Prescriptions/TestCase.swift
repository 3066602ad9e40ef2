import Testing
import XinglinKit

@testable import DecoctionPieces

/// Prescriptions without a database.
enum TestCase {
    static func everyPiece() throws -> [PrescribedPiece] {
        try DataFilesOfTests.pieces().map { piece in
            PrescribedPiece(
                code: piece.code, nameZh: piece.nameZh, baseMaterial: piece.baseMaterial, dose: piece.dose,
                doseRoute: piece.doseRoute, toxicity: piece.toxicity, isToxic28: piece.isControlledToxic28,
                controlClass: piece.controlClass, pregnancy: piece.pregnancy, cooking: piece.cooking)
        }
    }

    private static let byName: [String: PrescribedPiece] = {
        let pieces = (try? Self.everyPiece()) ?? []
        return Dictionary(pieces.map { ($0.nameZh, $0) }) { first, _ in first }
    }()

    static func piece(_ name: String) throws -> PrescribedPiece { try #require(Self.byName[name]) }

    /// For a man of forty without allergies, today. Names that the catalogue leaves out stand for themselves.
    static func of(
        _ pieces: [(String, Int64)], doses: Int = 3, dosesPerDay: Int = 1, rules: RuleBook? = nil
    ) throws -> PrescriptionCase {
        let lines = pieces.compactMap { name, milligrams in
            Self.byName[name].map { PrescriptionCase.Line(piece: $0, perDoseMg: milligrams) }
        }
        var prescription = PrescriptionCase(
            lines: lines, doses: doses, dosesPerDay: dosesPerDay,
            patient: .init(sex: .male, ageYears: 40, allergies: []),
            today: Pharmacy.now.localDate, rules: try rules ?? DataFilesOfTests.book())
        prescription.use = .oral
        prescription.issuedOn = Pharmacy.now.localDate
        return prescription
    }
}
