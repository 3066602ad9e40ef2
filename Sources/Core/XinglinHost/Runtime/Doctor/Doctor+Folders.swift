internal import Glibc
internal import XinglinKit

extension Doctor {
    /// The data folder is there and can be written.
    func dataFolder() -> [Diagnosis] {
        let root = self.folders.root
        guard fileExists(root) else {
            return [
                .warning(
                    .dataFolder, .init(zh: "\(root) 尚不存在", en: "\(root) is not there yet"),
                    remedy: .init(zh: "首次 xinglin serve 会建立它", en: "the first xinglin serve makes it"))
            ]
        }
        if let refusal = DataFolderOwner.refusal(self.folders) {
            return [.failed(.dataFolder, refusal.reason, remedy: refusal.remedy)]
        }
        guard access(root, R_OK | W_OK | X_OK) == 0 else {
            return [
                .failed(
                    .dataFolder, .init(zh: "\(root) 不可写", en: "\(root) cannot be written"),
                    remedy: .init(
                        zh: "以其所有者的身份运行，或更正其所有者和权限",
                        en: "run as the user that owns it, or correct its owner and mode"))
            ]
        }
        guard let mode = fileMode(root), mode & 0o022 == 0 else {
            return [
                .failed(
                    .dataFolder, .init(zh: "\(root) 可被他人写入", en: "\(root) can be written by others"),
                    remedy: .init(zh: "chmod go-w \(root)", en: "chmod go-w \(root)"))
            ]
        }
        return [.ok(.dataFolder, .init(zh: root, en: root))]
    }

    /// Nobody but the owner can read what is secret.
    func secretFiles() -> [Diagnosis] {
        let root = self.folders.root
        guard fileExists(root) else { return [] }
        var paths = [
            self.folders.keys, "\(self.folders.tls)/ca.key", "\(self.folders.tls)/server.key", "\(root)/first-password",
            "\(root)/demo-accounts.json",
        ]
        paths += fileNames(in: self.folders.keys).map { "\(self.folders.keys)/\($0)" }
        let open = paths.filter { (fileMode($0) ?? 0) & 0o077 != 0 }
        // A key that others issued is often readable by a group.
        let foreign = [self.settings.tls.keyFile].compactMap(\.self).filter { (fileMode($0) ?? 0) & 0o007 != 0 }
        let found = (open + foreign).joined(separator: ", ")
        guard found.isEmpty else {
            return [
                .failed(
                    .secretFiles, .init(zh: "他人可读：\(found)", en: "open to others: \(found)"),
                    remedy: .init(
                        zh: "chmod go= \(found.replacing(",", with: ""))，并考虑更换其中的机密",
                        en: "chmod go= \(found.replacing(",", with: "")), and consider what was in them known"))
            ]
        }
        let count = paths.filter(fileExists).count
        return [.ok(.secretFiles, .init(zh: "\(count) 项，均只有所有者可读", en: "\(count), each for its owner alone"))]
    }
}

/// Whether something is there under that name.
func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The permissions, or nil where there is nothing.
func fileMode(_ path: String) -> mode_t? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & 0o7777
}

/// The names in a folder; none where it cannot be read.
func fileNames(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}
