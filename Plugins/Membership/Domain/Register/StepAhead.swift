internal import XinglinKit

/// What comes next in a development, for overviews: by the order of the 25 steps, of which 9 to 11 go in any order. Whether a step can be
/// taken, and when, is said by membership.development.next.
struct StepAhead: Equatable, Sendable {
    /// The step that led to the status.
    let last: Int
    /// The next one; several where they go in any order.
    let next: [Int]

    /// The names of the steps of development_steps.csv until the approval. A test goes through the file.
    static let namesZh = [
        "递交入党申请书", "党组织派人谈话", "推荐和确定入党积极分子", "上级党委备案", "指定培养联系人", "培养教育考察", "确定发展对象", "报上级党委备案",
        "确定入党介绍人", "进行政治审查", "开展短期集中培训", "支部委员会审查", "上级党委预审", "填写入党志愿书", "支部大会讨论", "上级党委派人谈话",
        "上级党委审批",
    ]

    /// The states of steps 1 to 16, in their order.
    private static let states = CandidateStage.allCases.flatMap(\.states)
    private static let anyOrder = 9...11

    /// - Parameters:
    ///   - status: where the candidate stands.
    ///   - taken: which of the steps 9 to 11 were taken.
    /// - Returns: nil for a status that no step leads on from.
    init?(status: String, taken: Set<Int>) {
        guard let place = Self.states.firstIndex(of: status) else { return nil }
        let last = place + 1
        self.last = last
        guard (Self.anyOrder.lowerBound - 1...Self.anyOrder.upperBound).contains(last) else {
            self.next = [last + 1]
            return
        }
        let left = Self.anyOrder.filter { !taken.contains($0) && $0 != last }
        self.next = left.isEmpty ? [Self.anyOrder.upperBound + 1] : left
    }

    static func nameZh(_ step: Int) -> String {
        Self.namesZh.indices.contains(step - 1) ? "\(step) \(Self.namesZh[step - 1])" : String(step)
    }

    var nextZh: String { self.next.map(Self.nameZh).joined(separator: "、") }
    var lastZh: String { Self.nameZh(self.last) }

    static func stage(of status: String) -> CandidateStage? {
        CandidateStage.allCases.first { $0.states.contains(status) }
    }
}
