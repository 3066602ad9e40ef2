internal import Glibc
internal import XinglinKit

/// Whose a data folder is. The host and every command that works on the folder run as that user: what another user makes in it
/// the host cannot read, and the embedded database lets in nobody else.
enum DataFolderOwner {
    /// Why this process must not work on the folder; nil where it may, and where there is none yet.
    static func refusal(_ folders: HostFolders) -> StartFailure? {
        // The keys are made by the host itself, while the folder may have been there before, made by somebody else.
        guard let owner = self.owner(of: folders.keys) ?? self.owner(of: folders.root), owner != geteuid() else {
            return nil
        }
        let (whose, who) = (self.name(of: owner), self.name(of: geteuid()) ?? "\(geteuid())")
        return StartFailure(
            .init(
                zh: "\(folders.root) 属于用户 \(whose ?? "\(owner)")，而本命令以 \(who) 的身份运行",
                en: "\(folders.root) belongs to \(whose ?? "the user id \(owner)"), and this command runs as \(who)"),
            remedy: self.remedy(owner, whose, folders))
    }

    private static func remedy(_ owner: uid_t, _ name: String?, _ folders: HostFolders) -> LocalizedText {
        guard let name else {
            return LocalizedText(
                zh: "该用户在本机没有名称：请把文件夹交给运行主机的用户（chown -R 用户 \(folders.root)），再以该用户运行",
                en: "that user has no name on this machine: give the folder to the user that runs the host "
                    + "(chown -R USER \(folders.root)), and run it as that user")
        }
        let prefix = geteuid() == 0 ? "runuser -u \(name) --" : "sudo -u \(name)"
        return LocalizedText(
            zh: "请以该用户的身份运行：\(prefix) xinglin …", en: "run it as that user: \(prefix) xinglin …")
    }

    private static func owner(of path: String) -> uid_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_uid : nil
    }

    private static func name(of user: uid_t) -> String? {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let start = buffer.baseAddress, getpwuid_r(user, &entry, start, buffer.count, &found) == 0,
                let name = found?.pointee.pw_name
            else { return nil }
            return String(cString: name)
        }
    }
}
