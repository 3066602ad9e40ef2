#if canImport(Glibc)
    internal import Glibc
#endif

/// Functions of glibc that Swift's overlay does not show, looked up by name.
enum GNUFunctions {
    private typealias SetName = @convention(c) (pthread_t, UnsafePointer<CChar>) -> Int32
    private typealias ChangeFolder =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32
    private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    private typealias PreciselyPoll =
        @convention(c) (UnsafeMutablePointer<pollfd>, UInt, UnsafePointer<timespec>, UnsafeRawPointer?) -> Int32
    private static let preciselyPoll = dlsym(nil, "ppoll").map { unsafeBitCast($0, to: PreciselyPoll.self) }

    /// `poll` with a limit in nanoseconds, below a second; -1 where this glibc has none.
    static func poll(_ descriptor: inout pollfd, nanoseconds: Int) -> Int32 {
        var limit = timespec(tv_sec: 0, tv_nsec: nanoseconds)
        return self.preciselyPoll?(&descriptor, 1, &limit, nil) ?? -1
    }

    /// Names the calling thread, at most 15 bytes.
    static func nameThread(_ name: String) {
        guard let symbol = dlsym(nil, "pthread_setname_np") else { return }
        _ = unsafeBitCast(symbol, to: SetName.self)(pthread_self(), name)
    }

    /// Has the child start in that folder, with no descriptor of ours but the first three: a server that outlives us
    /// must not keep our listening sockets.
    /// - Returns: false where this glibc is too old (before 2.34).
    static func isolate(_ actions: inout posix_spawn_file_actions_t, folder: String) -> Bool {
        guard let change = dlsym(nil, "posix_spawn_file_actions_addchdir_np"),
            let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        else { return false }
        return unsafeBitCast(change, to: ChangeFolder.self)(&actions, folder) == 0
            && unsafeBitCast(closeFrom, to: CloseFrom.self)(&actions, 3) == 0
    }
}
