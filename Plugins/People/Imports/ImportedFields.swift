internal import XinglinKit

/// Fields of a line as files write them.
enum ImportedFields {
    /// `2001-02-03`, `2001/2/3`, `2001.2.3`, `20010203` or `2001年2月3日`.
    static func date(_ text: String) -> LocalDate? {
        let plain = PlainText.halfWidth(text)
        if plain.utf8.count == 8, plain.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            let month = plain.index(plain.startIndex, offsetBy: 4)
            let day = plain.index(month, offsetBy: 2)
            return self.date(plain[..<month], plain[month..<day], plain[day...])
        }
        let parts = plain.split(omittingEmptySubsequences: false) { "-/.年月".contains($0) }
        guard parts.count == 3, parts[0].utf8.count == 4 else { return nil }
        let last = parts[2].hasSuffix("日") ? parts[2].dropLast() : parts[2]
        return self.date(parts[0], parts[1], last)
    }

    private static func date(_ year: Substring, _ month: Substring, _ day: Substring) -> LocalDate? {
        let numbers = [year, month, day].map { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && part.utf8.count <= 4 ? Int(part) : nil
        }
        guard let year = numbers[0], let month = numbers[1], let day = numbers[2] else { return nil }
        return LocalDate(year: year, month: month, day: day)
    }

    /// A code, a label, or the digit of GB/T 2261.1.
    static func sex(_ text: String) -> Sex? {
        switch PlainText.halfWidth(text) {
        case "0": .unknown
        case "1": .male
        case "2": .female
        case "9": .notStated
        default: Sex(written: text)
        }
    }

    /// A code or a label; 身份证 for short.
    static func documentKind(_ text: String) -> DocumentKind? {
        text == "身份证" ? .citizenId : DocumentKind(written: text)
    }

    /// What a typed line says of a person.
    /// - Throws: everything that is wrong with its fields.
    static func person(_ line: ImportLine, today: LocalDate) throws(ImportRefusal) -> PersonDetails {
        var faults: [ImportFault] = []
        func read<Value>(_ column: String, _ fault: LocalizedText, _ body: (String) -> Value?) -> Value? {
            guard let text = line[column] else { return nil }
            let value = body(text)
            if value == nil { faults.append(ImportFault(column, fault)) }
            return value
        }
        let kind = read("documentKind", Self.badKind, Self.documentKind)
        var typed = PersonDetails.Typed(nameZh: line["nameZh"] ?? "")
        typed.sex = read("sex", Self.badSex, Self.sex)
        typed.birthDate = read("birthDate", Self.badDate, Self.date)
        typed.document = line["documentNumber"].map { (kind ?? .citizenId, $0) }
        typed.phone = line["phone"]
        typed.address = read("address", Self.badAddress) { $0.unicodeScalars.count <= 200 ? $0 : nil }
        for column in ["nameZh", "address", "documentNumber"] where line[column].map(Self.isPlain) == false {
            faults.append(ImportFault(column, Self.badText))
        }
        do throws(PersonDetails.Refusal) {
            let details = try PersonDetails(typed, today: today)
            guard faults.isEmpty else { throw PersonDetails.Refusal() }
            return details
        } catch {
            let seen = Set(faults.map(\.field))
            faults += error.disagreements.map { ImportFault("documentNumber", $0.text) }
            faults += error.objections.filter { !seen.contains($0.field) }.map { ImportFault($0.field, $0.text) }
            throw ImportRefusal(faults: faults)
        }
    }

    /// Without control characters (the separator of prepared lines is one) and what else cannot be seen, as the methods
    /// demand it of typed text.
    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
            default: true
            }
        }
    }

    private static let badKind = LocalizedText(
        zh: "证件类型须为：\(DocumentKind.labelsZh)", en: "one of \(DocumentKind.codes.joined(separator: ", "))")
    private static let badSex = LocalizedText(
        zh: "性别须为：\(Sex.labelsZh)", en: "one of \(Sex.codes.joined(separator: ", "))")
    private static let badDate = LocalizedText(zh: "日期须写作 2001-02-03", en: "a date such as 2001-02-03")
    private static let badAddress = LocalizedText(zh: "住址至多 200 个字", en: "an address of at most 200 characters")
    private static let badText = LocalizedText(zh: "含有不可见的控制字符", en: "it contains control characters")
}

/// Why a line cannot be imported.
struct ImportRefusal: Error {
    let faults: [ImportFault]
}
