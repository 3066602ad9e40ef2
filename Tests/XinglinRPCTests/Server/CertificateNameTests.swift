import Testing

@testable import XinglinRPC

@Suite("The name in a certificate")
struct CertificateNameTests {
    @Test(
        "matches the name and, for a wildcard, exactly one label",
        arguments: [
            ("host.example", "host.example", true), ("Host.Example", "hOST.eXAMPLE", true),
            ("host.example", "host.example.", true),
            ("*.example", "host.example", true), ("*.example", "a.host.example", false),
            ("*.example", "example", false),
            ("*.example", ".example", false), ("host.example", "other.example", false),
            ("h*.example", "host.example", false),
            ("", "host", false), ("127.0.0.1", "localhost", false),
        ])
    func matches(pattern: String, name: String, isMatch: Bool) {
        #expect(CertificateName.matches(pattern, name) == isMatch)
    }
}
