internal import Glibc
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
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
        let name = "\(self.draft)/\(BackupManifest.dumpFile)"
        let file = Glibc.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let code = errno
            rmdir(self.draft)
            throw Self.failure(name, code)
        }
        defer { close(file) }
        // Held by this process and by the program that dumps: what nobody holds was broken off. A file system without locks
        // leaves that open, and the next one is told to look.
        flock(file, LOCK_EX | LOCK_NB)
        do {
            var manifest = try dump(file)
            guard fsync(file) == 0 else { throw Self.failure(name, errno) }
            let (bytes, sm3) = try Self.digest(name)
            manifest.files = [.init(name: BackupManifest.dumpFile, bytes: bytes, sm3: sm3)]
            try writePrivateFile(
                "\(self.draft)/\(BackupManifest.file)",
                String(decoding: try JSONCodec.encode(manifest), as: UTF8.self) + "\n")
            try Self.sync(self.draft)
            try Interruption.check()
            guard rename(self.draft, self.path) == 0 else { throw Self.failure(self.path, errno) }
            try Self.sync(Self.parent(of: self.path))
            return manifest
        } catch {
            _ = self.removeDraft()
            throw error
        }
    }

    /// - Throws: `StartFailure` where there is no folder for it, or it would lie in the folder that it is the backup of.
    func requirePlace(outside dataDirectory: String) throws {
        let parent = Self.parent(of: self.path)
        guard let place = realpath(parent, nil) else {
            throw StartFailure(
                .init(zh: "没有文件夹 \(parent)", en: "there is no folder \(parent)"),
                remedy: .init(zh: "先建立它，或另选 --output", en: "make it, or name another place with --output"))
        }
        defer { free(place) }
        guard let data = realpath(dataDirectory, nil) else { return }
        defer { free(data) }
        guard !"\(String(cString: place))/".hasPrefix("\(String(cString: data))/") else {
            throw StartFailure(
                .init(
                    zh: "\(self.path) 在数据文件夹 \(dataDirectory) 之内",
                    en: "\(self.path) lies inside the data folder \(dataDirectory)"),
                remedy: .init(
                    zh: "备份应放在别处，最好是另一台机器", en: "name a place outside it with --output, best on another machine"))
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
                    remedy: .init(zh: "请改用另一份备份", en: "use another backup"))
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
        guard access(self.path, F_OK) != 0 else {
            throw StartFailure(
                .init(zh: "\(self.path) 已存在", en: "\(self.path) exists already"),
                remedy: .init(zh: "请换一个名称；备份从不被覆盖", en: "take another name; a backup is never overwritten"))
        }
        guard access(self.draft, F_OK) == 0 else { return }
        guard self.isAbandoned else {
            throw StartFailure(
                .init(
                    zh: "另一个备份正在写入 \(self.draft)", en: "another backup is being written to \(self.draft)"),
                remedy: .init(
                    zh: "等它结束，或另选名称；若确无备份在进行，请删除该文件夹",
                    en: "wait for it, or take another name; remove the folder where surely none is under way"))
        }
        guard self.removeDraft() else {
            throw StartFailure(
                .init(
                    zh: "\(self.draft) 是中断的备份，其中还有别的文件",
                    en: "\(self.draft) is of a backup that was broken off, and holds other files too"),
                remedy: .init(zh: "查看后删除它", en: "look at it, and remove it"))
        }
    }

    /// Whether a draft is there that no process writes to.
    private var isAbandoned: Bool {
        let file = Glibc.open("\(self.draft)/\(BackupManifest.dumpFile)", O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return errno == ENOENT }
        defer { close(file) }
        return flock(file, LOCK_EX | LOCK_NB) == 0
    }

    /// Removes the draft's own files, and the folder where it held no others.
    private func removeDraft() -> Bool {
        for name in [BackupManifest.dumpFile, BackupManifest.file, "\(BackupManifest.file).new"] {
            unlink("\(self.draft)/\(name)")
        }
        return rmdir(self.draft) == 0
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
            try Interruption.check()
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
