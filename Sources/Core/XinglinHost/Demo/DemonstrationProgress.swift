public import XinglinKit

/// How far the loading of the demonstration county is.
public struct DemonstrationProgress: Sendable {
    /// What is being loaded.
    public let part: LocalizedText
    public let done: Int
    public let total: Int

    init(_ part: LocalizedText, _ done: Int, of total: Int) {
        self.part = part
        self.done = done
        self.total = total
    }
}

/// Told of each step, on the thread that loads.
public typealias DemonstrationObserver = @Sendable (DemonstrationProgress) -> Void
