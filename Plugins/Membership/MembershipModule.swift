public import XinglinKit

/// Party organisations, members, their development, dues and transfers (domain rules, chapters 1 and 2: DV-*, BR-*).
public struct MembershipModule: FeatureModule {
    public static let manifest = ModuleManifest(
        code: "membership",
        version: "0.1.0",
        summary: .init(zh: "党组织与党员", en: "Party organisations and members"),
        needs: ["people"],
        uses: PeopleIndex.uses + OfficesPart.uses + RegisterPart.uses,
        faults: [
            MembershipFault.all,
            MembershipRules.faults,
            DevelopmentFault.all,
            DuesPart.faults,
            OfficeFault.all,
            TransferPart.faults,
            RegisterPart.faults,
        ].flatMap { $0 },
        constraints: [
            MembershipFault.constraints,
            MembershipRules.ruleConstraints,
            DevelopmentFault.constraints,
            DuesPart.constraints,
            OfficeFault.constraints,
            TransferPart.constraints,
        ].reduce(into: [:]) { all, part in all.merge(part) { one, _ in one } },
        migrations: [
            Migration("m0001_create", PackageResources.m0001_create_sql),
            Migration("m0002_development", PackageResources.m0002_development_sql),
            Migration("m0003_dues", PackageResources.m0003_dues_sql),
            Migration("m0004_offices", PackageResources.m0004_offices_sql),
            Migration("m0005_transfers", PackageResources.m0005_transfers_sql),
        ],
        tables: [
            [
                .county("organization"), .county("organization_version"), .perSite("member"), .ledger("standing"),
                .county("claim"),
            ],
            MembershipRules.ruleTables,
            DevelopmentPart.tables,
            DuesPart.tables,
            OfficesPart.tables,
            TransferPart.tables,
        ].flatMap { $0 },
        dataFiles: [
            .init(Self.rulesFile, sha256: "2b670cd8d9c86964e064631490f2711e4ee96dedd6b79f3743709aaf950e8fcf"),
            DuesPart.dataFile,
        ] + DevelopmentPart.dataFiles,
        sealedColumns: [
            OfficeColumns.all,
            TransferPart.sealedColumns,
        ].flatMap { $0 },
        publishes: [
            DevelopmentTopic.all,
            TransferPart.publishes,
        ].flatMap { $0 },
        statements: [
            MembershipStatements.samples,
            MembershipRules.ruleSamples,
            DevelopmentPart.samples,
            DuesPart.samples,
            OfficesPart.samples,
            TransferPart.samples,
            AgendaPart.samples,
            RegisterPart.samples,
        ].flatMap { $0 }
    )

    static let rulesFile = "rules.csv"

    public init(_ boot: Boot) throws {}

    public var methods: [any RPCMethod] {
        let core: [any RPCMethod] = [
            CreateOrganization(),
            ChangeOrganization(),
            ListOrganizations(),
            GetOrganization(),
            EnrolMember(),
            GetMember(),
            ListMembers(),
            AssignMember(),
            EndMember(),
            CorrectMember(),
            CountStatistics(),
            BalanceStatistics(),
            FindPerson(),
        ]
        return [
            core,
            MembershipRules.ruleMethods,
            DevelopmentPart.methods,
            DuesPart.methods,
            OfficesPart.methods,
            TransferPart.methods,
            AgendaPart.methods,
            RegisterPart.methods,
        ].flatMap { $0 }
    }

    public var imports: [any BulkImport] { RegisterPart.imports }
    public var exports: [any BulkExport] { RegisterPart.exports }
    public var jobs: [any ScheduledJob] { TransferPart.jobs }

    public func load(_ files: DataFiles, into db: Database) throws {
        _ = try MembershipRules.ship(files[Self.rulesFile], into: db)
        try DuesPart.load(files, into: db)
        try DevelopmentPart.load(files, into: db)
    }
}

/// Tells the loader which Kit this was compiled against, before anything else is called.
@c public func xinglin_abi_Membership() -> UnsafePointer<CChar> {
    UnsafeRawPointer(XinglinKitABI.stamp.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Hands the module to the loader.
@c public func xinglin_plugin_Membership() -> UnsafeMutableRawPointer {
    PluginBox.hand(MembershipModule.self)
}
