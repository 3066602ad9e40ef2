internal import XinglinKit

/// A field of a piece as the catalogue's file, its changes and its history write it: one written form for all of them.
struct PieceField: Sendable {
    /// How a field is written.
    enum Form: Sendable {
        /// Text of so many characters; from 0 on it may be empty.
        case text(ClosedRange<Int>)
        case smallLetters(ClosedRange<Int>)
        case capitalLetters(ClosedRange<Int>)
        /// A closed set: written with its Chinese label, and read by either.
        case code([Label])
        /// A whole number; empty where the piece has no oral dose.
        case milligrams
        /// 1 or 0.
        case flag
        /// So many digits, or nothing.
        case digits(Int)
        /// Capital letters and digits, or nothing.
        case capitals(ClosedRange<Int>)
        case date
    }

    struct Label: Sendable {
        let code: String
        let zh: String
    }

    /// The name on the wire and in the file.
    let code: String
    /// The column of `decoction.piece`.
    let column: String
    let name: LocalizedText
    let form: Form
    /// What may stand there.
    let wanted: LocalizedText
    /// The column with the Chinese label, where there is one.
    var labelColumn: String?
    /// Whether it tells what the piece is, so that another value is another piece.
    var isIdentity = false

    /// What a written value stands for.
    enum Reading: Equatable {
        /// As the database has it; nil for nothing.
        case value(String?)
        case malformed
    }

    func read(_ text: String) -> Reading {
        let cell = PlainText.trimmed(text)
        switch self.form {
        case .text(let length):
            return length.contains(cell.unicodeScalars.count) && cell.hasNoControls ? .value(cell) : .malformed
        case .smallLetters(let length): return Self.reading(cell, length) { (0x61...0x7A).contains($0) }
        case .capitalLetters(let length): return Self.reading(cell, length) { (0x41...0x5A).contains($0) }
        case .code(let labels):
            let found = labels.first { $0.code == cell || $0.zh == cell }
            return found.map { .value($0.code) } ?? .malformed
        case .milligrams:
            if cell.isEmpty { return .value(nil) }
            guard let number = DecimalText.parse(cell, decimals: 0), (1...1_000_000).contains(number) else {
                return .malformed
            }
            return .value(String(number))
        case .flag: return cell == "1" ? .value("true") : cell == "0" ? .value("false") : .malformed
        case .digits(let count): return cell.isEmpty ? .value(nil) : Self.reading(cell, count...count) { $0.isDigit }
        case .capitals(let length):
            return cell.isEmpty
                ? .value(nil) : Self.reading(cell, length) { $0.isDigit || (0x41...0x5A).contains($0) }
        case .date:
            if cell.isEmpty { return .value(nil) }
            return LocalDate(cell).map { .value($0.description) } ?? .malformed
        }
    }

    private static func reading(_ cell: String, _ length: ClosedRange<Int>, _ isAllowed: (UInt8) -> Bool) -> Reading {
        length.contains(cell.utf8.count) && cell.utf8.allSatisfy(isAllowed) ? .value(cell) : .malformed
    }

    /// How a value of the database is written.
    func cell(_ value: String?) -> String {
        guard let value else { return "" }
        switch self.form {
        case .code(let labels): return labels.first { $0.code == value }?.zh ?? value
        case .flag: return value == "true" ? "1" : "0"
        default: return value
        }
    }

    /// The columns that a value of the database goes into.
    func columns(_ value: String?) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        switch self.form {
        case .milligrams: members[self.column] = value.flatMap(Int64.init).map { .integer($0) } ?? .null
        case .flag: members[self.column] = .bool(value == "true")
        default: members[self.column] = value.map { .string($0) } ?? .null
        }
        if let labelColumn = self.labelColumn { members[labelColumn] = .string(self.cell(value)) }
        return members
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}

extension String {
    /// Whether no control character, and nothing else that one cannot see, stands in it.
    fileprivate var hasNoControls: Bool {
        self.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
            default: true
            }
        }
    }
}
