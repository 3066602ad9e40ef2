internal import ArgumentParser
internal import Foundation
internal import XinglinKit

struct ImportCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "import",
            abstract: words(zh: "导入 CSV 文件：上传、预览、导入。", en: "Import a CSV file: upload, preview, apply."),
            discussion: words(
                zh: """
                    例：xinglin import people.residents residents.csv --site township-01

                    先检查文件；预览列出有错误的行、字段和原因。需先用 xinglin login 登录。
                    xinglin call imports.kinds --site CODE 列出可导入的种类及各自的列。中断后再次运行同一命令即可继续。
                    退出码：0 已导入（或 --check-only 时没有错误），1 有错误或被拒绝，2 用法有误，3 没有连接。
                    文件的准备见 docs/imports.md。
                    """,
                en: """
                    Example: xinglin import people.residents residents.csv --site township-01

                    The file is checked first; the preview names line, field and fault. Log in before with xinglin login.
                    xinglin call imports.kinds --site CODE lists what you may import and the columns of each kind. An
                    interrupted run is gone on with by running the same command again. Exit codes: 0 imported (or
                    without fault, with --check-only), 1 faults or refused, 2 wrong usage, 3 no connection.
                    docs/imports.md tells how to prepare a file.
                    """))
    }

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case all
        case good

        var wire: String { self == .all ? "allOrNothing" : "goodLines" }
    }

    @Argument(
        help: .both(
            zh: "导入的种类，例如 people.residents、people.staff、decoction.openingStock。",
            en: "What is imported, such as people.residents, people.staff or decoction.openingStock."))
    var kind: String

    @Argument(
        help: .both(
            zh: "CSV 文件，UTF-8 或 GB18030（GBK）编码。", en: "The CSV file, in UTF-8 or GB18030 (GBK).", value: "file"),
        completion: .file(extensions: ["csv", "txt", "tsv"]))
    var file: String

    @Option(help: .actingSite, completion: Completions.sites)
    var site: String

    @Option(
        help: .both(
            zh: "all：全部导入或全不导入；good：略去有错误的行。", en: "all: every line or none. good: leave faulty lines out."))
    var mode = Mode.all

    @Flag(help: .both(zh: "只检查文件，列出其中的错误。", en: "Only check the file and show what is wrong with it."))
    var checkOnly = false

    @Flag(help: .both(zh: "上次中断后从头开始。", en: "Begin anew where an earlier run was interrupted."))
    var restart = false

    @Flag(help: .both(zh: "再次导入已导入过的文件。", en: "Import a file that was imported before once more."))
    var again = false

    @Option(help: .host)
    var host: String?

    @Option(help: .authority, completion: .file(extensions: ["pem"]))
    var ca: String?

    @Option(help: .dataOfHost, completion: .directory)
    var data: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let locale = Language.current
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
            Console.error(ErrorReport.readable(refusal.json, locale, coloured: Console.errorIsTerminal))
            throw ExitCode(ExitStatus.refused)
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// Gives the exit code.
    private func run(_ session: ImportSession) async throws -> Int32 {
        var state = try await session.upload(restart: self.restart, again: self.again)
        if state["state"]?.stringValue == "cancelled" { return try await self.unreadable(state, session) }
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
            try await session.deleteFile(of: state)
            return 0
        case "refused":
            try await self.show(state, session)
            Console.error(ImportTexts.refused(state)[session.locale])
        default: Console.error(ImportTexts.cancelled[session.locale])
        }
        return ExitStatus.refused
    }

    /// The host gave the file up: what is the matter is its first fault.
    private func unreadable(_ state: JSONValue, _ session: ImportSession) async throws -> Int32 {
        guard state["reason"] != nil else {
            Console.error(ImportTexts.cancelled[session.locale])
            return ExitStatus.refused
        }
        try await self.show(state, session)
        Console.error(ImportTexts.unreadable(state, line: try await session.lastFaultLine(state))[session.locale])
        return ExitStatus.refused
    }

    private func show(_ state: JSONValue, _ session: ImportSession) async throws {
        for line in try await session.faultLines(state, coloured: Console.outputIsTerminal) { try Console.output(line) }
    }
}
