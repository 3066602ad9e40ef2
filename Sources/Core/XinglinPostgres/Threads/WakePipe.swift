#if canImport(Glibc)
    internal import Glibc
#endif

/// A pipe that ends a `poll`.
final class WakePipe: Sendable {
    /// The end to poll. Where the system gave no pipe it is −1, which `poll` passes over.
    let descriptor: Int32
    private let writing: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        (self.descriptor, self.writing) = (ends[0], ends[1])
    }

    deinit {
        close(self.descriptor)
        close(self.writing)
    }

    func wake() {
        _ = write(self.writing, [1], 1)
    }
}
