internal import Synchronization
internal import XinglinKit

/// The reply to one line while its calls run. Elements of a batch stand in the order in which they were answered.
final class PendingReply: Sendable {
    /// The place of one call's answer.
    struct Slot: Sendable {
        /// Nil in a notification, whose answer is dropped.
        let id: RequestID?
        let locale: Locale
    }

    private struct State {
        var isAnswered: [Bool]
        var remaining: Int
        /// Bytes set aside for an error in each place that is not answered yet, so that there is always room to say `replyTooLarge`.
        var reserved: Int
        var bytes: [UInt8] = []
    }

    private let slots: [Slot]
    private let isBatch: Bool
    private let limit: Int
    private let send: @Sendable ([UInt8]?) -> Void
    private let state: Mutex<State>

    init(_ slots: [Slot], isBatch: Bool, limit: Int, send: @escaping @Sendable ([UInt8]?) -> Void) {
        self.slots = slots
        self.isBatch = isBatch
        self.limit = limit
        self.send = send
        self.state = Mutex(
            State(
                isAnswered: Array(repeating: false, count: slots.count), remaining: slots.count,
                reserved: slots.reduce(0) { $0 + Self.room($1) }))
    }

    /// Takes the answer for one place; a second one is passed over.
    func answer(_ index: Int, _ answer: RPCAnswer) {
        let slot = self.slots[index]
        let element = slot.id.map { Self.element(answer, id: $0) }
        let line: [UInt8]?? = self.state.withLock { state in
            guard !state.isAnswered[index] else { return nil }
            state.isAnswered[index] = true
            state.remaining -= 1
            state.reserved -= Self.room(slot)
            if let element { self.append(element, slot, to: &state) }
            return state.remaining == 0 ? .some(self.line(&state)) : nil
        }
        if let line { self.send(line) }
    }

    private func append(_ element: [UInt8], _ slot: Slot, to state: inout State) {
        var element = element
        // Brackets or comma before, bracket and line break behind.
        if state.bytes.count + element.count + state.reserved + 3 > self.limit {
            let fault = ErrorObject.bytes(HostFault.replyTooLarge.fault(), locale: slot.locale, trace: Trace.make())
            element = Self.element(.error(fault), id: slot.id ?? .null)
        }
        if self.isBatch { state.bytes.append(UInt8(ascii: state.bytes.isEmpty ? "[" : ",")) }
        if state.bytes.isEmpty { state.bytes = element } else { state.bytes.append(contentsOf: element) }
    }

    /// The whole line, or nil where every call was a notification.
    private func line(_ state: inout State) -> [UInt8]? {
        guard !state.bytes.isEmpty else { return nil }
        var line: [UInt8] = []
        swap(&line, &state.bytes)
        if self.isBatch { line.append(UInt8(ascii: "]")) }
        line.append(0x0A)
        return line
    }

    static func element(_ answer: RPCAnswer, id: RequestID) -> [UInt8] {
        var writer: JSONWriter
        switch answer {
        case .result(let json):
            writer = JSONWriter(reserving: json.count + id.json.count + 48)
            writer.raw("{\"jsonrpc\":\"2.0\",\"result\":")
            writer.raw(json)
        case .error(let json):
            writer = JSONWriter(reserving: json.count + id.json.count + 48)
            writer.raw("{\"jsonrpc\":\"2.0\",\"error\":")
            writer.raw(json)
        }
        writer.raw(",\"id\":")
        writer.raw(id.json)
        writer.raw("}")
        return writer.bytes
    }

    /// What a `replyTooLarge` error takes at the most, with its comma.
    private static func room(_ slot: Slot) -> Int {
        slot.id.map { $0.json.count + 512 } ?? 0
    }
}
