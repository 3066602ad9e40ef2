public import XinglinKit

/// A module of a third party: patients who asked to be called back, each with a telephone number that is stored encrypted.
public struct CallbackModule: FeatureModule {
    static let phone = SealedColumn("request", "phone", key: "request_id", index: "phone_index")

    public static let manifest = ModuleManifest(
        code: "callback",
        version: "1.0.0",
        summary: .init(zh: "回拨登记", en: "Callback requests"),
        faults: CallbackFault.all,
        constraints: ["request_open_once": CallbackFault.alreadyOpen],
        migrations: [Migration("m0001_create", PackageResources.m0001_create_sql)],
        tables: [.perSite("request")],
        settings: [
            .init("longestText", "How many characters a reason may have, 1 to 200.", standard: "200")
        ],
        sealedColumns: [phone],
        statements: RequestStore.samples
    )

    private let longestText: Int

    public init(_ boot: Boot) throws {
        guard let longest = Int(boot.settings["longestText"] ?? "200"), (1...200).contains(longest) else {
            throw SettingOutOfRange(name: "longestText", expected: "an integer from 1 to 200")
        }
        self.longestText = longest
    }

    public var methods: [any RPCMethod] {
        [AddRequest(longestText: self.longestText), ChangePhone(), FindRequest(), GetRequest()]
    }
}

/// A setting that the module cannot start with.
struct SettingOutOfRange: Error, CustomStringConvertible {
    let name: String
    let expected: String

    var description: String { "\(self.name) must be \(self.expected)" }
}

/// Tells the loader which Kit this was compiled against, before anything else is called.
@c public func xinglin_abi_Callback() -> UnsafePointer<CChar> {
    UnsafeRawPointer(XinglinKitABI.stamp.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Hands the module to the loader.
@c public func xinglin_plugin_Callback() -> UnsafeMutableRawPointer {
    PluginBox.hand(CallbackModule.self)
}
