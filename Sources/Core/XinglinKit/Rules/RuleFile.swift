/// The values that a module ships, each once for a version.
public struct RuleFile: Sendable {
    public let lines: [RuleLine]

    /// Reads a module's Data/rules.csv.
    /// - Throws: `DataFileRefused` with the first line that is not as expected.
    public init(parsing file: [UInt8], bounds: RuleBounds) throws {
        let table = try StrictTable(parsing: file, name: "rules.csv", columns: RuleLine.columns)
        var seen: Set<[String]> = []
        self.lines = try table.rows.map { row in
            let line = try RuleLine(row, bounds: bounds)
            guard seen.insert([line.key.rule, line.key.parameter, String(line.version)]).inserted else {
                throw row.refused("parameter")
            }
            return line
        }
    }
}
