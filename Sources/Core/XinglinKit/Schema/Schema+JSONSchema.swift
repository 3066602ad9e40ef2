extension Schema {
    /// The schema as JSON Schema (draft 7), for the OpenRPC document.
    public var jsonSchema: JSONValue {
        switch self {
        case .object(let fields):
            var schema: [String: JSONValue] = [
                "type": "object",
                "additionalProperties": false,
                "properties": .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.jsonSchema) })),
            ]
            let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { schema["required"] = .array(required) }
            return .object(schema)
        case .array(let element, let range):
            return [
                "type": "array", "items": element.jsonSchema, "minItems": .integer(Int64(range.lowerBound)),
                "maxItems": .integer(Int64(range.upperBound)),
            ]
        case .text(let range), .opaque(let range):
            return [
                "type": "string", "minLength": .integer(Int64(range.lowerBound)),
                "maxLength": .integer(Int64(range.upperBound)),
            ]
        case .code(let range):
            return ["type": "string", "pattern": .string("^[A-Za-z0-9._-]{\(range.lowerBound),\(range.upperBound)}$")]
        case .integer(let range):
            return [
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ]
        case .boolean: return ["type": "boolean"]
        case .enumeration(let codes): return ["type": "string", "enum": .array(codes.map { .string($0) })]
        case .id: return ["type": "string", "format": "uuid"]
        case .date: return ["type": "string", "format": "date"]
        case .timestamp: return ["type": "string", "format": "date-time"]
        case .any: return true
        }
    }
}

extension Schema.Field {
    /// The property's JSON Schema with its description.
    public var jsonSchema: JSONValue {
        guard case .object(var schema) = self.schema.jsonSchema else {
            return ["description": .string(self.description)]
        }
        schema["description"] = .string(self.description)
        return .object(schema)
    }
}
