internal import XinglinKit

// Codable asks for one `encode` per standard type; the generic ones here answer for all integers and both floating types.

/// Writes a value that is no object and no array.
struct ScalarEncoder: SingleValueEncodingContainer {
    let encoder: JSONByteEncoder
    var codingPath: [any CodingKey] { self.encoder.codingPath }

    func encodeNil() throws { try self.claim().writer.null() }
    func encode(_ value: Bool) throws { try self.claim().writer.bool(value) }
    func encode(_ value: String) throws { try self.claim().writer.string(value) }
    func encode<Number: FixedWidthInteger & Encodable>(_ value: Number) throws { try self.claim().integer(value) }

    func encode<Number: BinaryFloatingPoint & LosslessStringConvertible & Encodable>(_ value: Number) throws {
        let text = try finiteText(value, self.codingPath)
        try self.claim().writer.raw(text.utf8)
    }

    func encode<Value: Encodable>(_ value: Value) throws {
        try self.encoder.state.encode(value, level: self.encoder.level, ticket: self.encoder.ticket)
    }

    private func claim() throws -> EncodingState {
        try self.encoder.state.take(self.encoder.ticket, level: self.encoder.level)
        return self.encoder.state
    }
}

/// Writes the members of an object.
struct ObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let state: EncodingState
    let level: Int
    let ticket: Int
    var codingPath: [any CodingKey] { self.state.path(level: self.level) }

    func encodeNil(forKey key: Key) throws { try self.member(key).encodeNil() }
    func encode(_ value: Bool, forKey key: Key) throws { try self.member(key).encode(value) }
    func encode(_ value: String, forKey key: Key) throws { try self.member(key).encode(value) }
    func encode<Number: FixedWidthInteger & Encodable>(_ value: Number, forKey key: Key) throws {
        try self.member(key).encode(value)
    }
    func encode<Number: BinaryFloatingPoint & LosslessStringConvertible & Encodable>(
        _ value: Number, forKey key: Key
    ) throws {
        try self.member(key).encode(value)
    }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try self.member(key).encode(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        self.nested(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { self.nested(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { self.nested(PlaceKey(stringValue: "super")) }
    func superEncoder(forKey key: Key) -> any Encoder { self.nested(key) }

    private func member(_ key: Key) throws -> ScalarEncoder {
        let value = try self.state.begin(key, level: self.level, ticket: self.ticket)
        return ScalarEncoder(encoder: JSONByteEncoder(state: self.state, level: self.level + 1, ticket: value))
    }

    private func nested(_ key: any CodingKey) -> JSONByteEncoder {
        self.state.nested(key, level: self.level, ticket: self.ticket)
    }
}

/// Writes the elements of an array.
struct ArrayEncoder: UnkeyedEncodingContainer {
    let state: EncodingState
    let level: Int
    let ticket: Int
    var codingPath: [any CodingKey] { self.state.path(level: self.level) }
    var count: Int { self.state.count(level: self.level, ticket: self.ticket) }

    func encodeNil() throws { try self.element().encodeNil() }
    func encode(_ value: Bool) throws { try self.element().encode(value) }
    func encode(_ value: String) throws { try self.element().encode(value) }
    func encode<Number: FixedWidthInteger & Encodable>(_ value: Number) throws { try self.element().encode(value) }
    func encode<Number: BinaryFloatingPoint & LosslessStringConvertible & Encodable>(_ value: Number) throws {
        try self.element().encode(value)
    }
    func encode<Value: Encodable>(_ value: Value) throws { try self.element().encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        self.state.nested(nil, level: self.level, ticket: self.ticket).container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        self.state.nested(nil, level: self.level, ticket: self.ticket).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { self.state.nested(nil, level: self.level, ticket: self.ticket) }

    private func element() throws -> ScalarEncoder {
        let value = try self.state.begin(nil, level: self.level, ticket: self.ticket)
        return ScalarEncoder(encoder: JSONByteEncoder(state: self.state, level: self.level + 1, ticket: value))
    }
}

extension EncodingState {
    func integer(_ value: some FixedWidthInteger) {
        if let exact = Int64(exactly: value) { self.writer.integer(exact) } else { self.writer.raw("\(value)".utf8) }
    }

    /// The encoder of a member or element whose container Codable wants at once, without a chance to throw.
    func nested(_ key: (any CodingKey)?, level: Int, ticket: Int) -> JSONByteEncoder {
        do throws(EncodingError) {
            let value = try self.begin(key, level: level, ticket: ticket)
            return JSONByteEncoder(state: self, level: level + 1, ticket: value)
        } catch {
            self.note(error)
            return JSONByteEncoder(state: self, level: level + 1, ticket: -1)
        }
    }
}

private func finiteText<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ value: Number, _ path: [any CodingKey]
) throws -> String {
    guard value.isFinite else {
        throw EncodingError.invalidValue(value, .init(codingPath: path, debugDescription: "JSON has no such number"))
    }
    return value.description
}
