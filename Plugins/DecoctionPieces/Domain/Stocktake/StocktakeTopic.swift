internal import XinglinKit

/// What has happened to stocktakes.
enum StocktakeTopic {
    struct Approved: Codable, Sendable {
        let stocktakeId: RecordID
        var documentId: RecordID?
        let differences: Int
        let lossFen: Int64
        let gainFen: Int64
    }

    struct Reversed: Codable, Sendable {
        let stocktakeId: RecordID
        let documentId: RecordID
    }

    static let all = [approved, reversed]

    static let reversed = EventTopic(
        "decoction.stocktake.reversed",
        .init(zh: "盘点差异已冲正", en: "The differences of a stocktake were taken back"),
        access: .roles([.pharmacist, .reviewer, .siteAdmin, .integrator]),
        body: .object(
            .required("stocktakeId", .id, "The stocktake; the event's subject."),
            .required("documentId", .id, "The document that takes its document back.")),
        example: Reversed(stocktakeId: Sample.stocktake, documentId: Sample.document))

    static let approved = EventTopic(
        "decoction.stocktake.approved", .init(zh: "盘点差异已审批入账", en: "The differences of a stocktake were approved"),
        access: .roles([.pharmacist, .reviewer, .siteAdmin, .integrator]),
        body: .object(
            .required("stocktakeId", .id, "The stocktake; the event's subject."),
            .optional("documentId", .id, "The document of its movements; absent where nothing differed."),
            .required("differences", .integer(0...1_000_000), "How many lots differed."),
            .required("lossFen", .integer(0...Int64.max), "What was too little, at cost."),
            .required("gainFen", .integer(0...Int64.max), "What was too much, at cost.")),
        example: Approved(
            stocktakeId: Sample.stocktake, documentId: Sample.document, differences: 1, lossFen: 34, gainFen: 0))
}
