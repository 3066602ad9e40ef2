internal import XinglinKit

/// What comes next in a development, for overviews: by the order of the 25 steps, of which 9 to 11 go in any order. Whether a step can be
/// taken, and when, is said by membership.development.next.
struct StepAhead: Equatable, Sendable {
    /// The step that led to the status.
    let last: Int
    /// The next one; several where they go in any order.
    let next: [Int]
    let lastZh: String
    let nextZh: String

    private static let anyOrder = 9...11

    /// - Parameters:
    ///   - status: where the candidate stands.
    ///   - taken: which of the steps 9 to 11 were taken.
    ///   - steps: the steps, of Data/development_steps.csv.
    /// - Returns: nil for a status that no step up to the approval leads on from.
    init?(status: String, taken: Set<Int>, steps: StepTable) {
        guard let last = steps.steps.first(where: { $0.stateAfter == status })?.number,
            last < DevelopmentStep.admission
        else { return nil }
        let left = Self.anyOrder.filter { !taken.contains($0) && $0 != last }
        let isInAnyOrder = (Self.anyOrder.lowerBound - 1...Self.anyOrder.upperBound).contains(last)
        let next = !isInAnyOrder ? [last + 1] : left.isEmpty ? [Self.anyOrder.upperBound + 1] : left
        func named(_ step: Int) -> String { "\(step) \(steps[step]?.nameZh ?? "")" }
        self.last = last
        self.next = next
        self.lastZh = named(last)
        self.nextZh = next.map(named).joined(separator: "、")
    }
}
