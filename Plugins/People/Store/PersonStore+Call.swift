internal import XinglinKit

extension PersonDetails {
    /// Reads what was typed.
    /// - Throws: `people.documentInvalid` or `host.invalidParams`.
    static func reading(_ typed: Typed, _ call: Call) throws -> PersonDetails {
        do throws(Refusal) {
            return try PersonDetails(typed, today: call.today)
        } catch {
            throw error.fault
        }
    }
}

extension PersonStore.Row {
    /// Seals what is sealed.
    init(_ id: RecordID, _ details: PersonDetails, _ call: Call) throws {
        self.id = id
        self.details = details
        self.phone = try details.phone.map { try call.seal($0, for: Sealed.phone, row: id) }
        self.address = try details.address.map { try call.seal($0, for: Sealed.address, row: id) }
    }
}

extension PersonStore {
    /// The refusal of a document that somebody has.
    static func existing(_ document: SealedDocument, _ call: Call) throws -> Fault {
        guard let (holder, isRegistered) = try call.db.first(Self.holder(of: document), as: (RecordID, Bool).self)
        else { return HostFault.conflict.fault() }
        call.note("existingPersonId", .string(holder.description))
        return PeopleFault.exists(holder, isRegisteredHere: isRegistered)
    }

    /// The cards of the ids that the readable sites know, in the order asked.
    static func cards(_ ids: [RecordID], unmasked: Bool = false, _ call: Call) throws -> [(RecordID, PersonCard)] {
        let rows = try call.db.query(Self.cards(asked: ids), as: PersonCard.Columns.self)
        var found: [RecordID: PersonCard] = [:]
        for row in rows { found[row.0] = try PersonCard(row, unmasked: unmasked, call) }
        return ids.compactMap { id in found[id].map { (id, $0) } }
    }
}

extension Snapshot {
    /// The person itself, without what merged records add.
    init(_ row: PersonCard.Columns, _ call: Call) throws {
        self.nameZh = row.2
        self.sex = row.3
        self.birthDate = row.4
        if row.8 == row.1, let kind = row.9, let number = row.10 {
            self.document = Document(kind: kind, number: try call.open(number, of: Sealed.document, row: row.1))
        }
        self.phone = try row.5.map { try call.open($0, of: Sealed.phone, row: row.1) }
        self.address = try row.6.map { try call.open($0, of: Sealed.address, row: row.1) }
    }
}
