internal import Logging
internal import XinglinCrypto
internal import XinglinPostgres

/// Follows a rotation while the host runs: when the database names another key, the folder is read anew.
struct KeyWatch: Sendable {
    let live: LiveKeys
    let directory: String
    let log: Logger

    /// Takes the keys into use that the database names. Until then the host goes on with those it has, and the database
    /// refuses what is sealed with a former one.
    func refresh(_ connection: Connection) throws {
        let recorded = try RecordedKeys.read(connection)
        let ring = self.live.ring
        guard recorded.current != ring.currentID || recorded.index != ring.indexID else { return }
        do {
            let found = try KeyGuard.check(self.directory, recorded)
            self.live.replace(found)
            self.log.notice("another key is in use", metadata: ["key": .stringConvertible(found.currentID)])
        } catch {
            self.log.error(
                "the key that the database names cannot be used; until it can, nothing is encrypted",
                metadata: ["error": .string(String(describing: error))])
        }
    }
}
