internal import XinglinKit
internal import XinglinRPC

/// `events.topics`: what one can subscribe to.
struct EventsTopics: RPCMethod {
    struct Reply: Codable, Sendable {
        var topics: [Topic]
    }
    struct Topic: Codable, Sendable {
        var topic: String
        var module: String
        var summaryZh: String
        var summaryEn: String
        var body: JSONValue
        var example: JSONValue
    }

    static let name = "events.topics"
    static let summary = "Lists the topics that the caller may subscribe to at one of their sites, with the shape of each body."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object()
    static let reply = Schema.object(
        .required(
            "topics",
            .array(
                .object(
                    .required("topic", .code(1...100), "The topic's name."),
                    .required("module", .code(1...64), "The module that publishes it; host for the host itself."),
                    .required("summaryZh", .text(1...200), "What has happened, in Chinese."),
                    .required("summaryEn", .text(1...200), "The same in English."),
                    .required("body", .any, "JSON Schema of the body."),
                    .required("example", .any, "A body.")),
                0...1000),
            "The topics, by name."))

    static var examples: Examples<Empty, Reply> {
        let topic = Topic(
            topic: "host.moduleEnabled", module: "host", summaryZh: "机构启用了模块",
            summaryEn: "A module was enabled at a site", body: HostTopics.moduleEnabled.body.jsonSchema,
            example: ["module": "decoction", "site": "t1"])
        return Examples(full: (Empty(), Reply(topics: [topic])), minimal: (Empty(), Reply(topics: [])))
    }

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let services = try call.hosted.services
        let directory = services.directory.snapshot
        let principal = try call.caller
        let entries = services.registry.topics.values.filter {
            !TopicReach($0, of: principal, in: directory).isEmpty
        }
        return Reply(
            topics: try entries.sorted { $0.topic.name < $1.topic.name }.map { entry in
                Topic(
                    topic: entry.topic.name, module: entry.module, summaryZh: entry.topic.summary.zh,
                    summaryEn: entry.topic.summary.en, body: entry.topic.body.jsonSchema,
                    example: try JSONCodec.tree(of: entry.topic.example))
            })
    }
}
