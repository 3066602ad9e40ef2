/// Rows in aligned columns, with a heading and, below a row, further text.
struct Table {
    struct Row {
        var cells: [String]
        /// Lines below the row, indented.
        var below: [String] = []
        var colour: Colour?
    }
    var heading: [String]
    var rows: [Row] = []

    func lines(coloured: Bool) -> [String] {
        let all = [self.heading] + self.rows.map(\.cells)
        let widths = self.heading.indices.map { column in all.map { displayWidth($0[column]) }.max() ?? 0 }
        var lines = [Colour.bold(self.line(self.heading, widths), coloured)]
        for row in self.rows {
            let line = self.line(row.cells, widths)
            lines.append(row.colour.map { $0(line, coloured) } ?? line)
            lines += row.below.map { "    \($0)" }
        }
        return lines
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) {
            if !line.isEmpty { line += "  " }
            line += cell + String(repeating: " ", count: width - displayWidth(cell))
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Columns of a terminal that a text takes: Chinese characters take two.
func displayWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { width, scalar in
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            width + 2
        default: width + (scalar.properties.generalCategory == .nonspacingMark ? 0 : 1)
        }
    }
}
