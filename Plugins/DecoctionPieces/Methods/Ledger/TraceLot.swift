internal import XinglinKit

/// `decoction.lot.trace`
struct TraceLot: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
    }

    struct Reply: Codable, Sendable {
        let lotId: RecordID
        let pieceCode: String
        let nameZh: String
        let batchNumber: String
        let supplierId: RecordID
        let supplierNameZh: String
        let licence: String
        let producedOn: LocalDate
        let expiresOn: LocalDate
        let receivedOn: LocalDate
        let receivedMg: Int64
        let onHandMg: Int64
        let state: LotState
        var spec: String?
        var origin: String?
        var maker: String?
        var certificateNumber: String?
        var supplierVersion: Int?
        let decisions: RowList<Decision>
        let places: RowList<Place>
        let moved: RowList<Moved>
        let recalls: RowList<Recall>
    }

    struct Recall: Codable, Sendable {
        let recallId: RecordID
        let lotId: RecordID
        let reason: String
        let at: Timestamp
        let accountId: RecordID
    }

    struct Decision: Codable, Sendable {
        let decision: String
        let at: Timestamp
        let accountId: RecordID
        var reason: String?
        var staffId: RecordID?
        var title: String?
    }

    struct Place: Codable, Sendable {
        let locationId: RecordID
        let onHandMg: Int64
    }

    struct Moved: Codable, Sendable {
        let kind: MovementKind
        let movements: Int64
        let quantityMg: Int64
    }

    static let name = "decoction.lot.trace"
    static let summary = """
        Where a lot came from, who decided on it, where it lies and what became of it; decoction.movement.list has each \
        movement (PC-01 to PC-04).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(.required("lotId", .id, "The lot."))
    static let reply = Schema.object(
        BatchPapers.fields + [
            .optional(
                "supplierVersion", .integer(1...Int64.max),
                "The version of the supplier by which the receipt was judged (PC-01)."),
            .required("lotId", .id, "The lot."), .required("pieceCode", .code(1...20), "The piece."),
            .required("nameZh", .text(1...20), "Its name."),
            .required("batchNumber", .text(1...60), "The maker's batch number."),
            .required("supplierId", .id, "Who delivered it."),
            .required("supplierNameZh", .text(1...100), "The supplier's name."),
            .required("licence", .text(1...60), "The supplier's licence (PC-01)."),
            .required("producedOn", .date, "Date of production."),
            .required("expiresOn", .date, "Last day of its shelf life."),
            .required("receivedOn", .date, "The day on which its receipt is booked."),
            .required("receivedMg", .integer(1...10_000_000_000), "What was received, in milligrams."),
            .required("onHandMg", .integer(0...10_000_000_000), "What the site has left."),
            .required("state", .enumeration(LotState.codes), "Where it stands."),
            .required(
                "decisions",
                .array(
                    .object(
                        .required("decision", .enumeration(["accept", "reject"]), "What was decided (PC-02)."),
                        .required("at", .timestamp, "When."), .required("accountId", .id, "By whom."),
                        .optional("reason", .text(1...200), "Why."),
                        .optional("staffId", .id, "The member of staff, where the account is somebody's (PC-02)."),
                        .optional("title", .code(1...40), "That person's title at the time.")),
                    0...10), "Who decided on it, in order."),
            .required(
                "places",
                .array(
                    .object(
                        .required("locationId", .id, "The place; the main store has the site's own id."),
                        .required("onHandMg", .integer(1...10_000_000_000), "What lies there.")),
                    0...10_000), "Where it lies."),
            .required(
                "moved",
                .array(
                    .object(
                        .required("kind", .enumeration(MovementKind.codes), "Why stock changed."),
                        .required("movements", .integer(1...Int64.max), "How often."),
                        .required("quantityMg", .integer(Int64.min...Int64.max), "All of it; negative where it left.")),
                    0...20), "What became of it; the quantities add up to what is left."),
            .required(
                "recalls", .array(RecallLot.recalled, 0...1000),
                "The lots that were recalled together with it, itself among them; decoction.recall.get has the patients."
            ),
        ])

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(
                TraceStore.lot(params.lotId, site: site), .rows(1),
                otherwise: HostFault.notFound.fault(["lotId": .string(params.lotId.description)])),
            Statement(TraceStore.decisions(params.lotId, site: site)),
            Statement(TraceStore.places(params.lotId, site: site)),
            Statement(TraceStore.moved(params.lotId, site: site)),
            Statement(RecallStore.ofLot(params.lotId, site: site)),
        ])
        let found = try results[0].first(as: TraceStore.LotColumns.self)
        guard let lot = found else { throw HostFault.notFound.fault(["lotId": .string(params.lotId.description)]) }
        return Reply(
            lotId: params.lotId, pieceCode: lot.0, nameZh: lot.1, batchNumber: lot.2, supplierId: lot.3,
            supplierNameZh: lot.4, licence: lot.5, producedOn: lot.6, expiresOn: lot.7, receivedOn: lot.8,
            receivedMg: lot.9, onHandMg: lot.10, state: lot.11,
            spec: lot.12, origin: lot.13, maker: lot.14, certificateNumber: lot.15, supplierVersion: lot.16,
            decisions: .json(results[1].json(TraceStore.decisionColumns)),
            places: .json(results[2].json(TraceStore.placeColumns)),
            moved: .json(results[3].json(TraceStore.movedColumns)),
            recalls: .json(results[4].json(RecallStore.lotColumns)))
    }

    static var examples: Examples<Params, Reply> {
        func reply(
            _ decisions: [Decision], _ places: [Place], _ moved: [Moved], _ papers: BatchPapers = .init(),
            _ supplierVersion: Int? = nil
        ) -> Reply {
            Reply(
                lotId: Sample.lot, pieceCode: "XLYP0001", nameZh: "麻黄", batchNumber: "20260923",
                supplierId: Sample.supplier, supplierNameZh: "亳州某饮片有限公司", licence: "皖20260001",
                producedOn: Sample.producedOn, expiresOn: Sample.expiresOn, receivedOn: Sample.instant.localDate,
                receivedMg: 5_000_000, onHandMg: 4_880_000, state: .accepted,
                spec: papers.spec, origin: papers.origin, maker: papers.maker,
                certificateNumber: papers.certificateNumber, supplierVersion: supplierVersion,
                decisions: .elements(decisions),
                places: .elements(places), moved: .elements(moved), recalls: .elements([]))
        }
        let full = reply(
            [Decision(decision: "accept", at: Sample.instant, accountId: Sample.account, reason: "复验合格")],
            [Place(locationId: Sample.location, onHandMg: 4_880_000)],
            [
                Moved(kind: .receipt, movements: 1, quantityMg: 5_000_000),
                Moved(kind: .issue, movements: 1, quantityMg: -120_000),
            ], .example, 2)
        return Examples(
            full: (Params(lotId: Sample.lot), full), minimal: (Params(lotId: Sample.lot), reply([], [], [])))
    }
}
