internal import XinglinKit

/// A good line of opening stock.
struct OpeningStockLine: Hashable {
    /// What may be opening stock once: a supplier's batch of a piece.
    struct Batch: Hashable {
        let piece: String
        let licence: String
        let number: String
    }

    /// What lines are judged by.
    struct Shelf {
        /// The catalogue's names by code.
        let pieces: [String: String]
        /// Licences of the site's suppliers.
        let suppliers: Set<String>
        let taken: Set<Batch>
        let today: LocalDate
    }

    let piece: String
    let licence: String
    /// Where the supplier is to be created.
    let supplierName: String?
    let batchNumber: String
    let producedOn: LocalDate
    let expiresOn: LocalDate
    let quantityMg: Int64
    let unitCostFenPerKg: Int64

    static func code(_ text: String) -> String { PlainText.number(text).uppercased() }

    private static let mostMg: Int64 = 10_000_000_000

    static func judge(_ line: ImportLine, _ shelf: Shelf) -> ImportVerdict {
        var faults: [ImportFault] = []
        let required = ["pieceCode", "batchNumber", "supplierLicence", "producedOn", "expiresOn", "unitCostYuanPerKg"]
        for field in required where line[field] == nil { faults.append(OpeningStockFault.missing(field)) }
        let piece = Self.code(line["pieceCode"] ?? "")
        faults += Self.pieceFaults(line, piece, shelf)
        let batch = PlainText.number(line["batchNumber"] ?? "x")
        if !Self.isPlain(batch, 60) { faults.append(OpeningStockFault.batchNumber) }
        let licence = PlainText.number(line["supplierLicence"] ?? "x")
        if !Self.isPlain(licence, 60) { faults.append(OpeningStockFault.licence) }
        let isKnown = shelf.suppliers.contains(licence)
        if let name = line["supplierName"], !Self.isPlain(name, 100) { faults.append(OpeningStockFault.supplierName) }
        if line["supplierLicence"] != nil, !isKnown, line["supplierName"] == nil {
            faults.append(OpeningStockFault.supplierUnknown)
        }
        let dates = Self.dates(line, shelf.today, &faults)
        let quantity = Self.quantity(line, &faults)
        let cost = line["unitCostYuanPerKg"].flatMap { DecimalText.parse(PlainText.halfWidth($0), decimals: 2) }
        if line["unitCostYuanPerKg"] != nil, cost.map({ $0 <= mostMg }) != true {
            faults.append(OpeningStockFault.unitCost)
        }
        if shelf.taken.contains(Batch(piece: piece, licence: licence, number: batch)) {
            faults.append(OpeningStockFault.takenInBefore)
        }
        guard faults.isEmpty, let dates, let quantity, let cost else { return .faulty(faults) }
        let good = OpeningStockLine(
            piece: piece, licence: licence, supplierName: isKnown ? nil : line["supplierName"], batchNumber: batch,
            producedOn: dates.produced, expiresOn: dates.expires, quantityMg: quantity, unitCostFenPerKg: cost)
        return .good(
            prepared: good.prepared, unique: Array([piece, licence, batch].joined(separator: Self.separator).utf8))
    }

    private static func pieceFaults(_ line: ImportLine, _ piece: String, _ shelf: Shelf) -> [ImportFault] {
        guard line["pieceCode"] != nil else { return [] }
        guard let name = shelf.pieces[piece] else { return [OpeningStockFault.pieceUnknown] }
        guard let typed = line["pieceName"], PlainText.number(typed) != PlainText.number(name) else { return [] }
        return [OpeningStockFault.pieceNameDiffers]
    }

    private static func dates(
        _ line: ImportLine, _ today: LocalDate, _ faults: inout [ImportFault]
    ) -> (produced: LocalDate, expires: LocalDate)? {
        let produced = line["producedOn"].flatMap { TypedDate.parse(PlainText.halfWidth($0)) }
        if line["producedOn"] != nil, produced.map({ $0 <= today }) != true {
            faults.append(OpeningStockFault.producedOn)
        }
        let expires = line["expiresOn"].flatMap { TypedDate.parse(PlainText.halfWidth($0)) }
        if line["expiresOn"] != nil, expires == nil { faults.append(OpeningStockFault.expiresOn) }
        guard let produced, let expires else { return nil }
        if expires <= produced {
            faults.append(OpeningStockFault.expiresBeforeProduction)
        } else if expires < today {
            faults.append(OpeningStockFault.expired)
        }
        return (produced, expires)
    }

    private static func quantity(_ line: ImportLine, _ faults: inout [ImportFault]) -> Int64? {
        switch (line["quantityKg"], line["quantityG"]) {
        case (let kilograms?, nil):
            let value = Milligrams.parse(kilograms: PlainText.halfWidth(kilograms))
            if value.map({ (1...mostMg).contains($0) }) != true { faults.append(OpeningStockFault.kilograms) }
            return value
        case (nil, let grams?):
            let value = Milligrams.parse(grams: PlainText.halfWidth(grams))
            if value.map({ (1...mostMg).contains($0) }) != true { faults.append(OpeningStockFault.grams) }
            return value
        default:
            faults.append(OpeningStockFault.oneQuantity)
            return nil
        }
    }

    /// Text of so many characters without control characters.
    private static func isPlain(_ text: String, _ most: Int) -> Bool {
        (1...most).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
                default: true
                }
            }
    }
}

// MARK: - As bytes

extension OpeningStockLine {
    /// The stored bytes are not those of a line.
    struct Unreadable: Error {}

    /// Stands between the fields: `isPlain` lets no control character into them.
    private static let separator = "\u{1F}"

    var prepared: [UInt8] {
        let fields = [
            self.piece, self.licence, self.supplierName ?? "", self.batchNumber, self.producedOn.description,
            self.expiresOn.description, String(self.quantityMg), String(self.unitCostFenPerKg),
        ]
        return Array(fields.joined(separator: Self.separator).utf8)
    }

    init(prepared: [UInt8]) throws {
        let fields = String(decoding: prepared, as: UTF8.self)
            .split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 8, let produced = LocalDate(fields[4]), let expires = LocalDate(fields[5]),
            let quantity = Int64(fields[6]), let cost = Int64(fields[7])
        else { throw Unreadable() }
        self.init(
            piece: fields[0], licence: fields[1], supplierName: fields[2].isEmpty ? nil : fields[2],
            batchNumber: fields[3], producedOn: produced, expiresOn: expires, quantityMg: quantity,
            unitCostFenPerKg: cost)
    }
}
