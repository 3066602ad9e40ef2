internal import ArgumentParser
internal import Foundation
internal import XinglinKit

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import a CSV file: upload, preview, apply.",
        discussion: """
            The file is checked first; the preview names line, field and fault. Log in before with xinglin call session.login.
            xinglin call imports.kinds --site CODE lists what you may import and the columns of each kind. An interrupted run is
            gone on with by running the same command again. Exit codes: 0 imported (or without fault, with --check-only),
            1 faults or refused, 2 wrong usage, 3 no connection. docs/imports.md tells how to prepare a file.
            """)

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case all
        case good

        var wire: String { self == .all ? "allOrNothing" : "goodLines" }
    }

    @Argument(help: "What is imported, such as people.residents, people.staff or decoction.openingStock.")
    var kind: String

    @Argument(help: ArgumentHelp("The CSV file, in UTF-8.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The acting site's code.", valueName: "code"))
    var site: String

    @Option(help: "all: every line or none. good: leave faulty lines out.")
    var mode = Mode.all

    @Flag(help: "Only check the file and show what is wrong with it.")
    var checkOnly = false

    @Flag(help: "Begin anew where an earlier run was interrupted.")
    var restart = false

    @Flag(help: "Import a file that was imported before once more.")
    var again = false

    @Option(help: ArgumentHelp("The host; else that of the last login, else 127.0.0.1:7443.", valueName: "host:port"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "The CA's certificate; else FOLDER/tls/ca.pem of --data, else that of the last login.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("The host's data folder, where it is on this machine.", valueName: "folder"))
    var data: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let locale = Console.locale(environment)
        let sessions = SessionStore(environment: environment)
        let target = try CallTarget.choose(
            host: self.host, ca: self.ca, data: self.data ?? environment["XINGLIN_DATA"], stored: try sessions.read(),
            workingDirectory: Files.workingDirectory)
        let client = CallClient(
            target: target, sessions: sessions, locale: locale, names: KnownNames(environment: environment))
        let code: Int32
        do {
            let connection = try await CallConnection.open(client, site: self.site)
            let session = ImportSession(
                connection: connection, kind: self.kind, file: ImportFile(path: self.file, locale: locale),
                locale: locale)
            do {
                code = try await self.run(session)
            } catch {
                await connection.close()
                throw error
            }
            await connection.close()
        } catch let refusal as Refusal {
            Console.error(ErrorReport.text(refusal.json, locale, isTerminal: Console.errorIsTerminal))
            throw ExitCode(ExitStatus.refused)
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// Gives the exit code.
    private func run(_ session: ImportSession) async throws -> Int32 {
        var state = try await session.upload(restart: self.restart, again: self.again)
        let hasFaults = (state["faulty"]?.integerValue ?? 0) > 0
        try Console.output(ImportTexts.preview(state)[session.locale])
        try await self.show(state, session)
        if self.checkOnly { return hasFaults ? ExitStatus.refused : 0 }
        if self.mode == .all, hasFaults, state["state"]?.stringValue != "applying" {
            Console.error(ImportTexts.nothingImported[session.locale])
            return ExitStatus.refused
        }
        state = try await session.apply(state, mode: self.mode.wire)
        switch state["state"]?.stringValue {
        case "applied":
            try Console.output(ImportTexts.applied(state)[session.locale])
            if (state["leftOut"]?.integerValue ?? 0) > 0 { try await self.show(state, session) }
            return 0
        case "refused":
            try await self.show(state, session)
            Console.error(ImportTexts.refused(state)[session.locale])
        default: Console.error(ImportTexts.cancelled[session.locale])
        }
        return ExitStatus.refused
    }

    private func show(_ state: JSONValue, _ session: ImportSession) async throws {
        for line in try await session.faultLines(state, coloured: Console.outputIsTerminal) { try Console.output(line) }
    }
}
