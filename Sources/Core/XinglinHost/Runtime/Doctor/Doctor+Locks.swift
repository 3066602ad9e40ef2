internal import Glibc
internal import XinglinKit
internal import XinglinPostgres

extension Doctor {
    /// The process that works on the data folder, where one does.
    var holder: Int32? {
        let path = "\(self.folders.root)/lock"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Had for a moment, a shared lock tells that nobody else has the file; closing it lets go.
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return ProcessTable.lockHolder(of: path) ?? 0
    }

    /// Nothing of a host that was killed stands in the way.
    func locks() -> [Diagnosis] {
        if let pid = self.holder {
            return [
                .ok(
                    .locks,
                    .init(
                        zh: "主机正在使用该数据文件夹（进程 \(pid)）", en: "a host works on the data folder (process \(pid))"))
            ]
        }
        switch self.setup.cluster.state {
        case .running(let pid):
            return [
                .warning(
                    .locks,
                    .init(
                        zh: "没有主机运行，但其 PostgreSQL 仍在运行（进程 \(pid)）",
                        en: "no host runs, but its PostgreSQL does (process \(pid))"),
                    remedy: .init(
                        zh: "无须处理：下次 xinglin serve 会接管它", en: "nothing: the next xinglin serve takes it over"))
            ]
        case .staleFile:
            return [
                .warning(
                    .locks,
                    .init(
                        zh: "遗留的 postmaster.pid 指向别的进程",
                        en: "a postmaster.pid was left behind that names another process"),
                    remedy: .init(
                        zh: "无须处理：下次 xinglin serve 会清除它", en: "nothing: the next xinglin serve clears it away"))
            ]
        case .absent: return [.ok(.locks, .init(zh: "没有遗留", en: "nothing is left over"))]
        }
    }
}
