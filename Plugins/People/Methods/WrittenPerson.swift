internal import XinglinKit

/// A person as a file of another module writes them: fields as they were typed, judged like a line of `people.residents`.
struct WrittenPerson: Codable, Sendable {
    var nameZh: String?
    var sex: String?
    var birthDate: String?
    var documentKind: String?
    var documentNumber: String?
    var phone: String?
    var address: String?

    /// Persons of one call.
    static let most = 1000

    static let schema = Schema.object(
        .optional("nameZh", Self.typed, "The name as in the document; judged as missing where it is absent."),
        .optional("sex", Self.typed, "A code, 男 or 女, or the digit of GB/T 2261.1."),
        .optional("birthDate", Self.typed, "Such as 2001-02-03; a citizen number gives it."),
        .optional("documentKind", Self.typed, "A code or its Chinese label; citizenId unless told."),
        .optional("documentNumber", Self.typed, "The whole number; a citizen number of 15 digits is converted."),
        .optional("phone", Self.typed, "A telephone number."),
        .optional("address", Self.typed, "Where the person lives."))

    /// Anything may have been typed; what is wrong with it is told by field, not by refusing the call.
    private static let typed = Schema.opaque(1...1000)

    /// The same as a line of an import.
    func line(_ number: Int) -> ImportLine {
        var values: [String: String] = [:]
        values["nameZh"] = self.nameZh
        values["sex"] = self.sex
        values["birthDate"] = self.birthDate
        values["documentKind"] = self.documentKind
        values["documentNumber"] = self.documentNumber
        values["phone"] = self.phone
        values["address"] = self.address
        return ImportLine(number: number, values: values)
    }
}
