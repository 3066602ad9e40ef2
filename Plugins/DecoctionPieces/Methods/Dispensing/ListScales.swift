internal import XinglinKit

/// `decoction.scale.list`
struct ListScales: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let scales: RowList<Scale>
        var next: String?
    }

    struct Scale: Codable, Sendable {
        let code: String
        let scaleId: RecordID
        let nameZh: String
        var calibratedOn: LocalDate?
        var validUntil: LocalDate?
        var passed: Bool?
        var certificateNumber: String?
        let usable: Bool
    }

    static let name = "decoction.scale.list"
    static let summary =
        "Lists the site's scales by code, with the latest calibration and whether each may be used today (8.4)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "scales",
            .array(
                .object(
                    .required("code", .text(1...30), "What is written on the scale."),
                    .required("scaleId", .id, "The scale."),
                    .required("nameZh", .text(1...60), "Its name."),
                    .optional("calibratedOn", .date, "Its latest calibration."),
                    .optional("validUntil", .date, "The last day on which it may be used by that."),
                    .optional("passed", .boolean, "Whether it passed."),
                    .optional("certificateNumber", .text(1...60), "The certificate's number."),
                    .required("usable", .boolean, "Whether it may be used today.")),
                0...500), "The scales of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            ScaleStore.list(site: call.site.id, on: call.today, after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(scales: .json(rows.json(ScaleStore.columns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let draft = CalibrationDraft.example
        let scale = Scale(
            code: "TP-01", scaleId: Sample.scale, nameZh: "调剂台一号电子秤", calibratedOn: draft.calibratedOn,
            validUntil: draft.validUntil, passed: true, certificateNumber: draft.certificateNumber, usable: true)
        return Examples(
            full: (
                Params(limit: 1, after: Page.cursor("TP-00")),
                Reply(scales: .elements([scale]), next: Page.cursor("TP-01"))
            ), minimal: (Params(), Reply(scales: .elements([]))))
    }
}
