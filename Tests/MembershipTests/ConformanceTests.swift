import People
import Testing
import XinglinKit
import XinglinTesting

@testable import Membership

struct ConformanceTests {
    @Test("the module conforms")
    func conforms() async throws {
        try await ModuleConformance.check(MembershipModule.self, others: [PeopleModule.self])
    }
}
