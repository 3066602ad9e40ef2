internal import Glibc
internal import XinglinKit
internal import XinglinPostgres

extension Doctor {
    private static let mostSecondsApart: Int64 = 5
    private static let synchronise = LocalizedText(
        zh: "用 NTP 校时：timedatectl set-ntp true，或安装 chrony",
        en: "synchronise it by NTP: timedatectl set-ntp true, or install chrony")

    /// The kernel says that the machine's clock is kept by NTP.
    func clock() -> [Diagnosis] {
        switch KernelClock.isSynchronised() {
        case true?: [.ok(.clock, .init(zh: "本机时钟已经 NTP 校时", en: "this machine's clock is synchronised"))]
        case false?:
            [
                .warning(
                    .clock, .init(zh: "本机时钟未经 NTP 校时", en: "this machine's clock is not synchronised"),
                    remedy: Self.synchronise)
            ]
        case nil:
            [
                .warning(
                    .clock,
                    .init(zh: "内核不告知本机时钟是否校时", en: "the kernel does not tell whether the clock is synchronised"),
                    remedy: Self.synchronise)
            ]
        }
    }

    /// Host and database must agree on the time: sessions, deadlines and the audit go by it.
    func clock(_ connection: Connection) throws -> Diagnosis {
        let before = HostClock.system.now.microseconds
        let theirs = try connection.query("SELECT clock_timestamp()").first(as: Timestamp.self)
        let after = HostClock.system.now.microseconds
        guard let theirs else { throw StartFailure("the database tells no time", remedy: "") }
        let apart = abs(theirs.microseconds - (before + after) / 2) / 1_000_000
        guard apart <= Self.mostSecondsApart else {
            return .failed(
                .clock,
                .init(zh: "数据库的时钟相差 \(apart) 秒", en: "the database's clock is \(apart) s off"), remedy: Self.synchronise
            )
        }
        return .ok(.clock, .init(zh: "与数据库的时钟一致", en: "it agrees with the database's clock"))
    }
}

/// What the kernel knows of the clock's discipline.
private enum KernelClock {
    private static let timeError: Int32 = 5
    private static let unsynchronised: Int32 = 0x40

    /// nil where it cannot be asked. Glibc's module lacks adjtimex and its structure: on 64-bit Linux `status` lies at
    /// byte 40 of 208, behind `modes` (0: only read) and four longs.
    static func isSynchronised() -> Bool? {
        guard let symbol = dlsym(nil, "adjtimex") else { return nil }
        let ask = unsafeBitCast(symbol, to: (@convention(c) (UnsafeMutableRawPointer) -> Int32).self)
        var buffer = [UInt64](repeating: 0, count: 64)
        let (result, status) = buffer.withUnsafeMutableBytes { bytes -> (Int32, Int32) in
            guard let start = bytes.baseAddress else { return (-1, 0) }
            return (ask(start), bytes.load(fromByteOffset: 40, as: Int32.self))
        }
        guard result >= 0 else { return nil }
        return result != self.timeError && status & self.unsynchronised == 0
    }
}
