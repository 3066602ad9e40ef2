internal import XinglinKit

// Identifiers of the examples of orders and deliveries.
extension Sample {
    static let order = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0051)
    static let claim = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0052)
    static let delivery = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0053)
    static let arrivedLot = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0054)
    static let file = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0055)
}

/// Where a step has brought an order.
struct OrderMoved: Codable, Sendable {
    let orderId: RecordID
    let state: OrderState
    let stateZh: String

    init(_ id: RecordID, _ state: OrderState) {
        self.orderId = id
        self.state = state
        self.stateZh = state.labelZh
    }

    static let schema = Schema.object(
        .required("orderId", .id, "The order."),
        .required("state", .enumeration(OrderState.codes), "Where it stands now."),
        .required("stateZh", .text(1...20), "The same in Chinese."))
}

/// What the steps of an order share.
enum OrderStep {
    static let id = Schema.Field.required("orderId", .id, "The order.")
    static let quantity = 1...Int64(10_000_000_000)

    /// Notes and publishes the new state.
    static func done(_ id: RecordID, _ state: OrderState, _ call: Call) throws -> OrderMoved {
        call.note("orderId", .string(id.description))
        call.note("state", .string(state.rawValue))
        try call.publish(SharedTopic.orderMoved, subject: id, SharedTopic.OrderMoved(orderId: id, state: state))
        return OrderMoved(id, state)
    }

    /// Why a step was not taken: there is no such order on this side, or it is in another state.
    static func refusal(of id: RecordID, placedHere: Bool, _ call: Call) throws -> Fault {
        let found = try call.db.first(OrderStore.state(id, site: call.site.id), as: (OrderState, Bool).self)
        guard let (state, isPlacedHere) = found, isPlacedHere == placedHere else {
            return HostFault.notFound.fault(["orderId": .string(id.description)])
        }
        return SharedFault.conflict(id, state)
    }

    /// By when something has to arrive that leaves today, and by which version of the rule.
    static func due(_ key: RuleKey, _ call: Call) throws -> (on: LocalDate, version: String) {
        let book = try PharmacyRules.book(on: call.today, call)
        let days = Int(try book.number(key))
        return (call.today.adding(days: days), book.version(of: key.rule) ?? "")
    }
}
