internal import XinglinKit

/// Judges the lines of a file of organisations in their order: each may name one of the lines before it as its parent.
struct OrganizationDesk {
    private var known: OrganizationIndex
    private let site: RecordID
    private let today: LocalDate
    /// Names of lines that have faults: what names them as its parent cannot be right.
    private var faulty: Set<String> = []

    init(_ known: OrganizationIndex, site: RecordID, today: LocalDate) {
        self.known = known
        self.site = site
        self.today = today
    }

    /// - Parameter id: what the organisation gets where it is new.
    mutating func verdict(_ line: ImportLine, id: RecordID) -> ImportVerdict {
        var faults: [ImportFault] = []
        let name = line["nameZh"].map(PlainText.trimmed) ?? ""
        if name.isEmpty { faults.append(ImportFault("nameZh", RegisterText.missing)) }
        if !Self.isPlain(name) { faults.append(ImportFault("nameZh", RegisterText.badName)) }
        let kind = self.kind(line, &faults)
        let founded = self.founded(line, &faults)
        let parent = self.parent(line, &faults)
        if let kind { self.judge(kind, founded, below: parent, of: line, &faults) }
        guard faults.isEmpty, let kind, let founded else {
            self.faulty.insert(OrganizationIndex.key(name))
            return .faulty(faults)
        }
        let unique = Array("\(parent?.id.description ?? "") \(OrganizationIndex.key(name))".utf8)
        let twin = self.known.find(name) { $0.parentID == parent?.id && !$0.isEnded && $0.id != id }
        if case .one(let twin) = twin, !self.isOfFile(twin) {
            return self.verdict(onTwin: twin, kind, founded, unique)
        }
        if case .none = twin {
            self.known.add(
                OrganizationIndex.Entry(
                    id: id, keptAt: self.site, kind: kind, nameZh: name, parentID: parent?.id, foundedOn: founded,
                    isEnded: false))
            self.ofFile.insert(id)
        }
        let founding = RegisterStore.Founding(
            id: id, kind: kind, nameZh: name, parent: parent?.id, foundedOn: founded)
        return .good(prepared: PreparedOrganization.content(founding), unique: unique)
    }

    /// The organisations of lines before; a line that comes again is told as such by the host.
    private var ofFile: Set<RecordID> = []

    private func isOfFile(_ entry: OrganizationIndex.Entry) -> Bool { self.ofFile.contains(entry.id) }

    /// What is recorded already must be just so.
    private func verdict(
        onTwin twin: OrganizationIndex.Entry, _ kind: OrganizationKind, _ founded: LocalDate, _ unique: [UInt8]
    ) -> ImportVerdict {
        var faults: [ImportFault] = []
        if twin.kind != kind { faults.append(ImportFault("kind", RegisterText.exists)) }
        if twin.foundedOn != founded { faults.append(ImportFault("foundedOn", RegisterText.exists)) }
        if twin.keptAt != self.site { faults.append(ImportFault("nameZh", RegisterText.exists)) }
        return faults.isEmpty ? .good(prepared: PreparedMember.unchanged, unique: unique) : .faulty(faults)
    }

    private func kind(_ line: ImportLine, _ faults: inout [ImportFault]) -> OrganizationKind? {
        guard let text = line["kind"] else {
            faults.append(ImportFault("kind", RegisterText.missing))
            return nil
        }
        let kind = OrganizationKind.allCases.first {
            $0.labelZh == text || $0.rawValue.lowercased() == text.lowercased()
        }
        if kind == nil { faults.append(ImportFault("kind", RegisterText.kind)) }
        return kind
    }

    private func founded(_ line: ImportLine, _ faults: inout [ImportFault]) -> LocalDate? {
        guard let text = line["foundedOn"] else {
            faults.append(ImportFault("foundedOn", RegisterText.missing))
            return nil
        }
        do throws(WrittenDate.Trouble) {
            let day = try WrittenDate.read(text)
            if day > self.today { faults.append(ImportFault("foundedOn", RegisterText.future)) }
            return day
        } catch {
            faults.append(ImportFault("foundedOn", error.text))
            return nil
        }
    }

    private func parent(_ line: ImportLine, _ faults: inout [ImportFault]) -> OrganizationIndex.Entry? {
        guard let text = line["parent"] else { return nil }
        switch self.known.find(text, where: { !$0.isEnded }) {
        case .one(let entry): return entry
        case .several: faults.append(ImportFault("parent", RegisterText.organizationAmbiguous))
        case .none:
            let isFaulty = self.faulty.contains(OrganizationIndex.key(text))
            faults.append(ImportFault("parent", isFaulty ? RegisterText.parentFaulty : RegisterText.parentUnknown))
        }
        return nil
    }

    private func judge(
        _ kind: OrganizationKind, _ founded: LocalDate?, below parent: OrganizationIndex.Entry?, of line: ImportLine,
        _ faults: inout [ImportFault]
    ) {
        guard let parent else {
            // A group without a parent; one whose parent cannot be read was told of that.
            if line["parent"] == nil, !kind.mayBeTop { faults.append(ImportFault("parent", RegisterText.missing)) }
            return
        }
        if !kind.parents.contains(parent.kind) { faults.append(ImportFault("parent", RegisterText.parentUnfit)) }
        if let founded, founded < parent.foundedOn { faults.append(ImportFault("parent", RegisterText.parentLater)) }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.count <= 100
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
                default: true
                }
            }
    }
}
