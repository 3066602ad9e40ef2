internal import XinglinKit

/// One attempt at a password. Unless told otherwise it counts as a wrong guess.
struct LoginAttempt {
    private let limiter: LoginLimiter
    private let account: String
    private let address: String

    /// - Throws: `host.rateLimited` with the seconds to wait.
    init(_ limiter: LoginLimiter, _ account: String, _ address: String, _ now: Timestamp) throws {
        let seconds = limiter.begin(account: account, address: address, now: now)
        guard seconds == 0 else { throw HostFault.rateLimited.fault(["seconds": .integer(seconds)]) }
        self.limiter = limiter
        self.account = account
        self.address = address
    }

    func succeed() {
        self.limiter.succeeded(account: self.account, address: self.address)
    }

    /// The password was not judged.
    func abandon() {
        self.limiter.abandoned(account: self.account, address: self.address)
    }
}
