internal import XinglinKit

/// `decoction.order.place`
struct PlaceOrder: RPCMethod {
    struct Params: Codable, Sendable {
        let supplierSite: String
        let lines: [OrderStore.Line]
        var note: String?
    }

    typealias Reply = OrderMoved

    static let name = "decoction.order.place"
    static let summary = "Orders pieces from the shared pharmacy of another site."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("supplierSite", .text(1...60), "The site's code; decoction.pharmacy.list has them."),
        .required(
            "lines",
            .array(
                .object(
                    .required("pieceCode", .code(1...20), "The piece, on one line only."),
                    .required("quantityMg", .integer(OrderStep.quantity), "How much, in milligrams.")),
                1...200), "What is ordered."),
        .optional("note", .text(1...200), "For the supplier; no patient's name."))
    static let reply = OrderMoved.schema
    static let faults = [
        SharedFault.pharmacyUnknown, DecoctionFault.pieceUnknown, CatalogueFault.pieceOutOfUse,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site
        guard params.supplierSite != site.code else {
            throw Fault.invalid("/supplierSite", expected: "another site than the acting one", zh: "本机构以外的机构代码")
        }
        try Self.checkPieces(of: params.lines, call)
        let id = call.newID()
        try call.db.execute(
            OrderStore.place(
                id, to: params.supplierSite, lines: params.lines, note: PlainText.trimmed(params.note ?? ""),
                from: site, LotStore.Act(call)),
            expecting: .rows(params.lines.count),
            otherwise: SharedFault.pharmacyUnknown.fault(["supplierSite": .string(params.supplierSite)]))
        call.note("lines", .integer(Int64(params.lines.count)))
        return try OrderStep.done(id, .placed, call)
    }

    private static func checkPieces(of lines: [OrderStore.Line], _ call: Call) throws {
        var seen: Set<String> = []
        for (index, line) in lines.enumerated() where !seen.insert(line.pieceCode).inserted {
            throw Fault.invalid("/lines/\(index)/pieceCode", expected: "each piece on one line", zh: "每种饮片只列一行")
        }
        let codes = seen.sorted()
        let results = try call.db.batch([
            Statement(PieceStore.known(codes)), Statement(CatalogueStore.withdrawn(codes, named: [])),
        ])
        let known = try results[0].decode(as: String.self)
        let unknown = codes.filter { !known.contains($0) }
        guard unknown.isEmpty else { throw DecoctionFault.unknown(unknown) }
        let withdrawn = try results[1].decode(as: (String, String, LocalDate).self)
        guard withdrawn.isEmpty else {
            throw CatalogueFault.pieceOutOfUse.fault(.array(withdrawn.map { ["pieceCode": .string($0.0)] }))
        }
    }

    static var examples: Examples<Params, Reply> {
        let lines = [OrderStore.Line(pieceCode: "XLYP0001", quantityMg: 2_000_000)]
        let reply = OrderMoved(Sample.order, .placed)
        return Examples(
            full: (Params(supplierSite: "county-01", lines: lines, note: "周五前送达"), reply),
            minimal: (Params(supplierSite: "county-01", lines: lines), reply))
    }
}
