internal import XinglinKit

/// `example.notesPurge`
struct NotesPurge: ScheduledJob {
    static let name = "example.notesPurge"
    static let summary = LocalizedText(zh: "清除过期的便条", en: "Removes notes that were kept long enough")
    static let schedule = "15 3 * * *"

    let keepDays: Int

    /// Notes removed in one transaction.
    static let portion = 1000

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let oldest = call.today.adding(days: -self.keepDays)
        let removed = try call.db.execute(
            NoteStore.remove(writtenBefore: oldest, site: call.site.id, limit: Self.portion))
        // There may be more; what was removed is committed, and the host asks again at once.
        return removed == Self.portion ? .unfinished(["notes": removed]) : .done(["notes": removed])
    }
}
