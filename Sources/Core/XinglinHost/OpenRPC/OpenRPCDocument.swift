internal import XinglinKit

/// The OpenRPC document of a registry.
struct OpenRPCDocument {
    private let registry: Registry

    init(_ registry: Registry) {
        self.registry = registry
    }

    func json(withExamples: Bool) throws -> JSONValue {
        [
            "openrpc": "1.3.2",
            "info": [
                "title": "Xinglin", "version": .string(HostServices.version),
                "description":
                    "JSON-RPC 2.0, one JSON value per line, over TLS. Parameters by name; see docs/protocol.md.",
                "license": ["name": "Apache-2.0"],
            ],
            "methods": .array(try self.registry.sortedMethods.map { try Self.method($0, withExamples) }),
        ]
    }

    private static func method(_ entry: MethodEntry, _ withExamples: Bool) throws -> JSONValue {
        var method: [String: JSONValue] = [
            "name": .string(entry.name),
            "summary": .string(entry.summary),
            "paramStructure": "by-name",
            "params": .array(Self.params(entry.params)),
            "result": ["name": "reply", "schema": entry.reply.jsonSchema],
            "errors": .array(entry.faults.map(Self.error)),
            "tags": [["name": .string(entry.module)]],
            "x-effect": .string(entry.effect.rawValue),
            "x-scope": .string(entry.scope.rawValue),
            "x-access": Self.access(entry.access),
        ]
        if withExamples {
            method["examples"] = .array(
                zip(["full", "minimal"], try entry.examples()).map { name, example in
                    [
                        "name": .string(name),
                        "params": .array(
                            (example.params.objectValue ?? [:]).sorted { $0.key < $1.key }.map {
                                ["name": .string($0.key), "value": $0.value]
                            }),
                        "result": ["name": "reply", "value": example.reply],
                    ]
                })
        }
        return .object(method)
    }

    private static func params(_ schema: Schema) -> [JSONValue] {
        guard case .object(let fields) = schema else { return [] }
        return fields.map { field in
            [
                "name": .string(field.name), "required": .bool(field.isRequired),
                "description": .string(field.description), "schema": field.schema.jsonSchema,
            ]
        }
    }

    private static func error(_ kind: FaultKind) -> JSONValue {
        [
            "code": .integer(Int64(kind.code)), "message": .string(kind.message.en),
            "data": [
                "reason": .string(kind.reason), "hint": .string(kind.hint.en), "retryable": .bool(kind.retryable),
            ],
        ]
    }

    private static func access(_ access: Access) -> JSONValue {
        switch access {
        case .anonymous: "anonymous"
        case .authenticated: "authenticated"
        case .modules: "modules"
        case .roles(let roles): .array(roles.sorted().map { .string($0.rawValue) })
        }
    }
}
