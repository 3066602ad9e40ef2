internal import XinglinKit

/// The reasons for which this module refuses; its hundred of codes is 9800.
enum BenchFault {
    static let partyUnknown = FaultKind(
        "bench.partyUnknown", code: 9800,
        message: .init(zh: "没有该编号的测试对象", en: "There is no party with this number"),
        hint: .init(
            zh: "编号为 1 至 20000；先用 bench.data.load 装入测试数据",
            en: "Numbers go from 1 to 20,000; load the data with bench.data.load first"))
    static let insufficientStock = FaultKind(
        "bench.insufficientStock", code: 9801,
        message: .init(zh: "该批次不存在或库存不足，未发出", en: "The lot does not exist or holds too little; nothing was dispensed"),
        hint: .init(
            zh: "批次编号为 1 至 1000；减少数量，或先用 bench.data.load 装入测试数据",
            en: "Lots go from 1 to 1,000; ask for less, or load the data with bench.data.load first"))

    static let all = [partyUnknown, insufficientStock]
}
