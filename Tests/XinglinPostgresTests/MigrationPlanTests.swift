import Testing

@testable import XinglinPostgres

@Suite("Which migrations are pending")
struct MigrationPlanTests {
    private func plan(_ known: [String], _ applied: [String]) throws -> [String] {
        func steps(_ names: [String]) -> [MigrationPlan.Step] {
            names.map { text in
                let parts = text.split(separator: "=")
                return .init(name: String(parts[0]), checksum: parts.count > 1 ? String(parts[1]) : "same")
            }
        }
        return try MigrationPlan.pending(module: "m", known: steps(known), applied: steps(applied)).map(\.name)
    }

    @Test("Those after the last applied one, in order")
    func pending() throws {
        #expect(try self.plan(["m1", "m2", "m3"], []) == ["m1", "m2", "m3"])
        #expect(try self.plan(["m1", "m2", "m3"], ["m2", "m1"]) == ["m3"])
        #expect(try self.plan(["m1"], ["m1"]) == [])
    }

    @Test(
        "History and program that contradict each other are refused by name",
        arguments: [
            (["m1"], ["m1", "m2"], "m2", "newer"), (["m1=a"], ["m1=b"], "m1", "changed"),
            (["m1", "m2"], ["m2"], "m1", "applied before"), (["m2", "m1"], [], "m1", "after m2"),
            (["m1", "m1"], [], "m1", "after m1"),
        ])
    func contradictions(known: [String], applied: [String], name: String, reason: String) {
        let error = #expect(throws: MigrationError.self) { try self.plan(known, applied) }
        #expect(error?.name == name && error?.reason.contains(reason) == true, "\(String(describing: error))")
    }
}
