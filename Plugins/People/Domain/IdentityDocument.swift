internal import XinglinKit

/// A document that names one person: its kind and its number in normal form.
struct IdentityDocument: Equatable {
    let kind: DocumentKind
    let number: String
    /// What a citizen number says of its holder.
    let citizen: CitizenNumber?

    /// - Throws: what is wrong with the number.
    init(kind: DocumentKind, number: String, today: LocalDate) throws(DisagreementList) {
        let normal = PlainText.number(number)
        self.kind = kind
        switch kind {
        case .citizenId:
            let citizen = try CitizenNumber(normal, today: today)
            self.citizen = citizen
            self.number = citizen.text
        case .passport:
            guard (5...20).contains(normal.utf8.count), normal.utf8.allSatisfy(Self.isLetterOrDigit) else {
                throw DisagreementList([.format])
            }
            self.citizen = nil
            self.number = normal
        case .other:
            guard (4...40).contains(normal.unicodeScalars.count) else { throw DisagreementList([.format]) }
            // Under another kind the same number would make a second person of its holder.
            guard (try? CitizenNumber(normal, today: today)) == nil else { throw DisagreementList([.kind]) }
            self.citizen = nil
            self.number = normal
        }
    }

    /// Checks what else is said of the person against the number.
    func disagreements(sex: Sex?, birthDate: LocalDate?) -> [CitizenNumber.Disagreement] {
        guard let citizen = self.citizen else { return [] }
        var found: [CitizenNumber.Disagreement] = []
        if let sex, sex.isStated, sex != citizen.sex { found.append(.sex) }
        if let birthDate, birthDate != citizen.birthDate { found.append(.birthDate) }
        return found
    }

    /// The forms in which a number may have been recorded: as it is, and a citizen number of 15 digits as one of 18.
    static func searchForms(of number: String, today: LocalDate) -> [String] {
        let normal = PlainText.number(number)
        guard let citizen = try? CitizenNumber(normal, today: today), citizen.text != normal else { return [normal] }
        return [normal, citizen.text]
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
    }
}
