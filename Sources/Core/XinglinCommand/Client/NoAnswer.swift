internal import XinglinHost
internal import XinglinKit

/// What is to be done where a call was sent and no answer came.
enum NoAnswer: CaseIterable {
    /// It only reads.
    case read
    /// It carried an idempotency key.
    case keyed
    /// A write without a key, or a method that this program does not know.
    case unknown
    /// A command whose calls go on where they stopped.
    case goesOn

    init(_ method: String, _ params: JSONValue) {
        if HostTasks.effect(of: method) == .read {
            self = .read
        } else {
            self = params["_meta"]?["idempotencyKey"] == nil ? .unknown : .keyed
        }
    }

    var text: LocalizedText {
        switch self {
        case .read: .init(zh: "该操作只读取数据，请再次运行", en: "it only reads; run it again")
        case .keyed:
            .init(
                zh: "是否已执行未知；请以同一 --key 重新发送", en: "whether it was done is unknown; send it again with the same --key")
        case .unknown:
            .init(zh: "是否已执行未知；重新发送前请先查看", en: "whether it was done is unknown; look before you send it again")
        case .goesOn:
            .init(zh: "请再次运行同一命令，将从中断处继续", en: "run the same command again, it goes on where it stopped")
        }
    }
}
