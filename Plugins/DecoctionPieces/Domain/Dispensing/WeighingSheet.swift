internal import XinglinKit

/// What a scale showed for one piece of one dose.
struct Weighing: Codable, Sendable, Equatable {
    let dose: Int
    let pieceCode: String
    let scaleId: RecordID
    let grossMg: Int64
    let tareMg: Int64

    /// What lies on the scale without its vessel.
    var netMg: Int64 { self.grossMg - self.tareMg }

    static let fields: [Schema.Field] = [
        .required("dose", .integer(1...400), "Which dose, from 1."),
        .required("pieceCode", .code(1...20), "The piece."),
        .required("scaleId", .id, "The scale; one whose calibration is in force (8.4)."),
        .required("grossMg", .integer(1...100_000_000), "What the scale showed, in milligrams."),
        .required("tareMg", .integer(0...100_000_000), "The vessel alone."),
    ]

    static let example = Weighing(
        dose: 1, pieceCode: "XLYP0001", scaleId: Sample.scale, grossMg: 18_040, tareMg: 12_000)

    struct Place: Hashable {
        let dose: Int
        let pieceCode: String

        var json: JSONValue { ["dose": .integer(Int64(self.dose)), "pieceCode": .string(self.pieceCode)] }
    }

    var place: Place { Place(dose: self.dose, pieceCode: self.pieceCode) }
}

/// A piece of a prescription as it is weighed: all its lines together.
struct WeighedPiece: Equatable {
    let code: String
    let nameZh: String
    let perDoseMg: Int64
    let controlClass: ControlClass

    /// Toxic and narcotic pieces take two persons (8.4).
    var isControlled: Bool { self.controlClass == .toxic || self.controlClass == .narcotic }
}

/// The weighings of a prescription against what was prescribed (8.4). It reads nothing but its values.
struct WeighingSheet {
    let pieces: [WeighedPiece]
    let doses: Int
    let weighings: [Weighing]

    /// Which weighings are missing, given twice, or of nothing that was prescribed; nil where each is there once.
    var incompleteness: Fault? {
        var wanted = Set(
            (1...self.doses).flatMap { dose in
                self.pieces.map { Weighing.Place(dose: dose, pieceCode: $0.code) }
            })
        let known = wanted
        var repeated: [Weighing.Place] = []
        var unexpected: [Weighing.Place] = []
        for weighing in self.weighings {
            let place = weighing.place
            if !known.contains(place) {
                unexpected.append(place)
            } else if wanted.remove(place) == nil {
                repeated.append(place)
            }
        }
        guard !wanted.isEmpty || !repeated.isEmpty || !unexpected.isEmpty else { return nil }
        let missing = wanted.sorted { ($0.dose, $0.pieceCode) < ($1.dose, $1.pieceCode) }
        return DispensingFault.weighingsIncomplete.fault([
            "missing": .array(missing.map(\.json)), "repeated": .array(repeated.map(\.json)),
            "unexpected": .array(unexpected.map(\.json)),
        ])
    }

    /// A weight that is not as prescribed.
    struct Deviation: Codable, Sendable, Equatable {
        let dose: Int
        var pieceCode: String?
        let prescribedMg: Int64
        let netMg: Int64

        var json: JSONValue {
            var members: [String: JSONValue] = [
                "dose": .integer(Int64(self.dose)), "prescribedMg": .integer(self.prescribedMg),
                "netMg": .integer(self.netMg),
            ]
            members["pieceCode"] = self.pieceCode.map { .string($0) }
            return .object(members)
        }
    }

    /// The doses whose total is off by more than so many percent; exactly that much is within.
    func doses(beyond percent: Int64) -> [Deviation] {
        let prescribed = self.pieces.reduce(0) { $0 + $1.perDoseMg }
        let net = Dictionary(self.weighings.map { ($0.dose, $0.netMg) }, uniquingKeysWith: +)
        return (1...self.doses).map { Deviation(dose: $0, prescribedMg: prescribed, netMg: net[$0] ?? 0) }
            .filter { Self.isBeyond($0.netMg, $0.prescribedMg, percent) }
    }

    /// The single pieces that are off by more than so many percent.
    func pieces(beyond percent: Int64, where isConcerned: (WeighedPiece) -> Bool = { _ in true }) -> [Deviation] {
        let prescribed = Dictionary(self.pieces.filter(isConcerned).map { ($0.code, $0.perDoseMg) }) { first, _ in first
        }
        return self.weighings.compactMap { weighing in
            guard let wanted = prescribed[weighing.pieceCode], Self.isBeyond(weighing.netMg, wanted, percent) else {
                return nil
            }
            return Deviation(
                dose: weighing.dose, pieceCode: weighing.pieceCode, prescribedMg: wanted, netMg: weighing.netMg)
        }.sorted { ($0.dose, $0.pieceCode ?? "") < ($1.dose, $1.pieceCode ?? "") }
    }

    /// What was weighed of each piece over all doses.
    var netMg: [String: Int64] {
        Dictionary(self.weighings.map { ($0.pieceCode, $0.netMg) }, uniquingKeysWith: +)
    }

    private static func isBeyond(_ actual: Int64, _ prescribed: Int64, _ percent: Int64) -> Bool {
        abs(actual - prescribed) * 100 > prescribed * percent
    }
}
