internal import XinglinKit
internal import XinglinRPC

/// Names that were seen in replies, kept for the shell's completion, which must not wait for a network:
/// `xinglin/names.json` beside the session.
struct KnownNames: Sendable {
    enum Kind: String, CaseIterable {
        case methods
        case sites
        case modules
    }
    private let path: String?

    init(environment: [String: String]) {
        self.path = SessionStore(environment: environment).path.map {
            $0.replacing("session.json", with: "names.json")
        }
    }

    /// The names of that kind; none where none were seen or the file cannot be read.
    func names(_ kind: Kind) -> [String] {
        guard let path = self.path, let content = try? Files.read(path), let tree = try? JSONReader.parse(content)
        else { return [] }
        return (tree[kind.rawValue]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// Keeps what a reply told. It only serves comfort: where it cannot be written, the call has succeeded all the same.
    func keep(_ method: String, _ reply: JSONValue) {
        func texts(_ list: JSONValue?, _ member: String? = nil) -> [String] {
            (list?.arrayValue ?? []).compactMap { entry in
                guard let member else { return entry.stringValue }
                return entry[member]?.stringValue
            }
        }
        switch method {
        case "session.login", "session.resume":
            self.write([.methods: texts(reply["permissions"]), .sites: texts(reply["sites"])])
        case "sites.list": self.write([.sites: texts(reply["sites"], "site")])
        case "modules.list": self.write([.modules: texts(reply["modules"], "code")])
        default: return
        }
    }

    private func write(_ seen: [Kind: [String]]) {
        guard let path = self.path, let slash = path.lastIndex(of: "/") else { return }
        var tree: [String: JSONValue] = [:]
        for kind in Kind.allCases {
            // A page, or an account of one site, tells a part of what an earlier reply told.
            let names = Set(self.names(kind)).union(seen[kind] ?? []).sorted().suffix(5000)
            tree[kind.rawValue] = .array(names.map { .string($0) })
        }
        do {
            try Files.makePrivateFolder(String(path[..<slash]))
            try Files.writePrivate(Array((JSONValue.object(tree).canonicalText + "\n").utf8), to: path)
        } catch {
            // Completion then offers fewer names.
            return
        }
    }
}
