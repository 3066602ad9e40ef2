internal import ArgumentParser
internal import XinglinKit

/// Calls about files and exports on one connection, each again while the host says that it may be repeated: every one of these
/// is safe to repeat.
struct Transfer: Sendable {
    let connection: CallConnection
    let locale: Locale

    /// Bytes of one piece: a block of the host's.
    static let pieceBytes = 262_144
    private static let deadlineMs: Int64 = 60_000
    private static let pause = Duration.milliseconds(300)
    private static let attempts = 20

    @discardableResult
    func call(_ method: String, _ params: [String: JSONValue]) async throws -> JSONValue {
        var attempt = 1
        while true {
            do {
                return try await self.connection.call(method, params, deadlineMs: Self.deadlineMs)
            } catch let refusal as Refusal where refusal.isRetryable && attempt < Self.attempts {
                attempt += 1
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    /// Runs the body on the stored session at a site, and shows a refusal.
    static func run(
        _ options: ClientOptions, site: String, json: Bool = false, _ body: (Transfer) async throws -> Int32
    ) async throws {
        try await Language.$current.withValue(try options.language()) {
            let client = try options.client()
            let code: Int32
            do {
                let connection = try await CallConnection.open(client, site: site)
                do {
                    code = try await body(Transfer(connection: connection, locale: client.locale))
                } catch {
                    await connection.close()
                    throw error
                }
                await connection.close()
            } catch let refusal as Refusal {
                Console.error(
                    json
                        ? refusal.json
                        : ErrorReport.readable(refusal.json, client.locale, coloured: Console.errorIsTerminal))
                throw ExitCode(ExitStatus.refused)
            }
            if code != 0 { throw ExitCode(code) }
        }
    }
}
