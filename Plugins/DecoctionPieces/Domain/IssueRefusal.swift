internal import XinglinKit

/// Why a document that came out short is refused: what the database knows of its pieces and lots, put into one fault.
struct IssueRefusal {
    /// What is left of a piece at the site, after what the document took.
    struct Stock: Equatable {
        var availableMg: Int64 = 0
        var quarantinedMg: Int64 = 0
        var expiredMg: Int64 = 0
    }

    /// A lot that a line names.
    struct Lot: Equatable {
        let pieceCode: String
        let state: LotState
        let expiresOn: LocalDate
        /// After what the document took.
        let onHandMg: Int64

        /// The same lot with what lies at the place asked.
        func lying(_ quantityMg: Int64) -> Lot {
            Lot(pieceCode: self.pieceCode, state: self.state, expiresOn: self.expiresOn, onHandMg: quantityMg)
        }
    }

    let document: IssueDocument
    let taken: [[Move]]
    let knownCodes: Set<String>
    let lots: [RecordID: Lot]
    let stock: [String: Stock]
    let today: LocalDate

    /// The first refusal that holds: an unknown piece, a named lot that cannot be issued, too little stock.
    var fault: Fault {
        let unknown = self.document.pieceCodes.filter { !self.knownCodes.contains($0) }
        guard unknown.isEmpty else { return DecoctionFault.unknown(unknown) }
        let short = self.document.shortEntries(self.taken)
        for entry in short.sorted(by: { $0.number < $1.number }) {
            if let fault = self.lotFault(entry) { return fault }
        }
        return self.shortage(short)
    }

    private func lotFault(_ entry: IssueDocument.Entry) -> Fault? {
        guard let id = entry.line.lotId else { return nil }
        let name = JSONValue.string(id.description)
        guard let lot = self.lots[id] else { return HostFault.notFound.fault(["lotId": name]) }
        guard lot.pieceCode == entry.line.pieceCode else {
            return DecoctionFault.lotPieceMismatch.fault(["lotId": name, "pieceCode": .string(lot.pieceCode)])
        }
        guard lot.state == .accepted else {
            return DecoctionFault.lotNotAccepted.fault(["lotId": name, "state": .string(lot.state.rawValue)])
        }
        return lot.expiresOn < self.today ? DecoctionFault.expired(id, on: lot.expiresOn) : nil
    }

    /// One entry per piece, and per named lot, that is short. Where enough has come in meanwhile, the same call may
    /// simply be sent again.
    private func shortage(_ short: [IssueDocument.Entry]) -> Fault {
        var seen: Set<String> = []
        var details: [JSONValue] = []
        var isCoveredNow = true
        for entry in short where seen.insert(Self.key(entry.line)).inserted {
            let line = self.shortage(of: entry.line)
            details.append(line.json)
            isCoveredNow = isCoveredNow && line.availableMg >= line.requestedMg
        }
        return Fault(DecoctionFault.insufficientStock, details: .array(details), retryable: isCoveredNow)
    }

    private static func key(_ line: IssueLine) -> String {
        line.pieceCode + (line.lotId?.description ?? "")
    }

    /// Over the whole document: all lines of the piece, or all that name the lot, against what was there before it.
    private func shortage(of line: IssueLine) -> Shortage {
        let lines = self.document.entries.map(\.line)
        let moves = self.taken.joined()
        guard let id = line.lotId else {
            let stock = self.stock[line.pieceCode] ?? Stock()
            return Shortage(
                pieceCode: line.pieceCode,
                requestedMg: lines.filter { $0.pieceCode == line.pieceCode }.reduce(0) { $0 + $1.quantityMg },
                availableMg: moves.filter { $0.pieceCode == line.pieceCode }
                    .reduce(stock.availableMg) { $0 + $1.quantityMg },
                quarantinedMg: stock.quarantinedMg, expiredMg: stock.expiredMg)
        }
        return Shortage(
            pieceCode: line.pieceCode, lotId: id,
            requestedMg: lines.filter { $0.lotId == id }.reduce(0) { $0 + $1.quantityMg },
            availableMg: moves.filter { $0.lotId == id }.reduce(self.lots[id]?.onHandMg ?? 0) { $0 + $1.quantityMg })
    }
}

/// An entry of the details of `decoction.insufficientStock`.
struct Shortage: Equatable {
    let pieceCode: String
    var lotId: RecordID?
    let requestedMg: Int64
    let availableMg: Int64
    var quarantinedMg: Int64 = 0
    var expiredMg: Int64 = 0

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "pieceCode": .string(self.pieceCode), "requestedMg": .integer(self.requestedMg),
            "availableMg": .integer(self.availableMg), "quarantinedMg": .integer(self.quarantinedMg),
            "expiredMg": .integer(self.expiredMg),
        ]
        members["lotId"] = self.lotId.map { .string($0.description) }
        return .object(members)
    }
}
