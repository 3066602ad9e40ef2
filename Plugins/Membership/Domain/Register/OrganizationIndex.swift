internal import XinglinKit

/// The Party organisations that files name, by id, by name, or by `parent/name` where several have one name.
struct OrganizationIndex: Sendable {
    struct Entry: Sendable {
        let id: RecordID
        let keptAt: RecordID
        let kind: OrganizationKind
        let nameZh: String
        let parentID: RecordID?
        let foundedOn: LocalDate
        let isEnded: Bool
    }

    /// What a text names.
    enum Found: Sendable {
        case none
        case one(Entry)
        case several
    }

    private(set) var byID: [RecordID: Entry] = [:]
    private var byName: [String: [RecordID]] = [:]

    init(_ entries: [Entry]) {
        for entry in entries { self.add(entry) }
    }

    mutating func add(_ entry: Entry) {
        self.byID[entry.id] = entry
        self.byName[Self.key(entry.nameZh), default: []].append(entry.id)
    }

    /// The organisation that a file writes so, of those that fit.
    func find(_ text: String, where fits: (Entry) -> Bool) -> Found {
        if let id = RecordID(text) { return Self.one(of: [self.byID[id]].compactMap(\.self).filter(fits)) }
        let named = self.named(text).filter(fits)
        if !named.isEmpty { return Self.one(of: named) }
        guard let cut = text.lastIndex(where: { $0 == "/" || $0 == "／" }) else { return .none }
        let parent = Self.key(String(text[..<cut]))
        let below = self.named(String(text[text.index(after: cut)...])).filter { entry in
            guard let above = entry.parentID.flatMap({ self.byID[$0] }) else { return false }
            return Self.key(above.nameZh) == parent
        }
        return Self.one(of: below.filter(fits))
    }

    /// The shortest text that `find` takes back to the organisation.
    func written(_ id: RecordID, where fits: (Entry) -> Bool) -> String {
        guard let entry = self.byID[id] else { return id.description }
        var forms = [entry.nameZh]
        if let above = entry.parentID.flatMap({ self.byID[$0] }) { forms.append("\(above.nameZh)/\(entry.nameZh)") }
        return forms.first { form in
            if case .one(let found) = self.find(form, where: fits) { found.id == id } else { false }
        } ?? id.description
    }

    private func named(_ name: String) -> [Entry] { (self.byName[Self.key(name)] ?? []).compactMap { self.byID[$0] } }

    private static func one(of entries: [Entry]) -> Found {
        entries.count > 1 ? .several : entries.first.map { .one($0) } ?? .none
    }

    /// Names are compared without blanks, and whatever their width: （ and ( are mixed.
    static func key(_ name: String) -> String { String(HalfWidth.of(name).filter { !$0.isWhitespace }).lowercased() }
}
