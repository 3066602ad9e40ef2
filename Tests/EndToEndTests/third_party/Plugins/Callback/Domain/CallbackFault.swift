internal import XinglinKit

/// The reasons for which this module refuses; codes from 10000 on are free for third parties.
enum CallbackFault {
    static let alreadyOpen = FaultKind(
        "callback.alreadyOpen", code: 10_000,
        message: .init(zh: "该号码已有待回拨的登记", en: "This number waits to be called back already"),
        hint: .init(
            zh: "用 callback.request.find 查看已有的登记", en: "See what there is with callback.request.find"))

    static let all = [alreadyOpen]
}
