internal import ArgumentParser
internal import Logging
internal import XinglinHost
internal import XinglinKit

struct DoctorCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doctor",
            abstract: words(
                zh: "检查本机、数据文件夹和数据库，并说明如何处理。",
                en: "Check this machine, the data folder and the database, and say what to do."),
            discussion: words(
                zh: """
                    例：xinglin doctor --data data

                    不启动也不更改任何东西。有失败项时退出码为 1；警告不影响退出码。
                    """,
                en: """
                    Example: xinglin doctor --data data

                    It starts nothing and changes nothing. The exit code is 1 where a check failed; warnings leave it 0.
                    """))
    }

    @OptionGroup var options: SettingsOptions
    @OptionGroup var form: FormOptions

    func run() throws {
        let findings = self.examine()
        if self.form.json {
            let entries = findings.map(Self.json)
            try Console.output(JSONValue.object(["findings": .array(entries)]).canonicalText)
        } else {
            for line in Self.table(findings).lines(coloured: Console.outputIsTerminal) { try Console.output(line) }
        }
        if findings.contains(where: { $0.status == .failed }) { throw ExitCode(ExitStatus.refused) }
    }

    private func examine() -> [Diagnosis] {
        do {
            let settings = try self.options.load()
            let count = settings.origins.count
            let fine = Diagnosis.ok(
                .settings, .init(zh: "已设定 \(count) 项，其余为默认", en: "\(count) set, the rest by default"))
            return [fine] + HostTasks.diagnose(settings.host, log: settings.startLogging(standard: .critical))
        } catch {
            let text = (error as? SettingsError)?.text ?? .init(zh: "\(error)", en: "\(error)")
            return [
                .failed(
                    .settings, text,
                    remedy: .init(
                        zh: "更正后再次运行；其余检查要等设置可读", en: "correct it and run again; the other checks need the settings"))
            ]
        }
    }

    static func table(_ findings: [Diagnosis]) -> Table {
        let rows = findings.map { finding in
            Table.Row(
                cells: [finding.check.title.here, finding.status.title.here, finding.finding.here],
                below: finding.remedy.map { ["→ \($0.here)"] } ?? [], colour: Self.colour(finding.status))
        }
        return Table(
            heading: [words(zh: "检查", en: "CHECK"), words(zh: "结果", en: "STATUS"), words(zh: "所见", en: "FINDING")],
            rows: rows)
    }

    static func json(_ finding: Diagnosis) -> JSONValue {
        [
            "check": .string(finding.check.rawValue), "status": .string(finding.status.rawValue),
            "finding": .string(finding.finding.here), "remedy": finding.remedy.map { .string($0.here) } ?? .null,
        ]
    }

    private static func colour(_ status: Diagnosis.Status) -> Colour {
        switch status {
        case .ok: .green
        case .warning: .yellow
        case .failed: .red
        }
    }
}
