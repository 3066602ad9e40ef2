internal import Glibc
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinRPC

/// A backup on disk: a folder (0700) with the manifest and the dump (0600). It is written under another name and gets its own
/// in the last step, so what bears the name is whole.
struct BackupFolder {
    let path: String

    private var draft: String { "\(self.path).partial" }

    /// Writes a backup.
    /// - Parameters:
    ///   - dump: writes the dump into an open file and gives the manifest without files.
    /// - Throws: `StartFailure` where the path is taken; whatever fails, nothing is left behind.
    func write(_ dump: (Int32) throws -> BackupManifest) throws -> BackupManifest {
        try self.requireFree()
        guard mkdir(self.draft, 0o700) == 0 else { throw Self.failure(self.draft, errno) }
        do {
            let name = "\(self.draft)/\(BackupManifest.dumpFile)"
            let file = Glibc.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw Self.failure(name, errno) }
            defer { close(file) }
            var manifest = try dump(file)
            guard fsync(file) == 0 else { throw Self.failure(name, errno) }
            let (bytes, sm3) = try Self.digest(name)
            manifest.files = [.init(name: BackupManifest.dumpFile, bytes: bytes, sm3: sm3)]
            try writePrivateFile(
                "\(self.draft)/\(BackupManifest.file)",
                String(decoding: try JSONCodec.encode(manifest), as: UTF8.self) + "\n")
            try Self.sync(self.draft)
            guard rename(self.draft, self.path) == 0 else { throw Self.failure(self.path, errno) }
            try Self.sync(Self.parent(of: self.path))
            return manifest
        } catch {
            for name in [BackupManifest.dumpFile, BackupManifest.file, "\(BackupManifest.file).new"] {
                unlink("\(self.draft)/\(name)")
            }
            rmdir(self.draft)
            throw error
        }
    }

    /// Reads the manifest and compares every file with it.
    /// - Throws: `StartFailure` where it is no backup, a file is missing or was altered, or the form is a later one.
    func open() throws -> BackupManifest {
        let name = "\(self.path)/\(BackupManifest.file)"
        let manifest: BackupManifest
        do {
            manifest = try JSONCodec.decode(BackupManifest.self, from: try JSONReader.parse(try readFile(name)))
        } catch {
            throw StartFailure(
                .init(
                    zh: "\(self.path) 不是完整的备份（\(BackupManifest.file) 缺失或损坏）",
                    en: "\(self.path) is no whole backup (\(BackupManifest.file) is missing or damaged)"),
                remedy: .init(zh: "请指定 xinglin backup 生成的文件夹", en: "name a folder that xinglin backup has written"))
        }
        guard manifest.format == BackupManifest.currentFormat else {
            throw StartFailure(
                .init(
                    zh: "备份的格式为 \(manifest.format)，本程序只认识 \(BackupManifest.currentFormat)",
                    en: "the backup has the form \(manifest.format), this program knows \(BackupManifest.currentFormat)"
                ),
                remedy: .init(
                    zh: "请用 xinglin \(manifest.program) 恢复", en: "restore it with xinglin \(manifest.program)"))
        }
        for file in manifest.files {
            let place = "\(self.path)/\(file.name)"
            guard !file.name.contains("/"), access(place, F_OK) == 0, try Self.digest(place) == (file.bytes, file.sm3)
            else {
                throw StartFailure(
                    .init(zh: "\(place) 缺失或被改动", en: "\(place) is missing or was altered"),
                    remedy: .init(zh: "请改用另一份备份", en: "take another backup"))
            }
        }
        return manifest
    }

    /// Runs the body with the dump open.
    func reading<Value>(_ body: (Int32) throws -> Value) throws -> Value {
        let name = "\(self.path)/\(BackupManifest.dumpFile)"
        let file = Glibc.open(name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.failure(name, errno) }
        defer { close(file) }
        return try body(file)
    }

    private func requireFree() throws {
        for path in [self.path, self.draft] where access(path, F_OK) == 0 {
            let isDraft = path == self.draft
            throw StartFailure(
                .init(zh: "\(path) 已存在", en: "\(path) exists already"),
                remedy: isDraft
                    ? .init(
                        zh: "它是中断的备份：确认没有备份正在进行后删除它",
                        en: "it is of a backup that was broken off: remove it, when none is under way")
                    : .init(zh: "请换一个名称；备份从不被覆盖", en: "take another name; a backup is never overwritten"))
        }
    }

    /// How long a file is, and its SM3, read back from the disk.
    private static func digest(_ path: String) throws -> (Int64, String) {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.failure(path, errno) }
        defer { close(file) }
        let stream = try SM3Stream()
        var bytes: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(path, errno) }
            if count == 0 { return (bytes, try stream.finish()) }
            try stream.add(Array(buffer[0..<count]))
            bytes += Int64(count)
        }
    }

    private static func sync(_ folder: String) throws {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(folder, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure(folder, errno) }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ path: String, _ code: Int32) -> FileError { FileError(path: path, code: code) }
}
