internal import XinglinKit

/// The catalogue of decoction pieces as the data file holds it.
struct Catalogue {
    let pieces: [Piece]

    /// - Throws: `CatalogueRefused` with the number of the first line that is not as expected.
    init(parsing file: [UInt8]) throws {
        try Self.checkFieldCounts(of: file)
        let table = try DelimitedTable(parsing: file)
        guard table.columns == Piece.columns else {
            throw CatalogueRefused(line: 1, problem: "the columns are not as expected")
        }
        var codes: Set<String> = []
        var names: Set<String> = []
        self.pieces = try table.rows.enumerated().map { index, cells in
            let line = CatalogueLine(number: index + 2, cells: cells)
            let piece = try Piece(line)
            guard codes.insert(piece.code).inserted, names.insert(piece.nameZh).inserted else {
                throw CatalogueRefused(line: line.number, problem: "the code or the name stands above already")
            }
            return piece
        }
    }

    /// The reader of tables fills short lines and cuts long ones, so fields are counted here; no field of this file
    /// may hold a line break.
    private static func checkFieldCounts(of file: [UInt8]) throws(CatalogueRefused) {
        var lines = file.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            var commas = 0
            var isQuoted = false
            for byte in line {
                if byte == 0x22 { isQuoted.toggle() }
                if byte == 0x2C, !isQuoted { commas += 1 }
            }
            guard commas == Piece.columns.count - 1, !isQuoted else {
                throw CatalogueRefused(line: index + 1, problem: "not \(Piece.columns.count) fields")
            }
        }
    }
}
