internal import XinglinKit
internal import XinglinRPC

/// Whether each method's declarations agree with its types.
struct MethodChecks {
    private let manifest: ModuleManifest
    private let methods: [any RPCMethod]

    init(_ module: any FeatureModule.Type) throws {
        self.manifest = module.manifest
        self.methods = try module.init(Boot(settings: ManifestChecks.standards(module.manifest))).methods
    }

    func findings() throws -> [String] {
        var found = self.methods.isEmpty ? ["the module has no method"] : []
        for method in self.methods { found += try self.check(method) }
        return found
    }

    private func check<Method: RPCMethod>(_ method: Method) throws -> [String] {
        let name = Method.name
        var found: [String] = []
        let segments = name.split(separator: ".", omittingEmptySubsequences: false)
        if segments.count != 3 || segments[0] != self.manifest.code
            || segments.contains(where: { !Self.isLowerCamel($0) })
        {
            found.append(
                "\(name): a name is module.noun.verb in lowerCamel segments, beginning with \(self.manifest.code)")
        }
        if Method.summary.isEmpty { found.append("\(name) must have a summary") }
        if case .roles(let roles) = Method.access, roles.isEmpty { found.append("\(name): access names no role") }
        for fault in Method.faults where !self.manifest.faults.contains(fault) && fault.code > 0 {
            found.append("\(name) refuses with \(fault.reason), which the manifest's faults do not list")
        }
        found += Self.undocumented(Method.params, "\(name) params") + Self.undocumented(Method.reply, "\(name) reply")
        let examples = Method.examples
        found += try Self.compare(
            [examples.full.params, examples.minimal.params], Method.params, "\(name) params")
        found += try Self.compare([examples.full.reply, examples.minimal.reply], Method.reply, "\(name) reply")
        return found
    }

    /// Both examples are as the schema wants them, come back from JSON, and together show every member.
    private static func compare<Value: Codable>(_ examples: [Value], _ schema: Schema, _ place: String) throws
        -> [String]
    {
        var found: [String] = []
        var shown: Set<String> = []
        for example in examples {
            let tree = try JSONCodec.tree(of: example)
            found += schema.violations(in: tree).map { "\(place) example: \($0.pointer) expected \($0.expected)" }
            _ = try JSONCodec.decode(Value.self, from: tree)
            shown.formUnion(tree.objectValue.map { Set($0.keys) } ?? [])
        }
        guard case .object(let fields) = schema else { return found }
        let missing = fields.map(\.name).filter { !shown.contains($0) }
        if !missing.isEmpty { found.append("\(place): no example shows \(missing.joined(separator: ", "))") }
        return found
    }

    static func undocumented(_ schema: Schema, _ place: String) -> [String] {
        switch schema {
        case .object(let fields):
            fields.flatMap { field in
                (field.description.isEmpty ? ["\(place): \(field.name) has no description"] : [])
                    + Self.undocumented(field.schema, "\(place).\(field.name)")
            }
        case .array(let element, _): Self.undocumented(element, place)
        default: []
        }
    }

    static func isLowerCamel(_ segment: Substring) -> Bool {
        guard let first = segment.first, first.isLowercase else { return false }
        return segment.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
