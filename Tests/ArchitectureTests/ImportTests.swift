import Testing

/// Who may import whom (docs/architecture.md, "Boundaries").
struct ImportTests {
    /// The core's targets, and which of the others each may import.
    static let core: [String: Set<String>] = [
        "XinglinKit": [],
        "XinglinCrypto": [],
        "XinglinPostgres": ["XinglinKit"],
        "XinglinRPC": ["XinglinKit"],
        "XinglinHost": ["XinglinKit", "XinglinCrypto", "XinglinPostgres", "XinglinRPC"],
        "XinglinOperations": ["XinglinKit", "XinglinHost"],
        "XinglinCommand": [
            "XinglinKit", "XinglinCrypto", "XinglinPostgres", "XinglinRPC", "XinglinHost", "XinglinOperations",
        ],
    ]

    /// Modules from outside, and the targets that may import each: one, but for what Hummingbird's own interface consists of.
    static let owners: [String: Set<String>] = [
        "CLibPQ": ["XinglinPostgres"], "CLibCrypto": ["XinglinCrypto"], "NIO": ["XinglinRPC", "XinglinOperations"],
        "ArgumentParser": ["XinglinCommand"], "Configuration": ["XinglinCommand"], "UnixSignals": ["XinglinCommand"],
        "SwiftCSV": ["XinglinKit"], "Histogram": ["XinglinCommand"], "Hummingbird": ["XinglinOperations"],
        "ServiceLifecycle": ["XinglinOperations", "XinglinCommand"],
    ]

    @Test("A plugin imports XinglinKit and nothing else of ours, so that it can be built, moved and deleted alone")
    func pluginsImportTheKitAlone() throws {
        let files = try Repository.swiftFiles(in: "Plugins")
        expectSome(files, "no plugin was found")
        let allowed: Set<String> = ["XinglinKit", "Synchronization", "Glibc", "Foundation"]
        expectNone(
            files.flatMap { file in
                file.imports.filter { !allowed.contains($0) }.map { module in
                    Violation(
                        rule: "a plugin imports XinglinKit alone, not \(module)", file: file.path,
                        wayOut:
                            "use what the Kit offers; call another module by method name (call.module) or take its events"
                    )
                }
            })
    }

    @Test(
        "The core's targets import each other only downwards; the Kit and the cryptography import nothing of ours",
        arguments: core.keys.sorted())
    func coreImportsDownwards(target: String) throws {
        let files = try Repository.swiftFiles(in: "Sources/Core/\(target)")
        expectSome(files, "\(target) has no files")
        let allowed = Self.core[target] ?? []
        expectNone(
            files.flatMap { file in
                file.imports.filter { $0.hasPrefix("Xinglin") && !allowed.contains($0) }.map { module in
                    Violation(
                        rule: "\(target) does not import \(module)", file: file.path,
                        wayOut: "move the type down to where both see it, or hand it in as a protocol or closure")
                }
            })
    }

    @Test("Each outside library has its target that imports it", arguments: owners.keys.sorted())
    func outsideLibrariesHaveOneOwner(library: String) throws {
        let owners = try #require(Self.owners[library])
        // NIO is a family: NIOCore, NIOPosix, NIOSSL.
        let importing = try Repository.swiftFiles(in: "Sources", "Plugins").filter { file in
            file.imports.contains { $0 == library || library == "NIO" && $0.hasPrefix("NIO") }
        }
        expectNone(
            importing.filter { file in !owners.contains { file.path.hasPrefix("Sources/Core/\($0)/") } }.map { file in
                Violation(
                    rule: "only \(owners.sorted().joined(separator: " and ")) imports \(library)", file: file.path,
                    wayOut: "put the code there and give it a Swift interface")
            })
        #expect(!importing.isEmpty, "nothing imports \(library) any more: drop it from the package and from this list")
    }

    @Test("The executable imports the command line alone: everything else lives in the one dynamic core")
    func theExecutableImportsTheCommandAlone() throws {
        let files = try Repository.swiftFiles(in: "Sources/xinglin")
        expectSome(files, "no executable was found")
        expectNone(
            files.flatMap { file in
                file.imports.filter { $0 != "XinglinCommand" }.map { module in
                    Violation(
                        rule: "the executable imports XinglinCommand alone, not \(module)", file: file.path,
                        wayOut: "move the code into Sources/Core/XinglinCommand")
                }
            })
    }

    @Test("No import hides its types from the compiler's checks")
    func noImplementationOnlyImports() throws {
        let attribute = "@_implementation" + "Only"
        expectNone(
            try Repository.swiftFiles(in: "Sources", "Plugins", "Tests").filter { $0.contains(attribute) }.map { file in
                Violation(rule: "\(attribute) is not used", file: file.path, wayOut: "write `internal import`")
            })
    }
}
