internal import ArgumentParser

struct AuditCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "audit",
            abstract: words(zh: "核验审计记录，导出检查点。", en: "Verify the audit and export its checkpoints."),
            discussion: words(
                zh: "能证明什么、不能证明什么，见 docs/audit.md。\n例：xinglin audit verify --data data",
                en: "docs/audit.md says what it proves and what not.\nExample: xinglin audit verify --data data"),
            subcommands: [AuditVerifyCommand.self, AuditCheckpointsCommand.self, AuditPublicKeyCommand.self])
    }
}
