import Foundation
import Testing
import XinglinKit

@testable import XinglinCommand

extension SettingsLoader {
    /// Loads with this environment and, where given, this file, in a new empty folder.
    static func load(
        _ flags: SettingsFlags = SettingsFlags(), environment: [String: String] = [:], file: String? = nil,
        name: String = "settings.yaml"
    ) throws -> Settings {
        try withFolder { folder in
            var flags = flags
            if let file {
                try file.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
                flags.config = "\(folder)/\(name)"
            }
            return try SettingsLoader(environment: environment, workingDirectory: folder).load(flags)
        }
    }
}

/// A new empty folder, removed when the body is done.
@discardableResult
func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("xinglin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

func bytes(_ text: String) -> [UInt8] {
    Array(text.utf8)
}

func string(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}

/// Whether a text holds a Chinese character.
func isChinese(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
}

/// Runs a suite or test in a language, whatever that of the machine is.
struct LanguageTrait: TestTrait, SuiteTrait, TestScoping {
    let locale: XinglinKit.Locale
    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await Language.$current.withValue(self.locale) { try await function() }
    }
}

extension Trait where Self == LanguageTrait {
    static func language(_ locale: XinglinKit.Locale) -> Self { LanguageTrait(locale: locale) }
}
