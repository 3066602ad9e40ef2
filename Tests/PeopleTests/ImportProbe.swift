import XinglinKit

@testable import People

/// The module with one method more, which imports lines at once: what the host does with a file in steps.
struct PeopleWithImports: FeatureModule {
    static let manifest = PeopleModule.manifest
    private let module: PeopleModule

    init(_ boot: Boot) throws {
        self.module = try PeopleModule(boot)
    }

    var methods: [any RPCMethod] { self.module.methods + [RunImport(imports: self.module.imports), ExplainSearch()] }
}

/// `people.import.run`: checks lines, applies the good ones, gives the faults by line.
struct RunImport: RPCMethod {
    struct Params: Codable, Sendable {
        let kind: String
        let lines: [[String: String]]
        var raceWith: [[String: String]]?
    }

    struct Reply: Codable, Sendable {
        let good: Int
        let faults: [String]
        let prepared: String
    }

    static let name = "people.import.run"
    static let summary = "Imports lines."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let lane = Lane.batch
    static let params = Schema.object(
        .required("kind", .code(1...40), "The kind."), .required("lines", .any, "The lines."),
        .optional("raceWith", .any, "Lines that are imported between check and apply."))
    static let reply = Schema.object(
        .required("good", .integer(0...100_000), "How many were good."),
        .required("faults", .array(.any, 0...100_000), "line/field: text."),
        .required("prepared", .opaque(0...1_000_000), "The first prepared line."))
    static var examples: Examples<Params, Reply> {
        let example = (params: Params(kind: "people.staff", lines: []), reply: Reply(good: 0, faults: [], prepared: ""))
        return Examples(full: example, minimal: example)
    }

    let imports: [any BulkImport]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard let kind = self.imports.first(where: { type(of: $0).kind == params.kind }) else {
            throw Fault.invalid("/kind", expected: "a kind")
        }
        var faults: [String] = []
        let prepared = try Self.check(kind, params.lines, &faults, call)
        if let others = params.raceWith {
            var ignored: [String] = []
            _ = try kind.apply(try Self.check(kind, others, &ignored, call), call)
        }
        let late = try kind.apply(prepared, call)
        for (line, found) in late.sorted(by: { $0.key < $1.key }) {
            faults += found.map { "\(line)/\($0.field ?? ""): \($0.text.zh)" }
        }
        return Reply(
            good: prepared.count - late.count, faults: faults,
            prepared: prepared.first.map { String(decoding: $0.content, as: UTF8.self) } ?? "")
    }

    private static func check(
        _ kind: any BulkImport, _ lines: [[String: String]], _ faults: inout [String], _ call: Call
    ) throws -> [PreparedLine] {
        let lines = lines.enumerated().map { ImportLine(number: $0.offset + 1, values: $0.element) }
        var prepared: [PreparedLine] = []
        for (line, verdict) in zip(lines, try kind.check(lines, call)) {
            switch verdict {
            case .good(let content, _): prepared.append(PreparedLine(number: line.number, content: content))
            case .faulty(let found): faults += found.map { "\(line.number)/\($0.field ?? ""): \($0.text.zh)" }
            }
        }
        return prepared
    }
}

/// `people.search.explain`: the plan of a search under the module's role, with the site's policies.
struct ExplainSearch: RPCMethod {
    struct Params: Codable, Sendable { let prefix: String }
    struct Reply: Codable, Sendable { let plan: String }

    static let name = "people.search.explain"
    static let summary = "Explains a search."
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object(.required("prefix", .text(1...60), "The prefix."))
    static let reply = Schema.object(.required("plan", .opaque(0...100_000), "The plan."))
    static var examples: Examples<Params, Reply> {
        let example = (params: Params(prefix: "zs"), reply: Reply(plan: ""))
        return Examples(full: example, minimal: example)
    }

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let sql = RegistrationStore.spelled(params.prefix, bornOn: nil, after: .init(), limit: 20)
        var text = sql.text
        for (index, value) in sql.values.enumerated().reversed() {
            text = text.replacing("$\(index + 1)", with: value.map { "'\($0)'" } ?? "NULL")
        }
        let rows = try call.db.rows(SQL(stringLiteral: "EXPLAIN (COSTS OFF) \(text)")).text
        return Reply(plan: rows.compactMap { $0.first ?? nil }.joined(separator: "\n"))
    }
}
