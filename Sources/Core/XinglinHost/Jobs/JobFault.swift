internal import XinglinKit

/// The reasons that stand in the history of jobs beside those of docs/errors.md for calls.
enum JobFault {
    static let missed = FaultKind(
        "host.jobMissed", code: -32015,
        message: .init(zh: "到了时间而没有主机运行", en: "No host ran at its time"),
        hint: .init(zh: "需要时用 jobs.run 补做", en: "Do it with jobs.run where it is needed"))
    static let abandoned = FaultKind(
        "host.jobAbandoned", code: -32015,
        message: .init(zh: "主机多次在执行中中止，已放弃", en: "Hosts died in it again and again; it was given up"),
        hint: .init(
            zh: "查看主机日志，排除原因后用 jobs.run 重做", en: "Find the cause in the hosts' logs, then do it with jobs.run"))
}
