internal import Glibc
internal import XinglinKit

/// Held by the one process that works on a data folder. The kernel lets go of it however the process ends.
final class HostLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `StartFailure` where another process holds it.
    init(_ folders: HostFolders) throws {
        let path = "\(folders.root)/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartFailure(
                .init(
                    zh: "另一个 xinglin 正在使用 \(folders.root)", en: "another xinglin works on \(folders.root)"),
                remedy: .init(
                    zh: "先停止它，或用 --data 指定别的文件夹", en: "stop it first, or name another folder with --data"))
        }
        self.descriptor = descriptor
    }

    deinit {
        close(self.descriptor)
    }
}
