internal import XinglinHost
internal import XinglinKit

/// The settings of the host's parts, in the order of the table.
extension SettingTable {
    static let jobs: [SettingKey] = [
        .integer(
            "jobs.workers", \.jobs.workers, 0...16,
            .init(
                zh: "执行定时任务的线程数；0 表示交给其他主机", en: "Threads that do scheduled jobs; 0 leaves them to other hosts")),
        .list(
            "jobs.disabled", standard: "[]", .init(zh: "任务名称的列表", en: "a list of jobs' names"),
            .init(
                zh: "不按时间表运行的任务；仍可用 jobs.run 运行",
                en: "Jobs that the schedule does not run; jobs.run still does")
        ) { $0.host.jobs.disabled = $1 },
        .list(
            "jobs.schedules", standard: "[]", .init(zh: "任务=时间表 的列表", en: "a list of JOB=SCHEDULE"),
            .init(
                zh: "代替任务自带的时间表（五段 cron 表达式，北京时间）",
                en: "Schedules in place of the jobs' own (cron expressions of five fields, in Asia/Shanghai)")
        ) { $0.host.jobs.schedules = $1 },
    ]

    static let demonstration: [SettingKey] = [
        .integer(
            "demo.residents", \.demonstration.residents, 0...200_000,
            .init(zh: "演示县第一个乡镇的居民数", en: "Residents of the demonstration's first township"))
    ]

    static let sessions: [SettingKey] = [
        .integer(
            "session.lifetimeMinutes", \.session.lifetimeMinutes, 1...43_200,
            .init(zh: "会话最长多久（分钟）", en: "How long a session lasts at most")),
        .integer(
            "session.idleMinutes", \.session.idleMinutes, 1...43_200,
            .init(zh: "会话无调用多久后结束（分钟）", en: "How long a session lasts without a call")),
    ]

    static let audit: [SettingKey] = [
        .integer(
            "audit.checkpointRows", \.audit.checkpointRows, 1...10_000_000,
            .init(zh: "封存多少条审计记录后签一个检查点", en: "After how many sealed audit rows a checkpoint is signed")),
        .integer(
            "audit.checkpointMinutes", \.audit.checkpointMinutes, 1...10_080,
            .init(
                zh: "有新记录时，至多隔多少分钟签一个检查点",
                en: "After how many minutes at the most a checkpoint is signed, where there are new rows")),
    ]

    static let doctor: [SettingKey] = [
        .integer(
            "doctor.diskFailMegabytes", \.doctor.diskFailMegabytes, 0...1_073_741_824,
            .init(
                zh: "可用磁盘空间少于此数（MB），xinglin doctor 判为失败",
                en: "Less free disk space than this (MB) fails xinglin doctor")),
        .integer(
            "doctor.diskWarnMegabytes", \.doctor.diskWarnMegabytes, 0...1_073_741_824,
            .init(
                zh: "可用磁盘空间少于此数（MB），xinglin doctor 提出警告",
                en: "Less free disk space than this (MB) makes xinglin doctor warn")),
        .integer(
            "doctor.certificateWarnDays", \.doctor.certificateWarnDays, 0...3650,
            .init(
                zh: "证书有效期少于此天数，xinglin doctor 提出警告",
                en: "Fewer days left of a certificate than this make xinglin doctor warn")),
    ]

    static let events: [SettingKey] = [
        .integer(
            "events.keepDays", \.events.keepDays, 1...36_500,
            .init(zh: "事件保存多少天", en: "How long events are kept (days)")),
        .integer(
            "events.attempts", \.events.attempts, 1...100,
            .init(zh: "事件处理失败几次后搁置", en: "How often a handler tries an event before it is parked")),
        .integer(
            "events.retryMilliseconds", \.events.retryMilliseconds, 10...600_000,
            .init(
                zh: "首次重试前等待的毫秒数；每次失败后为四倍，至多 10 分钟",
                en: "Milliseconds until the first retry; four times as long after each failure, at most 10 min")),
        .integer(
            "events.subscriberBytes", \.events.subscriberBytes, 65_536...67_108_864,
            .init(
                zh: "待发给一个订阅方的最大字节数，超过则切断订阅",
                en: "Bytes that may wait for a subscriber before it is cut off")),
        .integer(
            "events.subscriptionsPerConnection", \.events.subscriptionsPerConnection, 1...1000,
            .init(zh: "一个连接的订阅数", en: "Subscriptions of one connection")),
        .integer(
            "events.subscriptionsPerAccount", \.events.subscriptionsPerAccount, 1...10_000,
            .init(zh: "一个账号在一台主机上的订阅数", en: "Subscriptions of one account on one host")),
    ]

    static let machines: [SettingKey] = [
        .integer(
            "machine.certificateDays", \.machine.certificateDays, 1...825,
            .init(zh: "接口账号的证书有效多久（天）", en: "How long a machine account's certificate is valid")),
        .integer(
            "machine.codeHours", \.machine.codeHours, 1...720,
            .init(zh: "注册码多久内可用（小时）", en: "How long an enrolment code can be used")),
    ]

    static let files: [SettingKey] = [
        .integer(
            "files.largestMegabytes", \.files.largestMegabytes, 1...4096,
            .init(zh: "单个文件的最大容量（MB）", en: "The largest file (MB)")),
        .integer(
            "files.siteMegabytes", \.files.siteMegabytes, 1...1_073_741_824,
            .init(zh: "一个机构全部文件的总容量（MB）", en: "What all files of one site may come to (MB)")),
        .integer(
            "files.openMegabytes", \.files.openMegabytes, 1...1_073_741_824,
            .init(
                zh: "一个账号在一个机构未完成上传的总容量（MB）",
                en: "What the unfinished uploads of one account at a site may come to (MB)")),
        .integer(
            "files.siteFiles", \.files.siteFiles, 1...1_000_000_000,
            .init(zh: "一个机构最多有多少个文件", en: "How many files one site may have")),
        .integer(
            "files.openFiles", \.files.openFiles, 1...100_000,
            .init(
                zh: "一个账号在一个机构最多有多少个未完成的上传",
                en: "How many uploads one account may have unfinished at a site")),
        .integer(
            "files.openDays", \.files.openDays, 1...365,
            .init(zh: "未完成的上传保留多久（天）", en: "How long an unfinished upload is kept (days)")),
        .integer(
            "files.unusedDays", \.files.unusedDays, 1...36_500,
            .init(
                zh: "没有任何记录引用的文件保留多久（天）", en: "How long a file is kept that no record references (days)")),
    ]
}
