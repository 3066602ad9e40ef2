internal import XinglinKit

/// A page to print on A4: complete in itself, without script and without anything from elsewhere. It reads nothing but what it is given, and
/// escapes all of it.
struct PrintedPage {
    /// A part of the page: a heading, its count, and its rows.
    struct Section {
        let heading: String
        let count: String
        let rows: [[String]]
    }

    let siteZh: String
    let title: String
    let asOf: LocalDate
    let columns: [String]
    let sections: [Section]
    /// What all sections come to.
    let total: String
    /// How the names stand on it, and what for.
    let remark: String

    /// Rows of one page.
    static let mostRows = 2000
    /// Characters of one page: a reply has at most 1,000,000 bytes, and a Chinese character three.
    static let mostBytes = 900_000

    private static let style = """
        @page{size:A4;margin:18mm 15mm}body{font:10.5pt 'Noto Serif CJK SC','Source Han Serif SC',SimSun,serif;margin:0;color:#000}\
        h1{font-size:18pt;text-align:center;margin:0 0 4mm}h2{font-size:12pt;margin:6mm 0 2mm;break-after:avoid}\
        p{margin:1mm 0}.line{display:flex;justify-content:space-between}\
        table{border-collapse:collapse;width:100%}thead{display:table-header-group}tr{break-inside:avoid}\
        th,td{border:.3mm solid #000;padding:1mm 1.5mm;text-align:left}th{font-weight:bold}.no{text-align:right}
        """

    var html: String {
        var text = "<!DOCTYPE html>\n<html lang='zh-CN'><head><meta charset='utf-8'><title>\(Self.escaped(self.title))"
        text += "</title><style>\(Self.style)</style></head><body>\n<h1>\(Self.escaped(self.title))</h1>\n"
        text +=
            "<p class='line'><span>\(Self.escaped(self.siteZh))</span><span>截至 \(Self.written(self.asOf))</span></p>\n"
        var number = 0
        for section in self.sections {
            text += "<h2>\(Self.escaped(section.heading))</h2>\n<p>\(Self.escaped(section.count))</p>\n"
            guard !section.rows.isEmpty else { continue }
            text += "<table><thead><tr><th>序号</th>"
            for column in self.columns { text += "<th>\(Self.escaped(column))</th>" }
            text += "</tr></thead><tbody>\n"
            for row in section.rows {
                number += 1
                text += "<tr><td class='no'>\(number)</td>"
                for cell in row { text += "<td>\(Self.escaped(cell))</td>" }
                text += "</tr>\n"
            }
            text += "</tbody></table>\n"
        }
        text += "<h2>\(Self.escaped(self.total))</h2>\n<p>\(Self.escaped(self.remark))</p>\n</body></html>\n"
        return text
    }

    /// 2026年11月22日
    static func written(_ day: LocalDate) -> String {
        let (year, month, date) = day.civil
        return "\(year)年\(month)月\(date)日"
    }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x26, 0x27, 0x3C, 0x3E].contains($0) }) else { return text }
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

    /// How names stand on the page.
    static func remark(_ purpose: ViewPurpose?) -> String {
        purpose == nil ? "姓名已作脱敏处理。" : "含党员个人信息，仅限内部使用，请妥善保管。"
    }
}
