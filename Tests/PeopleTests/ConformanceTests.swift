import Testing
import XinglinKit
import XinglinTesting

@testable import People

struct ConformanceTests {
    @Test("the module conforms")
    func conforms() async throws {
        try await ModuleConformance.check(PeopleModule.self)
    }
}
