internal import XinglinKit
internal import XinglinRPC

/// A refusal as people read it.
enum ErrorReport {
    /// Message, hint, reason and details in a terminal; the error object as it came, one line, in a pipe.
    static func text(_ json: [UInt8], _ locale: Locale, isTerminal: Bool) -> [UInt8] {
        isTerminal ? self.readable(json, locale, coloured: true) : json
    }

    /// Message, hint, reason and details, each on lines of their own.
    static func readable(_ json: [UInt8], _ locale: Locale, coloured: Bool) -> [UInt8] {
        guard let error = try? JSONReader.parse(json), let message = error["message"]?.stringValue else { return json }
        let data = error["data"] ?? [:]
        var lines = [Colour.red(message, coloured)]
        if let hint = data["hint"]?.stringValue { lines.append(hint) }
        func line(_ label: LocalizedText, _ text: String) { lines.append(Colour.grey(label[locale], coloured) + text) }
        if let reason = data["reason"]?.stringValue { line(.init(zh: "原因  ", en: "reason   "), reason) }
        if let details = data["details"] {
            line(.init(zh: "详情  ", en: "details  "), self.details(details, locale, coloured: coloured))
        }
        if let trace = data["trace"]?.stringValue { line(.init(zh: "编号  ", en: "trace    "), trace) }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Places that are not as required are listed as `place: what is expected`; anything else is JSON.
    private static func details(_ details: JSONValue, _ locale: Locale, coloured: Bool) -> String {
        let violations = (details.arrayValue ?? []).compactMap { self.violation($0, locale) }
        if !violations.isEmpty, violations.count == details.arrayValue?.count {
            return violations.count == 1 ? violations[0] : violations.map { "\n  \($0)" }.joined()
        }
        return String(
            decoding: PrettyJSON.format(Array(details.canonicalText.utf8), coloured: coloured), as: UTF8.self)
    }

    private static func violation(_ entry: JSONValue, _ locale: Locale) -> String? {
        guard let pointer = entry["pointer"]?.stringValue, let expected = entry["expected"]?.stringValue else {
            return nil
        }
        switch locale {
        case .zh: return "\(pointer.isEmpty ? "params" : pointer)：应为 \(entry["expectedZh"]?.stringValue ?? expected)"
        case .en: return "\(pointer.isEmpty ? "params" : pointer): expected \(expected)"
        }
    }
}
