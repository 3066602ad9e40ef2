/// One line of the data file, its cells read strictly: whatever is not as expected refuses the file with the line's number.
struct CatalogueLine {
    let number: Int
    let cells: [String: String]

    /// Text that must be there, and pass the test.
    func text(_ column: String, _ isValid: (String) -> Bool = { _ in true }) throws(CatalogueRefused) -> String {
        guard let text = self.cells[column], !text.isEmpty, isValid(text) else { throw self.refused(column) }
        return text
    }

    /// A label of a closed set.
    func code<Code: CatalogueCode>(_ column: String) throws(CatalogueRefused) -> Code {
        guard let label = self.cells[column], let code = Code(fileLabel: label) else { throw self.refused(column) }
        return code
    }

    /// `0` or `1`.
    func flag(_ column: String) throws(CatalogueRefused) -> Bool {
        switch self.cells[column] {
        case "0": false
        case "1": true
        default: throw self.refused(column)
        }
    }

    /// A range in grams; 0–0 stands for no oral dose.
    func dose(_ minimum: String, _ maximum: String) throws(CatalogueRefused) -> ClosedRange<Int64>? {
        guard let low = self.cells[minimum].flatMap(Milligrams.parse(grams:)) else { throw self.refused(minimum) }
        guard let high = self.cells[maximum].flatMap(Milligrams.parse(grams:)), low <= high else {
            throw self.refused(maximum)
        }
        guard low > 0 else {
            guard high == 0 else { throw self.refused(minimum) }
            return nil
        }
        return low...high
    }

    private func refused(_ column: String) -> CatalogueRefused {
        CatalogueRefused(line: self.number, problem: "\(column) is not as expected")
    }
}

/// Why a data file is not loaded.
struct CatalogueRefused: Error, Equatable, CustomStringConvertible {
    /// Counted from 1, the header included.
    let line: Int
    let problem: String

    var description: String { "decoction_pieces.csv, line \(self.line): \(self.problem)" }
}
