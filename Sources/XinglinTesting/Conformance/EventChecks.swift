internal import XinglinKit
internal import XinglinRPC

/// Whether what a module publishes and handles is declared as it must be.
struct EventChecks {
    private let manifest: ModuleManifest
    private let handlers: [any EventHandler]

    init(_ module: any FeatureModule.Type) throws {
        self.manifest = module.manifest
        self.handlers = try module.init(Boot(settings: ManifestChecks.standards(module.manifest))).handlers
    }

    func findings() throws -> [String] {
        var found: [String] = []
        let topics = self.manifest.publishes
        if Set(topics.map(\.name)).count != topics.count { found.append("a topic stands twice in publishes") }
        for topic in topics { found += try self.check(topic) }
        let names = self.handlers.map { type(of: $0).name }
        if Set(names).count != names.count { found.append("two handlers have one name") }
        for handler in self.handlers { found += self.check(handler) }
        return found
    }

    private func check(_ topic: EventTopic) throws -> [String] {
        let name = topic.name
        var found: [String] = []
        if !self.isName(name) {
            found.append("topic \(name): a name is module.nounVerbed or module.noun.verbed, beginning with \(self.manifest.code)")
        }
        if !isChinese(topic.summary.zh) || topic.summary.en.isEmpty || isChinese(topic.summary.en) {
            found.append("topic \(name) must have a summary in both languages")
        }
        switch topic.access {
        case .anonymous: found.append("topic \(name): access must say who may subscribe; anonymous may not")
        case .roles(let roles) where roles.isEmpty: found.append("topic \(name): access names no role")
        case .roles, .authenticated, .modules: break
        }
        guard case .object(let fields) = topic.body else {
            return found + ["topic \(name): the body must be an object, so that members can be added"]
        }
        found += MethodChecks.undocumented(topic.body, "topic \(name)")
        found += Self.wordy(topic.body, "topic \(name)")
        let example = try JSONCodec.tree(of: topic.example)
        found += topic.body.violations(in: example).map { "topic \(name) example: \($0.pointer) expected \($0.expected)" }
        let missing = fields.map(\.name).filter { example[$0] == nil }
        if !missing.isEmpty { found.append("topic \(name): the example lacks \(missing.joined(separator: ", "))") }
        if example.canonicalText.utf8.count > EventTopic.longestBody {
            found.append("topic \(name): the example has more than \(EventTopic.longestBody) bytes")
        }
        return found
    }

    /// Text that people type may be personal data, and has no place in an event.
    private static func wordy(_ schema: Schema, _ place: String) -> [String] {
        switch schema {
        case .object(let fields): fields.flatMap { Self.wordy($0.schema, "\(place).\($0.name)") }
        case .array(let element, _): Self.wordy(element, place)
        case .text, .opaque, .any:
            ["\(place): an event carries ids, codes, quantities and instants; no free text"]
        case .code, .integer, .boolean, .enumeration, .id, .date, .timestamp: []
        }
    }

    private func check(_ handler: any EventHandler) -> [String] {
        let (name, topics) = (type(of: handler).name, type(of: handler).topics)
        var found: [String] = []
        if !self.isName(name) {
            found.append("handler \(name): a name is module.nounVerb or module.noun.verb, beginning with \(self.manifest.code)")
        }
        if topics.isEmpty || Set(topics).count != topics.count { found.append("handler \(name): name its topics, each once") }
        let near = Set(self.manifest.needs + self.manifest.awareOf + ["host"])
        for topic in topics {
            let module = String(topic.prefix { $0 != "." })
            if module == self.manifest.code {
                if !self.manifest.publishes.contains(where: { $0.name == topic }) {
                    found.append("handler \(name): publishes has no \(topic)")
                }
            } else if !near.contains(module) {
                found.append("handler \(name) handles \(topic), but neither needs nor awareOf names \(module)")
            }
        }
        return found
    }

    private func isName(_ name: String) -> Bool {
        let segments = name.split(separator: ".", omittingEmptySubsequences: false)
        return (2...3).contains(segments.count) && segments[0] == self.manifest.code
            && segments.allSatisfy { MethodChecks.isLowerCamel($0) }
    }
}
