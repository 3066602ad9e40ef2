public import XinglinKit

/// Decoction pieces: the catalogue, suppliers, lots, stock and its ledger (domain-rules chapter 8, PC-01 to PC-04).
public struct DecoctionPiecesModule: FeatureModule {
    public static let manifest = ModuleManifest(
        code: "decoction",
        version: "0.1.0",
        summary: .init(zh: "中药饮片目录与库存", en: "Catalogue and stock of decoction pieces"),
        awareOf: ["people"],
        uses: PeopleOfPrescription.uses,
        faults: [
            DecoctionFault.all,
            LedgerFault.all,
            CatalogueFault.all,
            CareFault.all,
            DispensingFault.all,
            StocktakeFault.all,
            RoomFault.all,
            SharedFault.all,
            ForwardingFault.all,
            ReportFault.all,
            ToxicFault.all,
            GuardFault.all,
            PurchasingFault.all,
        ].flatMap { $0 },
        constraints: [
            [
                "lot_on_hand_not_negative": DecoctionFault.insufficientStock,
                "decision_second_person_required": DecoctionFault.secondPersonRequired,
            ],
            LedgerFault.constraints,
            PrescriptionPart.constraints,
            CatalogueFault.constraints,
            CareFault.constraints,
            DispensingFault.constraints,
            StocktakeFault.constraints,
            RoomFault.constraints,
            SharedFault.constraints,
            ForwardingFault.constraints,
            ReportFault.constraints,
            ToxicFault.constraints,
            GuardFault.constraints,
            PurchasingFault.constraints,
        ].reduce(into: [:]) { all, part in all.merge(part) { one, _ in one } },
        migrations: [
            Migration("m0001_create", PackageResources.m0001_create_sql),
            Migration("m0002_opening", PackageResources.m0002_opening_sql),
            Migration("m0003_ledger", PackageResources.m0003_ledger_sql),
            Migration("m0004_rules", PackageResources.m0004_rules_sql),
            Migration("m0005_prescriptions", PackageResources.m0005_prescriptions_sql),
            Migration("m0006_catalogue", PackageResources.m0006_catalogue_sql),
            Migration("m0007_care", PackageResources.m0007_care_sql),
            Migration("m0008_dispensing", PackageResources.m0008_dispensing_sql),
            Migration("m0009_stocktake", PackageResources.m0009_stocktake_sql),
            Migration("m0010_room", PackageResources.m0010_room_sql),
            Migration("m0011_shared", PackageResources.m0011_shared_sql),
            Migration("m0012_forwarding", PackageResources.m0012_forwarding_sql),
            Migration("m0013_reports", PackageResources.m0013_reports_sql),
            Migration("m0014_persons", PackageResources.m0014_persons_sql),
            Migration("m0015_guards", PackageResources.m0015_guards_sql),
            Migration("m0016_purchasing", PackageResources.m0016_purchasing_sql),
            Migration("m0017_undelivered", PackageResources.m0017_undelivered_sql),
        ],
        tables: [
            [
                .county("piece"), .perSite("supplier"), .perSite("lot"), .ledger("decision"), .ledger("movement"),
                .perSite("location"), .perSite("holding"), .ledger("period"), .ledger("period_balance"),
            ],
            PrescriptionPart.tables,
            CataloguePart.tables,
            CarePart.tables,
            DispensingPart.tables,
            StocktakePart.tables,
            RoomPart.tables,
            SharedPart.tables,
            ForwardingPart.tables,
            ReportPart.tables,
            PersonsPart.tables,
            PurchasingPart.tables,
        ].flatMap { $0 },
        dataFiles: [
            .init(Self.catalogueFile, sha256: "fbe6e342e695e03fc86c3055b74567ce9c27d0eef56f253d13897edd72d70ebc")
        ] + PrescriptionPart.dataFiles + ReportPart.dataFiles,
        settings: [
            .init(
                "expiryWatchDays", "How many days before its expiry decoction.expiryWatch counts a lot, 1 to 1000.",
                standard: "90")
        ],
        sealedColumns: PrescriptionColumns.all + DispensingColumns.all + RoomColumns.all
            + DeliveryColumns.all + ForwardingColumns.all,
        publishes: DecoctionTopic.all + RoomTopic.all,
        statements: [
            StatementSamples.all,
            LedgerStatements.samples,
            CatalogueStatements.samples,
            CareStatements.samples,
            DispensingStatements.samples,
            StocktakePart.samples,
            RoomStatements.samples,
            SharedStatements.samples,
            ForwardingPart.samples,
            ReportStatements.samples,
            ToxicDocument.samples,
            GuardStatements.samples,
        ].flatMap { $0 }
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
        let ofStock: [any RPCMethod] = [
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
        ]
        return [
            ofStock,
            LedgerMethods.all,
            PrescriptionPart.methods,
            CataloguePart.methods,
            CarePart.methods,
            DispensingPart.methods,
            StocktakePart.methods,
            RoomPart.methods,
            SharedPart.methods,
            ForwardingPart.methods,
            ReportPart.methods,
            PersonsPart.methods,
            PurchasingPart.methods,
        ].flatMap { $0 }
    }

    public var imports: [any BulkImport] { [OpeningStockImport(), CatalogueImport()] + PurchasingPart.imports }
    public var handlers: [any EventHandler] { [ReleaseRecalled()] }
    public var jobs: [any ScheduledJob] {
        [ExpiryWatch(days: self.expiryWatchDays), CareWatch()] + DispensingPart.jobs + PurchasingPart.jobs
    }

    public var exports: [any BulkExport] {
        [StockExport(), CatalogueExport()] + ReportPart.exports + PurchasingPart.exports
    }

    public func load(_ files: DataFiles, into db: Database) throws {
        let catalogue = try Catalogue(parsing: files[Self.catalogueFile])
        try CataloguePart.load(catalogue.pieces, into: db)
        try PrescriptionPart.load(files, over: catalogue.pieces, into: db)
        try ReportPart.load(files, into: db)
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
