/// One record: a label and a value a line, the values aligned.
enum FieldList {
    static func lines(_ fields: [(label: String, value: String)]) -> [String] {
        let shown = fields.filter { !$0.value.isEmpty }
        let width = shown.map { displayWidth($0.label) }.max() ?? 0
        return shown.map { field in
            field.label + String(repeating: " ", count: width - displayWidth(field.label) + 2) + field.value
        }
    }
}
