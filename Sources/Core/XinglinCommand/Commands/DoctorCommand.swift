internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check this machine, the data folder and the database, and say what to do.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let findings = HostTasks.diagnose(settings.host, log: settings.startLogging(standard: .critical))
        for line in Self.table(findings).lines(coloured: Console.outputIsTerminal) { try Console.output(line) }
        if findings.contains(where: { $0.status == .failed }) { throw ExitCode(ExitStatus.refused) }
    }

    static func table(_ findings: [Diagnosis]) -> Table {
        let rows = findings.map { finding in
            Table.Row(
                cells: [finding.check, finding.status.rawValue, finding.finding],
                below: finding.remedy.map { ["→ \($0)"] } ?? [], colour: Self.colour(finding.status))
        }
        return Table(heading: ["CHECK", "STATUS", "FINDING"], rows: rows)
    }

    private static func colour(_ status: Diagnosis.Status) -> Colour {
        switch status {
        case .ok: .green
        case .warning: .yellow
        case .failed: .red
        }
    }
}
