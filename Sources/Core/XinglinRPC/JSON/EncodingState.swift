internal import XinglinKit

/// What one run of the encoder has written, and which objects and arrays are still open.
///
/// Codable hands out containers that could be written to in any order; bytes can only be appended. So every place where a value
/// is due has a ticket, a container may be written to only while it is open, and whatever breaks the order throws.
final class EncodingState {
    var writer = JSONWriter()
    /// The place of the value that is due.
    private(set) var ticket = 0
    private var isDue = true
    private var frames: [Frame] = []
    /// The first error of those calls that Codable does not let throw.
    private(set) var failure: EncodingError?

    private struct Frame {
        /// The ticket of the value that this object or array is.
        let ticket: Int
        let isObject: Bool
        var count = 0
        var key: (any CodingKey)?
    }

    /// Writes a whole value where it is due.
    func encode<Value: Encodable>(_ value: Value, level: Int, ticket: Int) throws {
        try value.encode(to: JSONByteEncoder(state: self, level: level, ticket: ticket))
        // A value that encodes nothing is an object without members, as with Foundation's encoder.
        if self.isDue, self.ticket == ticket {
            self.writer.raw("{}")
            self.isDue = false
        }
        self.close(downTo: level)
    }

    /// Claims the place of a value before its bytes are written.
    func take(_ ticket: Int, level: Int) throws(EncodingError) {
        guard self.isDue, self.ticket == ticket else { throw self.disorder(level) }
        self.isDue = false
    }

    /// Opens the object or array of a value, unless the value has opened it before.
    func open(object isObject: Bool, level: Int, ticket: Int) {
        if self.isDue, self.ticket == ticket, self.frames.count == level {
            self.isDue = false
            self.frames.append(Frame(ticket: ticket, isObject: isObject))
            isObject ? self.writer.raw("{") : self.writer.raw("[")
        } else if !self.isOpen(level, ticket) || self.frames[level].isObject != isObject {
            self.note(self.disorder(level))
        }
    }

    /// Begins a member or an element.
    /// - Returns: the ticket of its value.
    func begin(_ key: (any CodingKey)?, level: Int, ticket: Int) throws(EncodingError) -> Int {
        guard self.isOpen(level, ticket), !self.isDue else { throw self.disorder(level) }
        self.close(downTo: level + 1)
        let count = self.frames[level].count
        if let key {
            self.writer.name(key.stringValue, first: count == 0)
        } else if count > 0 {
            self.writer.raw(",")
        }
        self.frames[level].count = count + 1
        self.frames[level].key = key ?? PlaceKey(count)
        self.ticket += 1
        self.isDue = true
        return self.ticket
    }

    func count(level: Int, ticket: Int) -> Int {
        self.isOpen(level, ticket) ? self.frames[level].count : 0
    }

    func path(level: Int) -> [any CodingKey] {
        self.frames.prefix(level).compactMap(\.key)
    }

    func note(_ error: EncodingError) {
        self.failure = self.failure ?? error
    }

    private func isOpen(_ level: Int, _ ticket: Int) -> Bool {
        level < self.frames.count && self.frames[level].ticket == ticket
    }

    private func close(downTo level: Int) {
        while self.frames.count > level, let frame = self.frames.popLast() {
            frame.isObject ? self.writer.raw("}") : self.writer.raw("]")
        }
    }

    private func disorder(_ level: Int) -> EncodingError {
        let context = EncodingError.Context(
            codingPath: self.path(level: level), debugDescription: "values are written out of order, or twice")
        return .invalidValue(0, context)
    }
}

/// The encoder of one value.
struct JSONByteEncoder: Encoder, RawJSONSink {
    let state: EncodingState
    let level: Int
    let ticket: Int

    var codingPath: [any CodingKey] { self.state.path(level: self.level) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        self.state.open(object: true, level: self.level, ticket: self.ticket)
        return KeyedEncodingContainer(ObjectEncoder<Key>(state: self.state, level: self.level, ticket: self.ticket))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        self.state.open(object: false, level: self.level, ticket: self.ticket)
        return ArrayEncoder(state: self.state, level: self.level, ticket: self.ticket)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { ScalarEncoder(encoder: self) }

    func encodeRaw(_ json: [UInt8]) {
        do throws(EncodingError) {
            try self.state.take(self.ticket, level: self.level)
            self.state.writer.raw(json)
        } catch {
            self.state.note(error)
        }
    }
}
