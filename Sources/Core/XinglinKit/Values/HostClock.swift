#if canImport(Glibc)
    internal import Glibc
#endif

/// Where the host takes the time from, so that tests and the demonstration can fix it.
public struct HostClock: Sendable {
    private let read: @Sendable () -> Timestamp

    public init(_ read: @escaping @Sendable () -> Timestamp) {
        self.read = read
    }

    /// The machine's clock.
    public static let system = HostClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// A clock that stands still.
    public static func fixed(at instant: Timestamp) -> HostClock {
        HostClock { instant }
    }

    public var now: Timestamp { self.read() }
}
