public import XinglinKit

/// The common work by which the host's cost is measured (docs/bench.md). Its library is on request: deploy/bench.sh names it.
public struct BenchModule: FeatureModule {
    public static let manifest = ModuleManifest(
        code: "bench",
        version: "0.1.0",
        summary: .init(zh: "性能测量：常见业务的代表性读写", en: "Measuring: reads and writes that stand for common work"),
        faults: BenchFault.all,
        constraints: [
            "movement_of_party": BenchFault.partyUnknown, "movement_of_lot": BenchFault.insufficientStock,
        ],
        migrations: [Migration("m0001_create", PackageResources.m0001_create_sql)],
        tables: [
            .perSite("party"), .perSite("product"), .perSite("stock_lot"), .ledger("movement"), .ledger("audit"),
        ],
        statements: PartyStore.samples + StockStore.samples + DataStore.samples
    )

    /// Those who may measure.
    static let access = Access.roles([.siteAdmin, .pharmacist])

    public init(_ boot: Boot) throws {}

    public var methods: [any RPCMethod] {
        [
            PingDatabase(), GetParty(), GetPartyAudited(), ListParties(), CreateParty(), DispenseStock(), LoadData(),
        ]
    }
}

/// Tells the loader which Kit this was compiled against, before anything else is called.
@c public func xinglin_abi_BenchOnRequest() -> UnsafePointer<CChar> {
    UnsafeRawPointer(XinglinKitABI.stamp.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Hands the module to the loader.
@c public func xinglin_plugin_BenchOnRequest() -> UnsafeMutableRawPointer {
    PluginBox.hand(BenchModule.self)
}
