internal import XinglinKit
internal import XinglinRPC

/// A topic as the registry keeps it.
struct TopicEntry: Sendable {
    let module: String
    let topic: EventTopic

    /// - Throws: `BootRefusal` where the declaration cannot be used.
    func check() throws {
        func refuse(_ reason: String) -> BootRefusal {
            BootRefusal(description: "topic \(self.topic.name) \(reason)")
        }
        guard EventNames.isName(self.topic.name, of: self.module) else {
            throw refuse("must be \(self.module).nounVerbed or \(self.module).noun.verbed")
        }
        switch self.topic.access {
        case .anonymous: throw refuse("must say who may subscribe")
        case .roles(let roles) where roles.isEmpty: throw refuse("names no role")
        case .roles, .authenticated, .modules: break
        }
        guard case .object = self.topic.body else { throw refuse("must have an object as its body") }
    }
}

/// A handler as the registry keeps it.
struct HandlerEntry: Sendable {
    let name: String
    let module: String
    let topics: [String]
    let start: EventStart
    let handle: @Sendable (Event, Call) throws -> Void

    init<Handler: EventHandler>(_ handler: Handler, module: String) {
        self.name = Handler.name
        self.module = module
        self.topics = Handler.topics
        self.start = Handler.start
        self.handle = { try handler.handle($0, $1) }
    }

    /// - Parameters:
    ///   - known: the topics of the modules that have booted, and of this one.
    /// - Throws: `BootRefusal` where the declaration cannot be used.
    func check(_ manifest: ModuleManifest, known: [String: TopicEntry], running: Set<String>) throws {
        func refuse(_ reason: String) -> BootRefusal { BootRefusal(description: "handler \(self.name) \(reason)") }
        guard EventNames.isName(self.name, of: self.module) else {
            throw refuse("must be \(self.module).nounVerb or \(self.module).noun.verb")
        }
        guard !self.topics.isEmpty, Set(self.topics).count == self.topics.count else {
            throw refuse("must name its topics, each once")
        }
        let near = Set(manifest.needs + manifest.awareOf + [manifest.code, Registry.hostCode])
        for topic in self.topics {
            let module = EventNames.module(of: topic)
            guard near.contains(module) else {
                throw refuse("handles \(topic), but neither needs nor awareOf names \(module)")
            }
            guard known[topic] != nil || !running.contains(module) else {
                throw refuse("handles \(topic), which module \(module) does not publish")
            }
        }
    }
}

/// The names of topics and handlers.
enum EventNames {
    static func module(of name: String) -> String { String(name.prefix { $0 != "." }) }

    /// Two or three segments in lowerCamel, the first the module's code.
    static func isName(_ name: String, of module: String) -> Bool {
        let segments = name.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(segments.count), segments[0] == module, name.utf8.count <= 100 else { return false }
        return segments.allSatisfy { segment in
            guard let first = segment.unicodeScalars.first, ("a"..."z").contains(first) else { return false }
            return segment.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) }
        }
    }
}

/// The JSON of an event's body.
struct JSONEventBody: EventBody {
    let text: String

    func decode<Body: Decodable>(_ type: Body.Type) throws -> Body {
        try JSONCodec.decode(type, from: try JSONReader.parse(Array(self.text.utf8)))
    }
}
