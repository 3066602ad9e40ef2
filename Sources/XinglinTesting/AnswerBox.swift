internal import Synchronization
internal import XinglinKit

/// Holds one answer on its way from the thread that gives it to the thread that waits.
final class AnswerBox: Sendable {
    private let result = Mutex<Result<JSONValue, any Error>?>(nil)

    func put(_ result: Result<JSONValue, any Error>) {
        self.result.withLock { $0 = result }
    }

    func take() throws -> JSONValue {
        guard let result = self.result.withLock({ $0 }) else { return .null }
        return try result.get()
    }
}
