internal import XinglinKit

/// What the operator says of jobs, read from `jobs.schedules`: `NAME=EXPRESSION`.
struct JobSchedules: Sendable {
    private let byName: [String: String]

    /// The operator sets none.
    static let none = JobSchedules()

    private init() {
        self.byName = [:]
    }

    /// - Throws: `StartFailure` for a line that is no assignment.
    init(_ lines: [String]) throws {
        var byName: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw StartFailure(
                    .init(
                        zh: "jobs.schedules 中的“\(line)”不是 任务=时间表",
                        en: "\"\(line)\" in jobs.schedules is not JOB=SCHEDULE"),
                    remedy: .init(
                        zh: "例如 \"decoction.expiryWatch=30 6 * * *\"", en: "write \"decoction.expiryWatch=30 6 * * *\"")
                )
            }
            byName[parts[0]] = parts[1]
        }
        self.byName = byName
    }

    var names: [String] { self.byName.keys.sorted() }

    subscript(_ job: String) -> String? { self.byName[job] }
}

extension Registry {
    /// A mistyped name would leave a job as it is, without a word.
    /// - Throws: `StartFailure` for a name in `jobs.schedules` or `jobs.disabled` that no job has.
    func checkJobs(_ names: [String]) throws {
        for name in names where self.jobs[name] == nil {
            // Of a module that does not run, or not on this host, nothing can be said.
            let module = String(name.prefix { $0 != "." })
            guard module == Self.hostCode || self.modules[module]?.quarantine == nil && self.modules[module] != nil
            else { continue }
            let nearest = self.jobs.keys.sorted().min { editDistance($0, name) < editDistance($1, name) } ?? ""
            throw StartFailure(
                .init(zh: "设置中的任务 \(name) 不存在", en: "the settings name a job \(name), which does not exist"),
                remedy: .init(zh: "是否指 \(nearest)？", en: "did you mean \(nearest)?"))
        }
    }
}
