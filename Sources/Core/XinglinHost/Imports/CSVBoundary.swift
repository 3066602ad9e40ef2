/// Where records of a comma-separated file end (RFC 4180, or with another delimiter), byte by byte: a line break within quotation marks ends none. The
/// command line cuts a file at these places, and the host reads the pieces with the same rules.
package struct CSVBoundary: Sendable {
    /// Where in a record the last byte stood.
    enum Place: Sendable {
        /// Before the first byte of a field.
        case start
        case plain
        case quoted
        /// Behind a quotation mark that ends the field, or is the first of two.
        case closed
    }

    var place = Place.start
    private var hasContent = false
    private let delimiter: UInt8

    package init(_ delimiter: FieldDelimiter = .comma) {
        self.delimiter = delimiter.byte
    }

    /// Whether it stands within quotation marks: a file may not end here.
    package var isQuoted: Bool { self.place == .quoted }

    /// Whether bytes have come since the last record ended.
    package var isWithinRecord: Bool { self.hasContent }

    /// Takes the next byte and says whether a record ends with it.
    package mutating func take(_ byte: UInt8) -> Bool {
        self.hasContent = true
        switch (self.place, byte) {
        case (.quoted, UInt8(ascii: "\"")): self.place = .closed
        case (.quoted, _): break
        case (_, UInt8(ascii: "\n")):
            self.place = .start
            self.hasContent = false
            return true
        case (_, self.delimiter): self.place = .start
        case (.start, UInt8(ascii: "\"")), (.closed, UInt8(ascii: "\"")): self.place = .quoted
        case (.closed, UInt8(ascii: "\r")): break
        default: self.place = .plain
        }
        return false
    }
}
