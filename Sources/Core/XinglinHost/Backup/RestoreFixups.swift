internal import XinglinKit
internal import XinglinPostgres

/// What must be put right in a database that came from another cluster.
enum RestoreFixups {
    /// A new cluster counts its transactions from the beginning, while rows that wait for the sealer carry the ids of the old
    /// one: as if their transactions were still to come. They get the id of this transaction.
    static func run(_ connection: Connection) throws {
        // Backups of releases before the backbone have nothing that waits.
        let hasSealer: Bool? = try connection.query("SELECT to_regprocedure('host.after_restore()') IS NOT NULL")
            .first()
        var statements: [SQL] = ["BEGIN"]
        if hasSealer == true { statements.append("SELECT host.after_restore()") }
        // Runs of jobs that were under way need nothing: nobody holds their locks.
        _ = try connection.run((statements + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") })
        try connection.script("ANALYZE")
    }
}
