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
            .init("longestText", "How many characters a note may have, 1 to 200.", standard: "200"),
            .init("keepDays", "How many days a note is kept, 1 to 36500.", standard: "365"),
        ],
        publishes: ExampleTopic.all,
        statements: NoteStore.samples + DayStore.samples
    )

    private let longestText: Int
    private let keepDays: Int

    public init(_ boot: Boot) throws {
        self.longestText = try Self.integer("longestText", 1...200, boot, standard: "200")
        self.keepDays = try Self.integer("keepDays", 1...36_500, boot, standard: "365")
    }

    private static func integer(
        _ name: String, _ range: ClosedRange<Int>, _ boot: Boot, standard: String
    ) throws -> Int {
        guard let number = Int(boot.settings[name] ?? standard), range.contains(number) else {
            throw SettingOutOfRange(
                name: name, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    public var methods: [any RPCMethod] {
        [
            AddNote(longestText: self.longestText),
            ListNotes(),
            ListDays(),
        ]
    }

    public var handlers: [any EventHandler] { [CountNotes()] }
    public var jobs: [any ScheduledJob] { [NotesPurge(keepDays: self.keepDays)] }
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
