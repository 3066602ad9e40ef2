internal import XinglinKit

/// A stocktake as replies show it.
struct StocktakeCard: Codable, Sendable {
    let stocktakeId: RecordID
    let locationId: RecordID
    let scope: StocktakeScope
    let state: StocktakeState
    let ruleVersion: String
    let startedAt: Timestamp
    let startedBy: RecordID
    var finishedAt: Timestamp?
    var endedAt: Timestamp?
    var endedBy: RecordID?
    var documentId: RecordID?
    var reason: String?
    var lossReason: String?
    let lossFen: Int64
    let gainFen: Int64
    let lots: Int64
    var reversalId: RecordID?
    var reversedAt: Timestamp?
    var reversedBy: RecordID?

    static let schema = Schema.object(
        .required("stocktakeId", .id, "The stocktake."),
        .required("locationId", .id, "The place; the main store has the site's id."),
        .required("scope", .enumeration(StocktakeScope.codes), "Which pieces are counted."),
        .required("state", .enumeration(StocktakeState.codes), "Where it stands."),
        .required("ruleVersion", .text(1...40), "The version of STOCKTAKE by which it began."),
        .required("startedAt", .timestamp, "When it began."),
        .required("startedBy", .id, "The account that began it."),
        .optional("finishedAt", .timestamp, "When everything was counted."),
        .optional("endedAt", .timestamp, "When it was approved or cancelled."),
        .optional("endedBy", .id, "By which account."),
        .optional("documentId", .id, "The document of its movements."),
        .optional("reason", .text(1...200), "Why it was cancelled, or the differences are as they are."),
        .optional("lossReason", .text(1...200), "Why more was lost than the limit allows."),
        .required("lossFen", .integer(0...Int64.max), "What was too little, at cost; 0 before the approval."),
        .required("gainFen", .integer(0...Int64.max), "What was too much, at cost; 0 before the approval."),
        .required("lots", .integer(0...Int64.max), "How many lots have been counted."),
        .optional("reversalId", .id, "The document that took its document back."),
        .optional("reversedAt", .timestamp, "When that was."), .optional("reversedBy", .id, "By which account."))

    static let sample = StocktakeCard(
        stocktakeId: Sample.stocktake, locationId: Sample.location, scope: .all, state: .approved, ruleVersion: "1.0",
        startedAt: Sample.instant, startedBy: Sample.account, finishedAt: Sample.instant, endedAt: Sample.instant,
        endedBy: Sample.account, documentId: Sample.document, reason: "称量误差", lossReason: "梅雨季受潮", lossFen: 3400,
        gainFen: 0, lots: 398)

    /// One that was taken back.
    static let reversed = StocktakeCard(
        stocktakeId: Sample.stocktake, locationId: Sample.location, scope: .all, state: .reversed, ruleVersion: "1.0",
        startedAt: Sample.instant, startedBy: Sample.account, finishedAt: Sample.instant, endedAt: Sample.instant,
        endedBy: Sample.account, documentId: Sample.document, reason: "称量误差", lossReason: "梅雨季受潮", lossFen: 3400,
        gainFen: 0, lots: 398, reversalId: Sample.lot, reversedAt: Sample.instant, reversedBy: Sample.account)

    /// One that has just begun.
    static let begun = StocktakeCard(
        stocktakeId: Sample.stocktake, locationId: Sample.location, scope: .all, state: .counting, ruleVersion: "1.0",
        startedAt: Sample.instant, startedBy: Sample.account, lossFen: 0, gainFen: 0, lots: 0)
}
