internal import XinglinKit

/// `people.person.checkMany`
struct CheckManyPersons: RPCMethod {
    struct Params: Codable, Sendable {
        let persons: [WrittenPerson]
    }

    struct Reply: Codable, Sendable {
        let persons: [Judged]
    }

    struct Judged: Codable, Sendable {
        let faults: [Objection]
        var personId: RecordID?
        var documentNumber: String?
        var sex: Sex?
        var birthDate: LocalDate?
    }

    struct Objection: Codable, Sendable {
        var field: String?
        let textZh: String
        let textEn: String
    }

    static let name = "people.person.checkMany"
    static let summary = """
        Judges persons as another module's file writes them, as people.residents does: fields, citizen numbers (GB 11643-1999), and whether \
        the county's index has their document under the same name. It records nothing.
        """
    static let effect = Effect.read
    static let access = Access.modules
    static let params = Schema.object(
        .required("persons", .array(WrittenPerson.schema, 1...WrittenPerson.most), "The persons."))
    static let reply = Schema.object(
        .required("persons", .array(Self.judged, 0...WrittenPerson.most), "One verdict for each, in the order asked."))

    private static let judged = Schema.object(
        .required(
            "faults",
            .array(
                .object(
                    .optional("field", .code(1...40), "The field; absent where it is the whole person."),
                    .required("textZh", .text(1...200), "What is wrong, without the value."),
                    .required("textEn", .text(1...200), "The same in English.")), 0...20),
            "Everything that is wrong with the person; nothing where the person can be recorded."),
        .optional("personId", .id, "Who has the document; only where the name agrees."),
        .optional("documentNumber", .text(1...40), "The number in the form in which it is kept; without faults only."),
        .optional("sex", .enumeration(Sex.codes), "As given or as the citizen number says; without faults only."),
        .optional("birthDate", .date, "As given or as the citizen number says; without faults only."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let reads = params.persons.enumerated().map { Self.read($0.element.line($0.offset), call) }
        let keys = try reads.map { read -> (kind: String, index: String)? in
            guard case .success(let details) = read, let document = details.document else { return nil }
            let index = try call.blindIndex(document.number, of: Sealed.document)
            return index.sqlText.map { (document.kind.rawValue, $0) }
        }
        let holders = try PersonImport.holders(indexes: keys.compactMap { $0?.index }, call)
        let persons = zip(reads, keys).map { read, key in
            switch read {
            case .failure(let refusal): Judged(faults: refusal.faults.map(Self.objection))
            case .success(let details):
                Self.judged(details, key.flatMap { holders[PersonImport.key($0.kind, $0.index)] })
            }
        }
        call.recordAccess(basis: Purpose.registration.rawValue, subjects: persons.compactMap(\.personId))
        return Reply(persons: persons)
    }

    private static func read(_ line: ImportLine, _ call: Call) -> Result<PersonDetails, ImportRefusal> {
        do throws(ImportRefusal) {
            return .success(try ImportedFields.person(line, today: call.today))
        } catch {
            return .failure(error)
        }
    }

    private static func judged(_ details: PersonDetails, _ holder: PersonImport.Holder?) -> Judged {
        if let fault = PersonImport.nameFault(details, holder) { return Judged(faults: [Self.objection(fault)]) }
        return Judged(
            faults: [], personId: holder?.personID, documentNumber: details.document?.number, sex: details.sex,
            birthDate: details.birthDate)
    }

    private static func objection(_ fault: ImportFault) -> Objection {
        Objection(field: fault.field, textZh: fault.text.zh, textEn: fault.text.en)
    }

    static var examples: Examples<Params, Reply> {
        let person = WrittenPerson(
            nameZh: "张三", sex: "女", birthDate: "1949-12-31", documentKind: "居民身份证",
            documentNumber: Sample.document.number, phone: "138 0000 1234", address: "某县某镇某村一组")
        let text = CitizenNumber.Disagreement.checkDigit.text
        return Examples(
            full: (
                Params(persons: [person, person]),
                Reply(persons: [
                    Judged(
                        faults: [], personId: Sample.person, documentNumber: Sample.document.number, sex: .female,
                        birthDate: Sample.bornOn),
                    Judged(faults: [Objection(field: "documentNumber", textZh: text.zh, textEn: text.en)]),
                ])
            ),
            minimal: (
                Params(persons: [WrittenPerson()]), Reply(persons: [Judged(faults: [])])
            ))
    }
}
