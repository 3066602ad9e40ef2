import Testing

/// The pages that the code can be compared with.
struct DocumentationTests {
    struct Reason: Hashable, Comparable, CustomStringConvertible {
        let code: Int
        let reason: String
        var description: String { "\(self.code) \(self.reason)" }
        static func < (left: Reason, right: Reason) -> Bool { left.description < right.description }
    }

    static func reasonsInCode() throws -> [(Reason, file: String)] {
        try Repository.swiftFiles(in: "Sources", "Plugins").filter { $0.contains("FaultKind(") }.flatMap { file in
            file.text.matches(of: /FaultKind\(\s*"([A-Za-z]+\.[A-Za-z]+)",\s*code:\s*(-?\d+)/).map { match in
                (Reason(code: Int(match.2) ?? 0, reason: String(match.1)), file.path)
            }
        }
    }

    static func reasonsInErrorsPage() throws -> [Reason] {
        try Repository.file("docs/errors.md").text.split(separator: "\n").compactMap { line in
            guard let match = line.prefixMatch(of: /\|\s*(-?\d+)\s*\|\s*`([A-Za-z]+\.[A-Za-z]+)`\s*\|/) else {
                return nil
            }
            return Reason(code: Int(match.1) ?? 0, reason: String(match.2))
        }
    }

    @Test("docs/errors.md lists every reason of the code with its code, and no other")
    func errorsPageIsComplete() throws {
        let declared = try Self.reasonsInCode()
        expectSome(declared, "no FaultKind was found")
        let listed = try Self.reasonsInErrorsPage()
        let known = Set(declared.map(\.0))
        expectNone(
            declared.filter { !listed.contains($0.0) }.map { reason, file in
                Violation(
                    rule: "docs/errors.md lists \(reason)", file: file,
                    wayOut: "add its row: code, reason, when, what to do")
            }
                + listed.filter { !known.contains($0) }.map { reason in
                    Violation(
                        rule: "docs/errors.md lists only what the code refuses with", file: "docs/errors.md: \(reason)",
                        wayOut: "delete the row, or correct its code")
                })
        #expect(Set(listed).count == listed.count, "a reason stands twice in docs/errors.md")
    }

    @Test("A module's codes lie in a hundred of its own, one code per reason")
    func moduleCodesAreDistinct() throws {
        let reasons = try Self.reasonsInCode().map(\.0).filter { $0.code > 0 }
        for (code, sharing) in Dictionary(grouping: reasons, by: \.code) {
            #expect(sharing.count == 1, "\(code) is used for \(sharing.map(\.reason).sorted())")
        }
        for (hundred, sharing) in Dictionary(grouping: reasons, by: { $0.code / 100 }) {
            let modules = Set(sharing.map { $0.reason.prefix { $0 != "." } })
            #expect(modules.count == 1, "\(hundred)00 is shared by \(modules.sorted())")
        }
    }

    /// The host's methods that clients rely on.
    static let contract = [
        "host.ping", "host.status", "rpc.discover", "session.login", "session.resume", "session.whoami",
        "session.changePassword", "session.logout", "sites.create", "sites.get", "sites.list", "accounts.create",
        "accounts.setRoles", "accounts.disable", "accounts.resetPassword", "modules.list", "modules.enable",
        "modules.disable",
    ]

    @Test("docs/protocol.md names every method of the host")
    func protocolPageNamesTheHostsMethods() throws {
        let page = try Repository.file("docs/protocol.md").text
        let implemented = try Repository.files(in: "Sources/Core/XinglinHost/Methods", ending: ".swift").flatMap {
            file in
            file.text.matches(of: /static let name = "([a-z]+\.[A-Za-z.]+)"/).map { String($0.1) }
        }
        expectSome(implemented, "the host has no methods")
        expectNone(
            Set(Self.contract + implemented).sorted().filter { !page.contains("`\($0)`") }.map { method in
                Violation(
                    rule: "docs/protocol.md names \(method)", file: "docs/protocol.md",
                    wayOut: "add it to the table of the host's methods")
            })
        expectNone(
            Self.contract.filter { !implemented.contains($0) }.map { method in
                Violation(
                    rule: "the host has the method \(method)", file: "Sources/Core/XinglinHost/Methods",
                    wayOut: "clients rely on it: a method of the contract is not renamed or dropped")
            })
    }

    @Test("A relative link in a page leads to a file")
    func linksLeadSomewhere() throws {
        let pages = try Repository.files(in: ".", ending: ".md")
        expectSome(pages, "no pages were found")
        expectNone(
            pages.flatMap { page in
                page.text.matches(of: /\]\(([^)#\s:]+)(?:#[^)]*)?\)/).map { String($0.1) }.filter { target in
                    !Repository.exists(page.folder.isEmpty ? target : "\(page.folder)/\(target)")
                }.map { target in
                    Violation(
                        rule: "a link leads to a file of the repository", file: "\(page.path) → \(target)",
                        wayOut: "correct the path or delete the link")
                }
            })
    }
}
