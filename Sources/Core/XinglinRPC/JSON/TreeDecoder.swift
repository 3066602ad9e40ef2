internal import XinglinKit

/// The decoder of one value of a tree.
struct TreeDecoder: Decoder, JSONTreeSource {
    let tree: JSONValue
    let path: DecodingPath?

    var codingPath: [any CodingKey] { self.path?.keys ?? [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = self.tree else { throw self.mismatch([String: JSONValue].self) }
        return KeyedDecodingContainer(ObjectDecoder<Key>(members: members, path: self.path))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = self.tree else { throw self.mismatch([JSONValue].self) }
        return ArrayDecoder(elements: elements, path: self.path)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { ScalarDecoder(decoder: self) }

    func bool() throws -> Bool {
        guard case .bool(let value) = self.tree else { throw self.mismatch(Bool.self) }
        return value
    }

    func string() throws -> String {
        guard case .string(let value) = self.tree else { throw self.mismatch(String.self) }
        return value
    }

    func integer<Number: FixedWidthInteger>() throws -> Number {
        switch self.tree {
        case .integer(let value):
            guard let exact = Number(exactly: value) else { throw self.corrupted("an integer out of range") }
            return exact
        case .number(let text):
            // Only UInt64 and 128-bit integers are wider than the tree's own; a fraction or an exponent is no integer.
            guard let exact = Number(text) else { throw self.corrupted("not an integer, or out of range") }
            return exact
        default: throw self.mismatch(Number.self)
        }
    }

    func floating<Number: BinaryFloatingPoint & LosslessStringConvertible>() throws -> Number {
        switch self.tree {
        case .integer(let value): return Number(value)
        case .number(let text):
            guard let value = Number(text), value.isFinite else { throw self.corrupted("a number out of range") }
            return value
        default: throw self.mismatch(Number.self)
        }
    }

    func mismatch(_ type: any Any.Type) -> DecodingError {
        let found =
            switch self.tree {
            case .null: "null"
            case .bool: "a boolean"
            case .integer, .number: "a number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return .typeMismatch(type, .init(codingPath: self.codingPath, debugDescription: "found \(found)"))
    }

    private func corrupted(_ description: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: self.codingPath, debugDescription: description))
    }
}

/// Where a value stands: a list from the inside out, so that going one step deeper copies nothing.
final class DecodingPath: Sendable {
    private let outer: DecodingPath?
    private let key: any CodingKey

    init(_ outer: DecodingPath?, _ key: any CodingKey) {
        self.outer = outer
        self.key = key
    }

    var keys: [any CodingKey] { (self.outer?.keys ?? []) + [self.key] }
}
