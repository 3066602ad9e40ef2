internal import XinglinKit

/// What a label shows (8.4, 8.5).
struct LabelCard: Equatable {
    struct Piece: Equatable {
        let nameZh: String
        let perDoseMg: Int64
        let cooking: Cooking
        /// What the doctor wrote, where the room does otherwise.
        var written: Cooking?
    }

    let siteZh: String
    let patientZh: String
    let sexZh: String
    let ageYears: Int
    let number: String
    let issuedOn: LocalDate
    let kindZh: String
    let doses: Int
    let dosesPerDay: Int
    let isExternal: Bool
    let pieces: [Piece]
    /// Duty and name, those that are known.
    let staff: [Member]

    struct Member: Equatable {
        let dutyZh: String
        let nameZh: String
    }
}

/// Where a label is stuck.
enum LabelKind: String, PrescriptionCode {
    case bag, pot

    var titleZh: String {
        switch self {
        case .bag: "中药饮片药袋标签"
        case .pot: "煎药桶标签"
        }
    }
}

/// A label as an SVG page of 100 mm width that any printer prints. It reads nothing but its card.
struct LabelPage {
    let card: LabelCard
    let kind: LabelKind

    private static let width = 1000
    private static let columns = 3

    /// The page; every text in it is escaped.
    var svg: String {
        var lines = LabelLines()
        lines.add(self.card.siteZh, size: 36)
        lines.add(self.kind.titleZh, size: 48, isBold: true)
        lines.rule()
        lines.add(
            "姓名：\(self.card.patientZh)　\(self.card.sexZh)　\(self.card.ageYears) 岁", size: 44, isBold: true)
        lines.add("处方号：\(self.card.number)", size: 28)
        lines.add("开具日期：\(self.card.issuedOn)　处方类别：\(self.card.kindZh)", size: 32)
        lines.add("共 \(self.card.doses) 剂　每日 \(self.card.dosesPerDay) 剂　\(self.useZh)", size: 40, isBold: true)
        lines.rule()
        lines.grid(
            self.card.pieces.map { piece in
                piece.nameZh + " " + grams(piece.perDoseMg)
                    + (piece.cooking == .none ? "" : "（\(piece.cooking.labelZh)）")
            }, columns: Self.columns, size: 32)
        for (labelZh, names) in self.special { lines.add("\(labelZh)：\(names)", size: 36, isBold: true) }
        for text in self.otherwise { lines.add(text, size: 36, isBold: true) }
        if self.kind == .pot {
            lines.rule()
            for row in Self.blanks { lines.grid(row, columns: 2, size: 32) }
        }
        lines.rule()
        lines.grid(self.card.staff.map { "\($0.dutyZh)：\($0.nameZh)" }, columns: 2, size: 30)
        return lines.page(width: Self.width)
    }

    private var useZh: String { self.card.isExternal ? "外用，不可内服" : "口服" }

    /// Pieces that the room boils otherwise than they were written.
    private var otherwise: [String] {
        self.card.pieces.compactMap { piece in
            piece.written.map {
                "注意：\(piece.nameZh)按\(Self.way(piece.cooking))处理（处方写：\(Self.way($0))）"
            }
        }
    }

    private static func way(_ cooking: Cooking) -> String { cooking == .none ? "同煎" : cooking.labelZh }

    /// What is boiled in a way of its own, way by way; with its weight where the same piece is boiled in two ways.
    private var special: [(String, String)] {
        let ways = Dictionary(grouping: self.card.pieces, by: \.nameZh).mapValues { Set($0.map(\.cooking)) }
        return Cooking.allCases.filter { $0 != .none }.compactMap { cooking in
            let names = self.card.pieces.filter { $0.cooking == cooking }.map { piece in
                piece.nameZh + ((ways[piece.nameZh]?.count ?? 1) > 1 ? " " + grams(piece.perDoseMg) : "")
            }
            return names.isEmpty ? nil : (cooking.labelZh, names.joined(separator: "、"))
        }
    }

    /// What is filled in by hand at the pot (8.5).
    private static let blanks = [
        ["开始浸泡：＿＿＿＿", "开始煎煮：＿＿＿＿"], ["结束煎煮：＿＿＿＿", "药液量：＿＿＿＿ ml"], ["煎药人：＿＿＿＿", "复核人：＿＿＿＿"],
    ]
}

/// Lines of text, one below the other, as SVG.
private struct LabelLines {
    private var body = ""
    private var y = 40

    /// Writes a text, over as many lines as it needs: a Chinese character is as wide as the type is high.
    mutating func add(_ text: String, size: Int, isBold: Bool = false) {
        for line in Self.wrapped(text, within: 920 / size) { self.line(line, x: 40, size: size, isBold: isBold) }
    }

    /// Writes texts side by side.
    mutating func grid(_ texts: [String], columns: Int, size: Int) {
        let width = 920 / columns
        for start in stride(from: 0, to: texts.count, by: columns) {
            let row = texts[start..<min(start + columns, texts.count)].map { Self.wrapped($0, within: width / size) }
            for number in 0..<(row.map(\.count).max() ?? 0) {
                self.y += size + 16
                for (column, cell) in row.enumerated() where number < cell.count {
                    self.text(cell[number], x: 40 + column * width, size: size, isBold: false)
                }
            }
        }
    }

    mutating func rule() {
        self.y += 20
        self.body +=
            "<line x1=\"40\" y1=\"\(self.y)\" x2=\"960\" y2=\"\(self.y)\" stroke=\"#000\" stroke-width=\"2\"/>\n"
    }

    func page(width: Int) -> String {
        let height = self.y + 40
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width / 10)mm" height="\((height + 9) / 10)mm" \
            viewBox="0 0 \(width) \(height)" font-family="'Noto Sans CJK SC','Source Han Sans SC',SimHei,sans-serif">
            <rect width="\(width)" height="\(height)" fill="#fff"/>
            \(self.body)</svg>

            """
    }

    private mutating func line(_ text: String, x: Int, size: Int, isBold: Bool) {
        self.y += size + 16
        self.text(text, x: x, size: size, isBold: isBold)
    }

    private mutating func text(_ text: String, x: Int, size: Int, isBold: Bool) {
        let weight = isBold ? " font-weight=\"bold\"" : ""
        self.body += "<text x=\"\(x)\" y=\"\(self.y)\" font-size=\"\(size)\"\(weight)>\(Self.escaped(text))</text>\n"
    }

    /// Half-width characters count half.
    private static func wrapped(_ text: String, within width: Int) -> [String] {
        var lines = [""]
        var used = 0
        for character in text {
            let cost = character.isASCII ? 1 : 2
            if used + cost > 2 * width {
                lines.append("")
                used = 0
            }
            lines[lines.count - 1].append(character)
            used += cost
        }
        return lines
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
