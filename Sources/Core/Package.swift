// swift-tools-version: 6.2
// The core of Xinglin: ONE dynamic library (libXinglinCore.so) that holds every package we depend on, so that the host
// and all plugins share one copy of each type. See docs/architecture.md and docs/adr/0001-one-dynamic-core.md.
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "Core",
    products: [
        .library(
            name: "XinglinCore",
            type: .dynamic,
            targets: [
                "XinglinKit", "XinglinCrypto", "XinglinPostgres", "XinglinRPC", "XinglinHost", "XinglinOperations",
                "XinglinCommand",
            ]
        )
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["JSON", "YAML"]),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", path: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CLibCrypto", path: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "XinglinKit",
            dependencies: [
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftCSV", package: "SwiftCSV"),
            ],
            path: "XinglinKit",
            swiftSettings: strict
        ),
        .target(
            name: "XinglinCrypto",
            dependencies: ["CLibCrypto"],
            path: "XinglinCrypto",
            swiftSettings: strict
        ),
        .target(
            name: "XinglinPostgres",
            dependencies: ["CLibPQ", "XinglinKit"],
            path: "XinglinPostgres",
            swiftSettings: strict
        ),
        .target(
            name: "XinglinRPC",
            dependencies: [
                "XinglinKit",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "XinglinRPC",
            swiftSettings: strict
        ),
        .target(
            name: "XinglinHost",
            dependencies: ["XinglinKit", "XinglinCrypto", "XinglinPostgres", "XinglinRPC"],
            path: "XinglinHost",
            resources: [.embedInCode("Migrations")],
            swiftSettings: strict
        ),
        .target(
            name: "XinglinOperations",
            dependencies: [
                "XinglinKit", "XinglinHost",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "XinglinOperations",
            swiftSettings: strict
        ),
        .target(
            name: "XinglinCommand",
            dependencies: [
                "XinglinKit", "XinglinCrypto", "XinglinPostgres", "XinglinRPC", "XinglinHost", "XinglinOperations",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "XinglinCommand",
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
