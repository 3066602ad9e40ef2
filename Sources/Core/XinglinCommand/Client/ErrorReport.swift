internal import XinglinKit
internal import XinglinRPC

/// A refusal as people read it.
enum ErrorReport {
    /// Message, hint, reason and details in a terminal; the error object as it came, one line, in a pipe.
    static func text(_ json: [UInt8], _ locale: Locale, isTerminal: Bool) -> [UInt8] {
        guard isTerminal, let error = try? JSONReader.parse(json), let message = error["message"]?.stringValue else {
            return json
        }
        var lines = [Colour.red(message, true)]
        if let hint = error["data"]?["hint"]?.stringValue { lines.append(hint) }
        func line(_ label: LocalizedText, _ text: String) { lines.append(Colour.grey(label[locale], true) + text) }
        if let reason = error["data"]?["reason"]?.stringValue { line(.init(zh: "原因  ", en: "reason   "), reason) }
        if let details = error["data"]?["details"] {
            let pretty = PrettyJSON.format(Array(details.canonicalText.utf8), coloured: true)
            line(.init(zh: "详情  ", en: "details  "), String(decoding: pretty, as: UTF8.self))
        }
        if let trace = error["data"]?["trace"]?.stringValue { line(.init(zh: "编号  ", en: "trace    "), trace) }
        return Array(lines.joined(separator: "\n").utf8)
    }
}
