import XinglinKit

/// The stock as it should be, worked out plainly: what the property test holds the module against.
struct StockModel {
    struct Lot {
        let id: String
        let piece: String
        let expiresOn: LocalDate
        let receivedAt: Timestamp
        var state = "quarantined"
        var onHand: Int64
    }

    enum Outcome: Equatable {
        case issued([Moved])
        case refused(String)
    }

    private(set) var lots: [Lot] = []

    var onHand: [String: Int64] {
        Dictionary(uniqueKeysWithValues: self.lots.map { ($0.id, $0.onHand) })
    }

    mutating func receive(_ id: String, _ piece: String, _ quantity: Int64, expiresOn: LocalDate, at now: Timestamp) {
        self.lots.append(Lot(id: id, piece: piece, expiresOn: expiresOn, receivedAt: now, onHand: quantity))
    }

    /// Gives the reason of the refusal, or nil.
    mutating func decide(_ index: Int, _ state: String, today: LocalDate) -> String? {
        guard self.lots[index].state == "quarantined" else { return "decoction.lotStateConflict" }
        if state == "accepted", self.lots[index].expiresOn < today { return "decoction.lotExpired" }
        self.lots[index].state = state
        return nil
    }

    /// Gives the reason of the refusal, or nil.
    mutating func dispose(_ index: Int, _ quantity: Int64) -> String? {
        guard self.lots[index].onHand >= quantity else { return "decoction.insufficientStock" }
        self.lots[index].onHand -= quantity
        return nil
    }

    /// What can be issued of a piece.
    func available(_ piece: String, today: LocalDate) -> Int64 {
        self.lots.filter { $0.piece == piece && Self.isIssuable($0, today) }.reduce(0) { $0 + $1.onHand }
    }

    /// The whole document or nothing: lines that name a lot first, then first expiry first.
    mutating func issue(_ lines: [Line], today: LocalDate) -> Outcome {
        var moves = lines.map { _ in [Moved]() }
        var after = self.lots
        for number in lines.indices.sorted(by: { Self.rank(lines[$0], $0) < Self.rank(lines[$1], $1) }) {
            let line = lines[number]
            var missing = line.quantity
            let candidates = after.indices.filter {
                after[$0].piece == line.piece && Self.isIssuable(after[$0], today) && after[$0].onHand > 0
                    && (line.lot == nil || line.lot == after[$0].id)
            }.sorted { Self.key(after[$0]) < Self.key(after[$1]) }
            for index in candidates where missing > 0 {
                let part = min(missing, after[index].onHand)
                after[index].onHand -= part
                missing -= part
                moves[number].append(Moved(after[index].id, part))
            }
            guard missing == 0 else { return .refused(self.reason(lines, today)) }
        }
        self.lots = after
        return .issued(moves.flatMap { $0 })
    }

    /// Why a document is refused: the first named lot that cannot be issued at all, or else too little stock.
    private func reason(_ lines: [Line], _ today: LocalDate) -> String {
        for line in lines {
            guard let lot = self.lots.first(where: { $0.id == line.lot }) else { continue }
            if lot.state != "accepted" { return "decoction.lotNotAccepted" }
            if lot.expiresOn < today { return "decoction.lotExpired" }
        }
        return "decoction.insufficientStock"
    }

    private static func isIssuable(_ lot: Lot, _ today: LocalDate) -> Bool {
        lot.state == "accepted" && lot.expiresOn >= today
    }

    private static func rank(_ line: Line, _ number: Int) -> (Int, Int) { (line.lot == nil ? 1 : 0, number) }

    private static func key(_ lot: Lot) -> (LocalDate, Timestamp, String) { (lot.expiresOn, lot.receivedAt, lot.id) }
}
