internal import Glibc
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Puts a new key in the place of the current one and seals every value anew with it, while hosts may run. Killed at any
/// moment it is continued by the next run: the files, the notes in the database and the values themselves tell where it was.
struct KeyRotation {
    let database: KeyDatabase
    /// The folder of the keys.
    let directory: String
    let stores: [SealedStore]
    let now: Timestamp

    /// How long transactions that write may go on; every database of the server counts.
    var patience = Duration.seconds(120)

    /// Makes the next key's file and nothing else, so that it can be backed up and taken to other hosts before it is used.
    func prepare() throws -> UInt32 {
        try self.database.claim()
        let recorded = try RecordedKeys.read(self.database.connection)
        let ring = try KeyGuard.check(self.directory, recorded)
        return try self.prepared(ring, recorded) ?? KeyRing.makeNext(directory: self.directory, after: recorded.last)
    }

    /// Does the whole rotation, or the rest of one that was broken off.
    func run(_ progress: (KeyProgress) -> Void) throws -> RotationReport {
        try self.database.claim()
        var recorded = try RecordedKeys.read(self.database.connection)
        let ring = try KeyGuard.check(self.directory, recorded)
        let isContinued = recorded.rotation != nil
        if !isContinued {
            let next =
                try self.prepared(ring, recorded) ?? KeyRing.makeNext(directory: self.directory, after: recorded.last)
            try self.putIntoUse(next, index: ring.indexID)
            recorded = try RecordedKeys.read(self.database.connection)
        }
        let keys = try KeyGuard.check(self.directory, recorded)
        let resealing = Resealing(database: self.database, cipher: FieldCipher(keys), current: keys.currentID)
        var report = RotationReport(key: keys.currentID, isContinued: isContinued)
        try self.reseal(resealing, &report, progress)
        // Whoever had sealed with the former key before the new one was named has committed after this; nobody can any more.
        try self.waitForWriters()
        // Lines that wait in an import were sealed when they were checked: once none waits, the next pass sees them all.
        report.imports = try self.waitingImports(since: keys.currentID)
        try self.reseal(resealing, &report, progress)
        let former = recorded.active.filter { $0 != keys.currentID }
        report.undeclared = try KeyInventory(database: self.database, stores: self.stores).undeclared(former).map {
            KeyUse(place: $0.place, values: $0.values)
        }
        if report.isComplete { try self.database.transaction([RecordedKeys.remove("rotation")]) }
        return report
    }

    /// The imports whose lines may have been sealed before the key was put into use.
    private func waitingImports(since id: UInt32) throws -> Int {
        try self.database.connection.query(
            """
            SELECT count(*) FROM host.import AS i \
            WHERE EXISTS (SELECT FROM host.import_chunk AS c WHERE c.import_id = i.import_id) AND created_at < \
            (SELECT value::timestamptz + interval '1 minute' FROM host.note WHERE name = \("key/\(id)/made"))
            """
        ).first(as: Int.self) ?? 0
    }

    /// What to do about a rotation that was broken off.
    static let remedy = LocalizedText(
        zh: "运行 xinglin keys rotate，会从中断处继续", en: "run xinglin keys rotate: it goes on where it stands")

    /// A key that lies in the folder and was never used.
    private func prepared(_ ring: KeyRing, _ recorded: RecordedKeys) throws -> UInt32? {
        let unused = ring.fingerprints.keys.filter { recorded.keys[$0] == nil }.sorted()
        if let low = unused.first, low < recorded.last {
            let path = KeyRing.path(of: low, directory: self.directory)
            throw StartFailure(
                .init(zh: "\(path) 不是这个数据库的密钥", en: "\(path) is no key of this database"),
                remedy: .init(zh: "把它移出文件夹", en: "take it out of the folder"))
        }
        return unused.first
    }

    /// From this commit on values are sealed with the key, and with no other.
    private func putIntoUse(_ id: UInt32, index: UInt32) throws {
        let ring = try KeyRing.load(directory: self.directory)
        guard let fingerprint = ring.fingerprints[id] else { throw CryptoError.missingKey(id: id) }
        let remember = RecordedKeys.remember(id, fingerprint: fingerprint, madeAt: self.now)
        try self.database.transaction(
            remember + [
                RecordedKeys.set("current", "\(id)"), RecordedKeys.keep("index", "\(index)"),
                RecordedKeys.set("rotation", "\(id)"), KeyRotation.notify,
            ])
    }

    /// Wakes the hosts, which otherwise look every few seconds.
    static let notify: SQL = "SELECT pg_notify('xinglin_directory', '')"

    /// Passes over every column until there is nothing left that could be done.
    private func reseal(
        _ resealing: Resealing, _ report: inout RotationReport, _ progress: (KeyProgress) -> Void
    ) throws {
        let counts = try KeyInventory(database: self.database, stores: self.stores).declared()
        let total = counts.filter { $0.key != resealing.current }.reduce(0) { $0 + $1.values }
        var done = 0
        typealias Pass = (_ number: Int, _ progress: (Int) -> Void) throws -> Resealing.Outcome
        var passes: [(place: String, pass: Pass)] = self.stores.map { store in
            (store.name, { try resealing.pass(store, number: $0, $1) })
        }
        let files = SealedFiles(database: self.database)
        passes.append(
            (
                SealedFiles.name,
                { _, progress in
                    try files.pass(resealing.cipher, current: resealing.current, progress)
                }
            ))
        for (place, pass) in passes {
            var outcome: Resealing.Outcome
            repeat {
                report.passes += 1
                outcome = try pass(report.passes) { count in
                    done = min(done + count, total)
                    progress(KeyProgress(place: place, done: done, total: total))
                }
                report.resealed += outcome.resealed
            } while outcome.resealed + outcome.changed > 0
            report.unreadable.removeAll { $0.place == place }
            if outcome.unreadable > 0 { report.unreadable.append(KeyUse(place: place, values: outcome.unreadable)) }
        }
    }

    /// Waits until every transaction has ended that had written something by now.
    private func waitForWriters() throws {
        let connection = self.database.connection
        let bound = try connection.query("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").first(as: String.self)
        let end = ContinuousClock.now + self.patience
        while true {
            let isOver = try connection.query(
                "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= \(bound ?? "0")::xid8"
            ).first(as: Bool.self)
            if isOver ?? false { return }
            guard ContinuousClock.now < end else {
                let seconds = self.patience.components.seconds
                throw StartFailure(
                    .init(zh: "有事务写入已超过 \(seconds) 秒", en: "a transaction has been writing for more than \(seconds) s"),
                    remedy: .init(
                        zh: "等它结束后再次运行 xinglin keys rotate，会从中断处继续",
                        en: "let it end, then run xinglin keys rotate again: it goes on where it stands"))
            }
            usleep(50_000)
        }
    }
}
