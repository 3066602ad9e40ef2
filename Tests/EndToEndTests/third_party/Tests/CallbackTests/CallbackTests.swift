import Testing
import XinglinKit
import XinglinTesting

@testable import Callback

@Suite("Callback requests")
struct CallbackTests {
    @Test("the module conforms")
    func conforms() async throws {
        try await ModuleConformance.check(CallbackModule.self)
    }

    @Test("a number is found by the whole of it, and stands once")
    func findsByNumber() async throws {
        let host = try await TestHost.start(CallbackModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        let added = try await nurse.call("callback.request.add", ["phone": "000-0000-0001", "reason": "询问"])
        let found = try await nurse.call("callback.request.find", ["phone": "000-0000-0001"])
        #expect(found["requestId"] == added["requestId"])
        let refused = await #expect(throws: CallRefused.self) {
            try await nurse.call("callback.request.add", ["phone": "000-0000-0001", "reason": "再问"])
        }
        #expect(refused?.reason == "callback.alreadyOpen")
    }
}
