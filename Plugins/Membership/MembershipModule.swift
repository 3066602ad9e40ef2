public import XinglinKit

/// Party organisations, members, their development, dues and transfers (domain rules, chapters 1 and 2: DV-*, BR-*).
public struct MembershipModule: FeatureModule {
    public static let manifest = ModuleManifest(
        code: "membership",
        version: "0.1.0",
        summary: .init(zh: "党组织与党员", en: "Party organisations and members"),
        needs: ["people"],
        uses: [PeopleIndex.uses, RegisterPart.uses].flatMap { $0 },
        faults: [
            MembershipFault.all,
            MembershipRules.faults,
            RegisterPart.faults,
        ].flatMap { $0 },
        constraints: [
            MembershipFault.constraints,
            MembershipRules.ruleConstraints,
        ].reduce(into: [:]) { all, part in all.merge(part) { one, _ in one } },
        migrations: [
            Migration("m0001_create", PackageResources.m0001_create_sql),
            Migration("m0002_development", PackageResources.m0002_development_sql),
        ],
        tables: [
            [
                .county("organization"), .county("organization_version"), .perSite("member"), .ledger("standing"),
                .county("claim"),
            ],
            MembershipRules.ruleTables,
            [
                .perSite("candidate"), .ledger("development_entry"), .ledger("development_document"), .ledger("vote"),
                .ledger("backdating"),
            ],
        ].flatMap { $0 },
        dataFiles: [
            .init(Self.rulesFile, sha256: "e8cd25bb318f232b00e3424313ff71f11c4261a541150137e8d79fbc3812239b")
        ],
        statements: [
            MembershipStatements.samples,
            MembershipRules.ruleSamples,
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
        ]
        return [
            core,
            MembershipRules.ruleMethods,
            RegisterPart.methods,
        ].flatMap { $0 }
    }

    public var imports: [any BulkImport] { [RegisterPart.imports].flatMap { $0 } }

    public var exports: [any BulkExport] { [RegisterPart.exports].flatMap { $0 } }

    public func load(_ files: DataFiles, into db: Database) throws {
        _ = try MembershipRules.ship(files[Self.rulesFile], into: db)
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
