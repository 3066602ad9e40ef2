internal import XinglinKit

/// What the catalogue says of a piece, field by field, as the database has it.
struct PieceContent: Equatable {
    let code: String
    let revision: Int
    /// Whether the county has added the piece.
    let isCounty: Bool
    /// By the field's code; absent where there is nothing.
    private(set) var values: [String: String]

    init(code: String, revision: Int, isCounty: Bool, values: [String: String]) {
        self.code = code
        self.revision = revision
        self.isCounty = isCounty
        self.values = values
    }

    /// A field that changes, in its written form.
    struct Change: Equatable {
        let field: PieceField
        let old: String
        let new: String

        static func == (left: Change, right: Change) -> Bool {
            (left.field.code, left.old, left.new) == (right.field.code, right.old, right.new)
        }
    }

    /// A field that cannot have the value it is to have.
    struct Refused: Error, Equatable {
        let field: String
        let text: LocalizedText
    }

    func cell(_ field: PieceField) -> String { field.cell(self.values[field.code]) }

    /// The columns of all fields, for the database.
    var columns: [String: JSONValue] {
        PieceField.all.reduce(into: [:]) { members, field in
            members.merge(field.columns(self.values[field.code])) { _, new in new }
        }
    }

    /// The columns of what is changed. Fields that must agree go together, so that a later data file cannot part them.
    func columns(of changes: [Change]) -> [String: JSONValue] {
        let changed = Set(changes.map(\.field.code))
        let together = Self.bound.filter { !changed.isDisjoint(with: $0) }.reduce(changed) { $0.union($1) }
        return PieceField.all.filter { together.contains($0.code) }.reduce(into: [:]) { members, field in
            members.merge(field.columns(self.values[field.code])) { _, new in new }
        }
    }

    private static let bound: [Set<String>] = [["doseMinMg", "doseMaxMg"], ["controlledToxic28", "controlClass"]]

    /// What differs from it in another version, in the order of the fields.
    func changes(to other: PieceContent) -> [Change] {
        PieceField.all.compactMap { field in
            let (old, new) = (self.cell(field), other.cell(field))
            return old == new ? nil : Change(field: field, old: old, new: new)
        }
    }

    /// The piece with other values, by the fields' codes.
    /// - Throws: every field that cannot have its value, the first alone where several cannot go together.
    func with(_ cells: [String: String]) -> Result<PieceContent, RefusedFields> {
        var next = self
        var refused: [Refused] = []
        for field in PieceField.all {
            guard let cell = cells[field.code] else { continue }
            switch field.read(cell) {
            case .value(let value): next.values[field.code] = value
            case .malformed: refused.append(Refused(field: field.code, text: field.wanted))
            }
        }
        if refused.isEmpty { refused = next.contradictions(since: self) }
        return refused.isEmpty ? .success(next) : .failure(RefusedFields(fields: refused))
    }

    struct RefusedFields: Error {
        let fields: [Refused]
    }

    private func contradictions(since old: PieceContent) -> [Refused] {
        var refused: [Refused] = []
        let dose = (self.values["doseMinMg"].flatMap(Int64.init), self.values["doseMaxMg"].flatMap(Int64.init))
        switch dose {
        case (nil, nil): break
        case (let low?, let high?) where low <= high: break
        default:
            refused.append(
                Refused(
                    field: "doseMaxMg",
                    text: .init(zh: "最小量和最大量须同填，且不颠倒", en: "both doses or neither, the least not above the greatest")))
        }
        let control = self.values["controlClass"]
        if (self.values["controlledToxic28"] == "true") != (control == ControlClass.toxic.rawValue) {
            refused.append(
                Refused(
                    field: "controlClass",
                    text: .init(zh: "毒性药品即二十八种毒性中药，两栏须一致", en: "toxic exactly for the 28 kinds: both fields agree")))
        }
        let byLaw = [ControlClass.toxic, .narcotic].map(\.rawValue)
        if old.revision > 0, let former = old.values["controlClass"], byLaw.contains(former), former != control {
            refused.append(
                Refused(
                    field: "controlClass",
                    text: .init(zh: "法定管制不能由县级放宽", en: "what the law controls stays under its control")))
        }
        return refused
    }
}
