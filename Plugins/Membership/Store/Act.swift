internal import XinglinKit

/// Who writes, where and when.
struct Act: Sendable {
    let site: RecordID
    let account: RecordID
    let now: Timestamp

    init(site: RecordID, account: RecordID, now: Timestamp) {
        self.site = site
        self.account = account
        self.now = now
    }

    init(_ call: Call) throws {
        self.init(site: try call.site.id, account: try call.caller.accountID, now: call.now)
    }
}
