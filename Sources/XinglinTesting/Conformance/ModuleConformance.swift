internal import Foundation
internal import XinglinHost
public import XinglinKit
internal import XinglinPostgres

/// The checks that every module passes (docs/add-a-module.md lists them). One line in a module's tests inherits them all:
///
///     @Test("the module conforms") func conforms() async throws { try await ModuleConformance.check(ExampleModule.self) }
public enum ModuleConformance {
    /// Runs every check.
    /// - Parameters:
    ///   - others: the modules that it needs.
    ///   - sourceFile: a file of the repository, from which the module's folder is found.
    /// - Throws: `ConformanceFailure` with all findings.
    public static func check(
        _ module: any FeatureModule.Type, others: [any FeatureModule.Type] = [], sourceFile: String = #filePath
    ) async throws {
        try await Self.check(module, others: others, folder: Self.folder(of: module, sourceFile).path)
    }

    /// Runs every check on a module whose folder is named.
    /// - Throws: `ConformanceFailure` with all findings.
    public static func check(
        _ module: any FeatureModule.Type, others: [any FeatureModule.Type] = [], folder path: String
    ) async throws {
        let folder = URL(fileURLWithPath: path)
        var findings = ManifestChecks(module, folder: folder).findings()
        findings += try MethodChecks(module).findings()
        findings += try EventChecks(module).findings()
        findings += try JobChecks(module).findings()
        findings += try SchemaChecks(module, others: others).findings()
        guard findings.isEmpty else { throw ConformanceFailure(findings: findings) }
    }

    /// Plugins/<target> of the repository that holds the file.
    private static func folder(of module: any FeatureModule.Type, _ sourceFile: String) throws -> URL {
        let target = String(String(reflecting: module).prefix { $0 != "." })
        var folder = URL(fileURLWithPath: sourceFile)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path) {
                return folder.appendingPathComponent("Plugins/\(target)")
            }
        }
        throw ConformanceFailure(findings: ["the repository was not found from \(sourceFile)"])
    }
}

/// What does not conform, each finding with the way out.
public struct ConformanceFailure: Error, CustomStringConvertible {
    public let findings: [String]

    public var description: String {
        "\(self.findings.count) findings:\n" + self.findings.map { "- \($0)" }.joined(separator: "\n")
    }
}
