// swift-tools-version: 6.2
// The host's executable, the feature modules (one dynamic library each) and the tests.
// A new module is one line in `modules`; see docs/add-a-module.md.
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]
let core: Target.Dependency = .product(name: "XinglinCore", package: "Core")

/// One feature module: its plugin library, its folder in Plugins/ and its tests in Tests/<Name>Tests.
struct Module {
    var name: String
    var hasDataFiles = false
    /// Whether its tests have a folder of data.
    var hasTestData = false
    /// Modules that its tests run beside it.
    var testedWith: [String] = []
    /// Loaded only where the setting `plugins.load` names it (PluginLoader.onRequest).
    var isOnRequest = false

    var product: String { self.isOnRequest ? "\(self.name)OnRequestPlugin" : "\(self.name)Plugin" }
}

let modules = [
    Module(name: "Example"),
    Module(name: "DecoctionPieces", hasDataFiles: true, hasTestData: true, testedWith: ["People"]),
    Module(name: "Membership", hasDataFiles: true, testedWith: ["People"]),
    Module(name: "People"),
    Module(name: "Bench", isOnRequest: true),
]

/// Tests of the core, each in Tests/<Name>.
let coreTests = [
    "ArchitectureTests", "XinglinCryptoTests", "XinglinRPCTests", "XinglinPostgresTests", "XinglinHostTests",
    "XinglinCommandTests", "XinglinOperationsTests",
]

let package = Package(
    name: "xinglin",
    products: [
        .executable(name: "xinglin", targets: ["xinglin"]),
        .library(name: "XinglinTesting", targets: ["XinglinTesting"]),
    ]
        + modules.map { .library(name: $0.product, type: .dynamic, targets: [$0.name]) },
    dependencies: [.package(path: "Sources/Core")],
    targets: [
        .executableTarget(name: "xinglin", dependencies: [core], swiftSettings: strict),
        .target(name: "XinglinTesting", dependencies: [core], swiftSettings: strict),
    ]
        + modules.map { module in
            .target(
                name: module.name,
                dependencies: [core],
                path: "Plugins/\(module.name)",
                exclude: ["README.md"],
                resources: [.embedInCode("Migrations")] + (module.hasDataFiles ? [.copy("Data")] : []),
                swiftSettings: strict
            )
        }
        + modules.map { module in
            .testTarget(
                name: "\(module.name)Tests",
                dependencies: [.target(name: module.name), "XinglinTesting", core]
                    + module.testedWith.map { .target(name: $0) },
                exclude: module.hasTestData ? ["Data"] : [],
                swiftSettings: strict
            )
        }
        + coreTests.map { .testTarget(name: $0, dependencies: ["XinglinTesting", core], swiftSettings: strict) },
    swiftLanguageModes: [.v6]
)
