public import XinglinKit

/// Decoction pieces: the catalogue, suppliers, lots, stock and its ledger (domain-rules chapter 8, PC-01 to PC-04).
public struct DecoctionPiecesModule: FeatureModule {
    public static let manifest = ModuleManifest(
        code: "decoction",
        version: "0.1.0",
        summary: .init(zh: "中药饮片目录与库存", en: "Catalogue and stock of decoction pieces"),
        awareOf: ["people"],
        uses: PeopleOfPrescription.uses,
        faults: DecoctionFault.all + LedgerFault.all + RoomFault.all,
        constraints: [
            "lot_on_hand_not_negative": DecoctionFault.insufficientStock,
            "decision_second_person_required": DecoctionFault.secondPersonRequired,
        ].merging(LedgerFault.constraints) { one, _ in one }.merging(PrescriptionPart.constraints) { one, _ in one }
            .merging(RoomFault.constraints) { one, _ in one },
        migrations: [
            Migration("m0001_create", PackageResources.m0001_create_sql),
            Migration("m0002_opening", PackageResources.m0002_opening_sql),
            Migration("m0003_ledger", PackageResources.m0003_ledger_sql),
            Migration("m0004_rules", PackageResources.m0004_rules_sql),
            Migration("m0005_prescriptions", PackageResources.m0005_prescriptions_sql),
            Migration("m0009_room", PackageResources.m0009_room_sql),
        ],
        tables: [
            .reference("piece"), .perSite("supplier"), .perSite("lot"), .ledger("decision"), .ledger("movement"),
            .perSite("location"), .perSite("holding"), .ledger("period"), .ledger("period_balance"),
        ] + PrescriptionPart.tables + RoomPart.tables,
        dataFiles: [
            .init(Self.catalogueFile, sha256: "fbe6e342e695e03fc86c3055b74567ce9c27d0eef56f253d13897edd72d70ebc")
        ] + PrescriptionPart.dataFiles,
        settings: [
            .init(
                "expiryWatchDays", "How many days before its expiry decoction.expiryWatch counts a lot, 1 to 1000.",
                standard: "90")
        ],
        sealedColumns: PrescriptionColumns.all + RoomColumns.all,
        publishes: DecoctionTopic.all + RoomTopic.all,
        statements: StatementSamples.all + LedgerStatements.samples + RoomStatements.samples
    )

    static let catalogueFile = "decoction_pieces.csv"

    private let expiryWatchDays: Int

    public init(_ boot: Boot) throws {
        let value = boot.settings["expiryWatchDays"] ?? "90"
        guard let days = Int(value), (1...1000).contains(days) else {
            throw SettingOutOfRange(name: "expiryWatchDays", expected: "an integer from 1 to 1000")
        }
        self.expiryWatchDays = days
    }

    public var methods: [any RPCMethod] {
        [
            SearchPieces(),
            CreateSupplier(),
            ListSuppliers(),
            ReceiveLot(),
            AcceptLot(),
            RejectLot(),
            DisposeLot(),
            ListStock(),
            IssueStock(),
            ListMovements(),
        ] + LedgerMethods.all + PrescriptionPart.methods + RoomPart.methods
    }

    public var imports: [any BulkImport] { [OpeningStockImport()] }
    public var jobs: [any ScheduledJob] { [ExpiryWatch(days: self.expiryWatchDays)] }

    public var exports: [any BulkExport] { [StockExport()] }

    public func load(_ files: DataFiles, into db: Database) throws {
        let catalogue = try Catalogue(parsing: files[Self.catalogueFile])
        try db.execute(PieceStore.upsert(catalogue.pieces), expecting: .rows(catalogue.pieces.count))
        try PrescriptionPart.load(files, over: catalogue.pieces, into: db)
    }
}

/// A setting that the module cannot start with.
struct SettingOutOfRange: Error, CustomStringConvertible {
    let name: String
    let expected: String

    var description: String { "\(self.name) must be \(self.expected)" }
}

/// Tells the loader which Kit this was compiled against, before anything else is called.
@c public func xinglin_abi_DecoctionPieces() -> UnsafePointer<CChar> {
    UnsafeRawPointer(XinglinKitABI.stamp.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Hands the module to the loader.
@c public func xinglin_plugin_DecoctionPieces() -> UnsafeMutableRawPointer {
    PluginBox.hand(DecoctionPiecesModule.self)
}
