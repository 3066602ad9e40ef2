internal import XinglinHost

/// The variables that begin with `XINGLIN_`.
enum EnvironmentNames {
    /// What is read and is no setting: passwords for the terminal's place, and what the tests choose.
    private static let others: Set<String> = [
        "XINGLIN_PASSWORD", "XINGLIN_NEW_PASSWORD", "XINGLIN_ENROLMENT_CODE", "XINGLIN_BINARY", "XINGLIN_SEED",
        "XINGLIN_RESIDENTS", "XINGLIN_BACKUP_PASSPHRASE",
    ]
    private static let modules = "XINGLIN_MODULES_"

    /// A mistyped variable would be passed over without a word.
    /// - Throws: `SettingsError.unknownVariable` for the first one that nothing reads.
    static func check(_ environment: [String: String]) throws {
        let settings = SettingTable.keys.map(\.environmentName)
        let known = self.others.union(settings)
        for name in environment.keys.sorted() where name.hasPrefix("XINGLIN_") && !known.contains(name) {
            if name.hasPrefix(self.modules), name.dropFirst(self.modules.count).split(separator: "_").count >= 2 {
                continue
            }
            let nearest =
                name.hasPrefix("XINGLIN_MODULE")
                ? "XINGLIN_MODULES_<CODE>_<NAME>"
                : known.sorted().min { editDistance($0, name) < editDistance($1, name) } ?? ""
            throw SettingsError.unknownVariable(name, nearest: nearest)
        }
    }
}
