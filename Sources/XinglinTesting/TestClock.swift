internal import Synchronization
public import XinglinKit

/// A clock that a test moves by hand; until then it is the machine's.
public final class TestClock: Sendable {
    private let fixed = Mutex<Timestamp?>(nil)

    public init() {}

    public func set(_ instant: Timestamp?) {
        self.fixed.withLock { $0 = instant }
    }

    public var clock: HostClock {
        HostClock { [self] in self.fixed.withLock { $0 } ?? HostClock.system.now }
    }
}
