internal import XinglinKit

/// The reasons of the host's own that have to do with events.
enum EventRefusal {
    static let eventsGone = FaultKind(
        "host.eventsGone", code: -32014,
        message: .init(zh: "所要的事件已过保存期", en: "The events asked for are no longer kept"),
        hint: .init(
            zh: "重新读取数据的现状，再从 details 中 last 之后订阅；oldest 为现存最早的事件",
            en: "Read the state anew and subscribe after details.last; details.oldest is the oldest event kept"))
    static let tooManySubscriptions = FaultKind(
        "host.tooManySubscriptions", code: -32014,
        message: .init(zh: "订阅过多", en: "Too many subscriptions"),
        hint: .init(
            zh: "用 events.unsubscribe 结束不需要的订阅，或在一个订阅中列出多个主题；上限见 details",
            en: "End some with events.unsubscribe, or name several topics in one; details gives the limit"))
    static let notPushable = FaultKind(
        "host.notPushable", code: -32014,
        message: .init(zh: "此连接不能接收通知", en: "This connection cannot receive notifications"),
        hint: .init(zh: "用 TLS 连接订阅", en: "Subscribe over a TLS connection"))
    /// Only in `events.ended`.
    static let subscriberSlow = FaultKind(
        "host.subscriberSlow", code: -32014,
        message: .init(zh: "订阅方读取过慢", en: "The subscriber reads too slowly"),
        hint: .init(zh: "从 after 之后重新订阅", en: "Subscribe again after the number given"), retryable: true)
    /// Only as the reason of a parked event.
    static let handlerInterrupted = FaultKind(
        "host.handlerInterrupted", code: -32014,
        message: .init(
            zh: "处理该事件时主机或其数据库连接多次中断",
            en: "The host, or its connection, ended while the event was handled, several times"),
        hint: .init(
            zh: "查看该时刻的日志，修复后用 events.parked.retry 重试",
            en: "See the log of that time; once it is mended, events.parked.retry"))

    static func gone(_ range: EventRange) -> Fault {
        Self.eventsGone.fault(["oldest": .integer(range.oldest), "last": .integer(range.last)])
    }
}
