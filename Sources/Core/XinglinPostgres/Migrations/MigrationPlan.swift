/// Which migrations are to be applied. Pure: names and checksums in, names out.
enum MigrationPlan {
    struct Step: Equatable {
        let name: String
        let checksum: String
    }

    /// - Parameters:
    ///   - known: what the program has.
    ///   - applied: what the database has.
    /// - Throws: where history and program contradict each other.
    static func pending(module: String, known: [Step], applied: [Step]) throws(MigrationError) -> [Step] {
        for (earlier, later) in zip(known, known.dropFirst()) where earlier.name >= later.name {
            throw MigrationError(module: module, name: later.name, reason: "it must come after \(earlier.name)")
        }
        var done: Set<String> = []
        for step in applied.sorted(by: { $0.name < $1.name }) {
            guard let own = known.first(where: { $0.name == step.name }) else {
                throw MigrationError(
                    module: module, name: step.name,
                    reason: "only the database has this migration: the schema is newer than the program")
            }
            guard own.checksum == step.checksum else {
                throw MigrationError(
                    module: module, name: step.name, reason: "it was changed after it had been applied; write a new one"
                )
            }
            done.insert(step.name)
        }
        let pending = known.filter { !done.contains($0.name) }
        if let first = pending.first, let last = done.max(), first.name < last {
            throw MigrationError(module: module, name: first.name, reason: "\(last) has been applied before it")
        }
        return pending
    }
}
