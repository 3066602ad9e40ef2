internal import XinglinCrypto
internal import XinglinKit

/// Imports a file through the public methods, as `xinglin import` does. Interrupted, it goes on where it stopped.
struct DemonstrationImport {
    let client: InProcessClient
    let kind: String
    let name: String
    let site: String

    private static let chunk = 1000

    /// - Parameter progress: told how many lines have been applied.
    func run(header: String, lines: [String], progress: (Int) -> Void) async throws {
        let digest = try SM3.hex(Array(([header] + lines).joined(separator: "\n").utf8))
        let begun: JSONValue
        do {
            begun = try await self.call(
                "imports.begin",
                [
                    "kind": .string(self.kind), "name": .string(self.name), "header": .string(header),
                    "sm3": .string(digest),
                ])
        } catch let refused as CallRefused where refused.reason == "host.importDone" {
            // A load that was interrupted later than this.
            return progress(lines.count)
        }
        guard let id = begun["importId"] else { throw Unfinished(name: self.name, state: "not begun", lines: 0) }
        var next = Int(begun["nextLine"]?.integerValue ?? 1)
        while next <= lines.count {
            let part = lines[(next - 1)..<min(next - 1 + Self.chunk, lines.count)]
            let appended = try await self.call(
                "imports.append",
                [
                    "importId": id, "fromLine": .integer(Int64(next)),
                    "csv": .string(part.joined(separator: "\n") + "\n"),
                ])
            next = Int(appended["nextLine"]?.integerValue ?? Int64(next + part.count))
            progress((next - 1) / 2)
        }
        if begun["state"]?.stringValue == "open" {
            _ = try await self.call("imports.finish", ["importId": id, "lines": .integer(Int64(lines.count))])
        }
        if begun["state"]?.stringValue != "applying" {
            _ = try await self.call("imports.apply", ["importId": id, "mode": "goodLines"])
        }
        try await self.wait(for: id, lines.count, progress)
    }

    private func wait(for id: JSONValue, _ count: Int, _ progress: (Int) -> Void) async throws {
        while true {
            let import_ = try await self.call("imports.get", ["importId": id])
            let applied = Int(import_["applied"]?.integerValue ?? 0)
            progress((count + applied) / 2)
            let state = import_["state"]?.stringValue ?? ""
            guard state == "applying" else {
                // Invented lines have no faults: one that has is a fault of the program.
                guard state == "applied", applied == count else {
                    throw Unfinished(name: self.name, state: state, lines: count - applied)
                }
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func call(_ method: String, _ params: JSONValue) async throws -> JSONValue {
        try await self.client.call(method, params, site: self.site, deadlineMs: 60_000)
    }

    struct Unfinished: Error, CustomStringConvertible {
        let name: String
        let state: String
        let lines: Int
        var description: String { "the import \(self.name) is \(self.state) with \(self.lines) lines left out" }
    }
}
