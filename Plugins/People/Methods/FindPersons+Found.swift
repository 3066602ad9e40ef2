internal import XinglinKit

extension FindPersons {
    /// A row of the search in the county: whether a readable site knows the person, then a card.
    typealias County = (
        Bool, RecordID, RecordID, String, Sex, LocalDate?, SQLBytes?, SQLBytes?, Int64, RecordID?, DocumentKind?,
        SQLBytes?, String?
    )
    /// A row of the search for a name: its pinyin, then a card.
    typealias Named = (
        String, RecordID, RecordID, String, Sex, LocalDate?, SQLBytes?, SQLBytes?, Int64, RecordID?, DocumentKind?,
        SQLBytes?, String?
    )

    /// Who is not known here is shown with a masked name only.
    static func county(_ row: County, _ call: Call) throws -> Found {
        let card = try PersonCard(
            (row.1, row.2, row.3, row.4, row.5, row.6, row.7, row.8, row.9, row.10, row.11, row.12),
            unmasked: false, call)
        return Found(card, registered: row.0)
    }

    static var examples: Examples<Params, Reply> {
        let found = Found(Sample.card)
        return Examples(
            full: (
                Params(
                    documentNumber: Sample.document.number, temporaryNumber: Sample.temporaryNumber, namePrefix: "张",
                    pinyinPrefix: "zhang", birthDate: Sample.bornOn, basis: .treatment, limit: 1,
                    after: Page.cursor("zhangsan", Sample.person.description)),
                Reply(persons: [found], next: Page.cursor("zhangsan", Sample.person.description))
            ),
            minimal: (Params(pinyinPrefix: "zs"), Reply(persons: [])))
    }
}

extension FindPersons.Found {
    init(_ card: PersonCard, registered: Bool = true) {
        self.init(
            personId: card.personId, nameZh: registered ? card.nameZh : Masking.name(card.nameZh), sex: card.sex,
            sexZh: card.sexZh, birthDate: card.birthDate, documentKind: card.documentKind,
            documentMasked: card.documentMasked, registered: registered)
    }
}
