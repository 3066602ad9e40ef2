internal import XinglinKit

// Codable asks for one `decode` per standard type; the generic ones here answer for all integers and both floating types.

/// Reads a value that is no object and no array.
struct ScalarDecoder: SingleValueDecodingContainer {
    let decoder: TreeDecoder
    var codingPath: [any CodingKey] { self.decoder.codingPath }

    func decodeNil() -> Bool { self.decoder.tree == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try self.decoder.bool() }
    func decode(_ type: String.Type) throws -> String { try self.decoder.string() }
    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number {
        try self.decoder.integer()
    }
    func decode<Number: BinaryFloatingPoint & LosslessStringConvertible & Decodable>(
        _ type: Number.Type
    ) throws -> Number {
        try self.decoder.floating()
    }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self.decoder) }
}

/// Reads the members of an object.
struct ObjectDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSONValue]
    let path: DecodingPath?

    var codingPath: [any CodingKey] { self.path?.keys ?? [] }
    var allKeys: [Key] { self.members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { self.members[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try self.member(key).tree == .null }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try self.member(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try self.member(key).string() }
    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type, forKey key: Key) throws -> Number {
        try self.member(key).integer()
    }
    func decode<Number: BinaryFloatingPoint & LosslessStringConvertible & Decodable>(
        _ type: Number.Type, forKey key: Key
    ) throws -> Number {
        try self.member(key).floating()
    }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try Value(from: try self.member(key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try self.member(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try self.member(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { try self.member(PlaceKey(stringValue: "super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try self.member(key) }

    private func member(_ key: any CodingKey) throws -> TreeDecoder {
        guard let tree = self.members[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: self.codingPath, debugDescription: "the member is missing"))
        }
        return TreeDecoder(tree: tree, path: DecodingPath(self.path, key))
    }
}

/// Reads the elements of an array.
struct ArrayDecoder: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let path: DecodingPath?
    private(set) var currentIndex = 0

    init(elements: [JSONValue], path: DecodingPath?) {
        self.elements = elements
        self.path = path
    }

    var codingPath: [any CodingKey] { self.path?.keys ?? [] }
    var count: Int? { self.elements.count }
    var isAtEnd: Bool { self.currentIndex == self.elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try self.current(JSONValue?.self).tree == .null else { return false }
        self.currentIndex += 1
        return true
    }
    mutating func decode(_ type: Bool.Type) throws -> Bool { try self.next(type) { try $0.bool() } }
    mutating func decode(_ type: String.Type) throws -> String { try self.next(type) { try $0.string() } }
    mutating func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number {
        try self.next(type) { try $0.integer() }
    }
    mutating func decode<Number: BinaryFloatingPoint & LosslessStringConvertible & Decodable>(
        _ type: Number.Type
    ) throws -> Number {
        try self.next(type) { try $0.floating() }
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try self.next(type) { try Value(from: $0) }
    }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try self.next([String: JSONValue].self) { try $0.container(keyedBy: type) }
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try self.next([JSONValue].self) { try $0.unkeyedContainer() }
    }
    mutating func superDecoder() throws -> any Decoder { try self.next(JSONValue.self) { $0 } }

    private func current(_ type: any Any.Type) throws -> TreeDecoder {
        let path = DecodingPath(self.path, PlaceKey(self.currentIndex))
        guard !self.isAtEnd else {
            throw DecodingError.valueNotFound(
                type, .init(codingPath: path.keys, debugDescription: "the array is shorter"))
        }
        return TreeDecoder(tree: self.elements[self.currentIndex], path: path)
    }

    /// Steps on only where the element could be read, as Codable's own containers do.
    private mutating func next<Value>(
        _ type: any Any.Type, _ read: (TreeDecoder) throws -> Value
    ) throws -> Value {
        let value = try read(try self.current(type))
        self.currentIndex += 1
        return value
    }
}
