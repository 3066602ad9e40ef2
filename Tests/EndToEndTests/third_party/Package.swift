// swift-tools-version: 6.2
// A plugin outside the host's repository, built and tested by SwiftPM. XINGLIN names the checkout that the host was built from.
import PackageDescription

let checkout = Context.environment["XINGLIN"] ?? "../xinglin"
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

let package = Package(
    name: "callback",
    products: [.library(name: "CallbackPlugin", type: .dynamic, targets: ["Callback"])],
    dependencies: [.package(name: "xinglin", path: checkout), .package(path: "\(checkout)/Sources/Core")],
    targets: [
        .target(
            name: "Callback",
            dependencies: [.product(name: "XinglinCore", package: "Core")],
            path: "Plugins/Callback",
            exclude: ["README.md"],
            resources: [.embedInCode("Migrations")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CallbackTests",
            dependencies: [
                "Callback", .product(name: "XinglinTesting", package: "xinglin"),
                .product(name: "XinglinCore", package: "Core"),
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
