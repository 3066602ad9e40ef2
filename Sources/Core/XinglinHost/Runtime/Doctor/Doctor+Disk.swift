internal import Glibc
internal import XinglinKit

extension Doctor {
    /// There is room where the data folder lies, and where the cluster lies if that is another file system.
    func disk() -> [Diagnosis] {
        let root = self.nearestFolder(self.folders.root)
        let cluster = "\(self.folders.root)/pg/data"
        var folders = [root]
        if fileExists(cluster), self.device(cluster) != self.device(root) { folders.append(cluster) }
        return folders.map(self.room)
    }

    private func room(_ folder: String) -> Diagnosis {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else {
            let reason = String(cString: strerror(errno))
            return .failed(
                .disk, .init(zh: "\(folder)：\(reason)", en: "\(folder): \(reason)"),
                remedy: .init(zh: "检查文件系统", en: "check the file system"))
        }
        let free = Int(information.f_bavail) * Int(information.f_frsize) / 1_000_000
        let inodes = information.f_files == 0 ? 100 : Int(information.f_favail * 100 / information.f_files)
        let limits = self.settings.doctor
        let finding = LocalizedText(
            zh: "\(folder) 可用 \(free) MB，索引节点余 \(inodes)%", en: "\(free) MB and \(inodes)% of inodes free at \(folder)")
        let remedy = LocalizedText(
            zh: "在 \(folder) 所在的磁盘上腾出空间（界限为 doctor.diskFailMegabytes 和 doctor.diskWarnMegabytes）",
            en:
                "make room on the disk of \(folder) (the limits are doctor.diskFailMegabytes and doctor.diskWarnMegabytes)"
        )
        if free < limits.diskFailMegabytes || inodes < 1 { return .failed(.disk, finding, remedy: remedy) }
        if free < limits.diskWarnMegabytes || inodes < 5 { return .warning(.disk, finding, remedy: remedy) }
        return .ok(.disk, finding)
    }

    /// The folder, or the first one above it that is there.
    private func nearestFolder(_ path: String) -> String {
        guard !fileExists(path), let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            return fileExists(path) ? path : "/"
        }
        return self.nearestFolder(String(path[..<slash]))
    }

    private func device(_ path: String) -> UInt? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt(status.st_dev) : nil
    }
}
