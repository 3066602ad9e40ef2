import Foundation
import XinglinKit

@testable import Membership

/// The files that the module ships.
enum DataOfTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Self.root.appendingPathComponent("Plugins/Membership/Data/\(name)")))
    }

    /// What the shipped rules say.
    static func book() throws -> RuleBook {
        let lines = try RuleFile(parsing: Self.bytes("rules.csv"), bounds: MembershipRules.bounds).lines
        return MembershipRules.book(
            lines.map {
                RuleBook.Entry(
                    key: $0.key, value: $0.value, tighter: $0.tighter, validFrom: $0.validFrom, version: $0.version,
                    revision: 0, siteRevision: 0)
            })
    }
}
