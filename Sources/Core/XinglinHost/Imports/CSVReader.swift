/// A record of a comma-separated file.
package struct CSVRecord: Sendable, Hashable {
    /// The fields, without blanks at their ends.
    package var fields: [String]
    /// Whether a quotation mark stands where none may: alone in a field, or before further text.
    package var hasStrayQuote = false

    /// Whether nothing stands in it, as in the lines that spreadsheets leave at the end.
    package var isBlank: Bool { self.fields.allSatisfy(\.isEmpty) }
}

/// Reads comma-separated text (RFC 4180): quoted fields with doubled quotation marks and line breaks, CRLF or LF.
package enum CSVReader {
    /// A quotation mark was opened and never closed.
    package struct Unclosed: Error, Hashable {
        /// The record that it stands in, from 0.
        package let record: Int
    }

    /// The records of the text; the last one may lack its line break. A record with a misplaced quotation mark is marked and
    /// read as well as can be.
    package static func records(
        _ text: String, _ delimiter: FieldDelimiter = .comma
    ) throws(Unclosed) -> [CSVRecord] {
        var assembly = Assembly()
        var boundary = CSVBoundary(delimiter)
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes { assembly.take(byte, &boundary) }
        }
        guard !boundary.isQuoted else { throw Unclosed(record: assembly.records.count) }
        if boundary.isWithinRecord { assembly.endRecord() }
        return assembly.records
    }

    /// What has been read so far.
    private struct Assembly {
        var records: [CSVRecord] = []
        private var record = CSVRecord(fields: [])
        private var field: [UInt8] = []

        mutating func take(_ byte: UInt8, _ boundary: inout CSVBoundary) {
            let before = boundary.place
            let isEnd = boundary.take(byte)
            if isEnd { return self.endRecord() }
            switch (before, boundary.place) {
            case (.start, .quoted), (.quoted, .closed): return
            case (.start, .start), (.plain, .start), (.closed, .start): self.endField()
            case (.closed, .plain):
                self.record.hasStrayQuote = true
                self.field.append(byte)
            case (.closed, .closed): return
            default:
                if before == .plain, byte == UInt8(ascii: "\"") { self.record.hasStrayQuote = true }
                self.field.append(byte)
            }
        }

        mutating func endRecord() {
            self.endField()
            self.records.append(self.record)
            self.record = CSVRecord(fields: [])
        }

        private mutating func endField() {
            self.record.fields.append(Self.trimmed(self.field))
            self.field.removeAll(keepingCapacity: true)
        }

        /// The field without white space at its ends, Chinese full-width blanks and byte order marks included. Line breaks are
        /// white space too, so the CR of a CRLF goes here.
        private static func trimmed(_ field: [UInt8]) -> String {
            var bytes = field[...]
            while let byte = bytes.first, byte <= 0x20 { bytes.removeFirst() }
            while let byte = bytes.last, byte <= 0x20 { bytes.removeLast() }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let first = bytes.first, let last = bytes.last, first >= 0x80 || last >= 0x80 else { return text }
            let scalars = text.unicodeScalars
            guard let start = scalars.firstIndex(where: { !Self.isBlank($0) }),
                let end = scalars.lastIndex(where: { !Self.isBlank($0) })
            else { return "" }
            return String(scalars[start...end])
        }

        private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || scalar == "\u{FEFF}"
        }
    }
}
