internal import XinglinKit

/// Which topics a subscription asks for.
struct TopicSelection {
    /// What the caller gets, by topic; never nothing.
    let reach: [String: TopicReach]

    /// - Parameter topics: names, or `module.*` for all of a module that the caller may have.
    /// - Throws: `host.invalidParams` naming the place, `host.forbidden`.
    init(_ topics: [String], registry: Registry, principal: Principal, directory: DirectorySnapshot) throws(Fault) {
        var reach: [String: TopicReach] = [:]
        for (place, name) in topics.enumerated() {
            let entries = try Self.entries(name, place, registry)
            var found = false
            for entry in entries {
                let one = TopicReach(entry, of: principal, in: directory)
                guard !one.isEmpty else { continue }
                reach[entry.topic.name] = one
                found = true
            }
            if !found { throw Self.forbidden(entries) }
        }
        self.reach = reach
    }

    private static func entries(_ name: String, _ place: Int, _ registry: Registry) throws(Fault) -> [TopicEntry] {
        let known = registry.topics.values.filter { $0.topic.access != .modules }
        let asked = known.filter { name.hasSuffix(".*") ? "\($0.module).*" == name : $0.topic.name == name }
        guard !asked.isEmpty else {
            throw Fault.invalid(
                "/topics/\(place)", expected: "a topic that events.topics lists, or all of a module as in people.*",
                zh: "events.topics 列出的主题，或某模块的全部主题，如 people.*")
        }
        return asked.sorted { $0.topic.name < $1.topic.name }
    }

    private static func forbidden(_ entries: [TopicEntry]) -> Fault {
        let roles = entries.reduce(into: Set<Role>()) { all, entry in
            if case .roles(let roles) = entry.topic.access { all.formUnion(roles) }
        }
        return HostFault.forbidden.fault([
            "roles": .array((roles.isEmpty ? Set(Role.allCases) : roles).sorted().map { .string($0.rawValue) }),
            "topic": .string(entries.first?.topic.name ?? ""),
        ])
    }
}
