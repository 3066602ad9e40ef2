internal import XinglinKit

/// What a line of a bill is for.
enum BillKind: String, PrescriptionCode {
    case piece
    /// 代煎: a dose that is boiled here.
    case decoction
    /// 另煎: a piece of a dose that is boiled apart.
    case separate
    /// 烊化: a piece of a dose that is dissolved in the hot liquid.
    case melted

    var labelZh: String {
        switch self {
        case .piece: "饮片"
        case .decoction: "代煎费"
        case .separate: "另煎费"
        case .melted: "烊化费"
        }
    }

    static let fees: [BillKind] = [.decoction, .separate, .melted]
}

/// What a site charges on a day.
struct Charge: Equatable {
    let fen: Int64
    let revision: Int
}

/// What a prescription costs (8.4): its pieces, and apart from them the fees of what is boiled here.
struct Bill: Equatable {
    struct Line: Equatable {
        let kind: BillKind
        var pieceCode: String?
        let nameZh: String
        /// Milligrams of a piece; how often a fee is charged.
        let quantity: Int64
        /// nil where the site has no price: it is said, never taken as 0.
        var charge: Charge?

        /// To the fen; half a fen counts as one. Each line is rounded, and the total is the sum of the lines.
        var amountFen: Int64? {
            guard let charge = self.charge else { return nil }
            return self.kind == .piece ? Self.amount(of: self.quantity, at: charge.fen) : charge.fen * self.quantity
        }

        /// What milligrams cost at a price of a kilogram.
        static func amount(of milligrams: Int64, at fenPerKg: Int64) -> Int64 {
            let (kilograms, rest) = milligrams.quotientAndRemainder(dividingBy: 1_000_000)
            // Apart, so that ten tons at the greatest price stay below what Int64 holds.
            return kilograms * fenPerKg + (rest * fenPerKg + 500_000) / 1_000_000
        }
    }

    let lines: [Line]

    /// The pieces, and the fees where it is boiled here.
    func charged(boiledHere: Bool) -> [Line] {
        self.lines.filter { $0.kind == .piece || boiledHere }
    }

    /// The sum; nil where a price is missing.
    static func total(_ lines: [Line]) -> Int64? {
        lines.reduce(0) { sum, line in sum.flatMap { sum in line.amountFen.map { sum + $0 } } }
    }

    /// What the fees are charged for, by how a dose is boiled.
    static func fees(doses: Int, cookings: [Cooking], _ charges: [BillKind: Charge]) -> [Line] {
        BillKind.fees.compactMap { kind in
            let times: Int
            switch kind {
            case .separate: times = cookings.count { $0 == .separate }
            case .melted: times = cookings.count { $0 == .melted }
            case .piece, .decoction: times = 1
            }
            guard times > 0 else { return nil }
            return Line(
                kind: kind, nameZh: kind.labelZh, quantity: Int64(times * doses), charge: charges[kind])
        }
    }

    /// What a site charges on a day.
    struct Tariff {
        let pieces: [String: Charge]
        let fees: [BillKind: Charge]

        func charge(for line: Line) -> Charge? {
            line.pieceCode.map { self.pieces[$0] } ?? self.fees[line.kind]
        }
    }

    /// The same with later charges where one was missing: what is charged for stays as it was frozen.
    func completed(by tariff: Tariff) -> Bill {
        Bill(
            lines: self.lines.map { old in
                var line = old
                line.charge = old.charge ?? tariff.charge(for: old)
                return line
            })
    }
}

/// An amount as a person reads it.
func yuan(_ fen: Int64) -> String {
    let (whole, rest) = fen.quotientAndRemainder(dividingBy: 100)
    return "\(whole).\(rest < 10 ? "0" : "")\(rest) 元"
}
