public import XinglinKit

/// The smallest useful module, and the template of new ones: notes that the people of a site leave each other.
public struct ExampleModule: FeatureModule {
    public static let manifest = ModuleManifest(
        code: "example",
        version: "0.1.0",
        summary: .init(zh: "示例：机构内的便条", en: "Example: notes within a site"),
        faults: ExampleFault.all,
        constraints: ["note_exists": ExampleFault.noteExists],
        migrations: [
            Migration("m0001_create", PackageResources.m0001_create_sql),
            Migration("m0002_day", PackageResources.m0002_day_sql),
        ],
        tables: [.perSite("note"), .perSite("day")],
        settings: [
            .init("longestText", "How many characters a note may have, 1 to 200.", standard: "200")
        ],
        publishes: ExampleTopic.all,
        statements: NoteStore.samples + DayStore.samples
    )

    private let longestText: Int

    public init(_ boot: Boot) throws {
        let value = boot.settings["longestText"] ?? "200"
        guard let longest = Int(value), (1...200).contains(longest) else {
            throw SettingOutOfRange(name: "longestText", expected: "an integer from 1 to 200")
        }
        self.longestText = longest
    }

    public var methods: [any RPCMethod] {
        [
            AddNote(longestText: self.longestText),
            ListNotes(),
            ListDays(),
        ]
    }

    public var handlers: [any EventHandler] { [CountNotes()] }
}

/// A setting that the module cannot start with.
struct SettingOutOfRange: Error, CustomStringConvertible {
    let name: String
    let expected: String

    var description: String { "\(self.name) must be \(self.expected)" }
}

/// Tells the loader which Kit this was compiled against, before anything else is called.
@c public func xinglin_abi_Example() -> UnsafePointer<CChar> {
    UnsafeRawPointer(XinglinKitABI.stamp.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Hands the module to the loader.
@c public func xinglin_plugin_Example() -> UnsafeMutableRawPointer {
    PluginBox.hand(ExampleModule.self)
}
