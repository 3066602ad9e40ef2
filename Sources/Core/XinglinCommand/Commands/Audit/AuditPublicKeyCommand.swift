internal import ArgumentParser
internal import Logging
internal import XinglinCrypto
internal import XinglinHost

struct AuditPublicKeyCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "public-key",
            abstract: words(
                zh: "给出检查点的公钥（PEM），供外部核验。",
                en: "Give the public keys (PEM) that checkpoints are verified with."),
            discussion: words(
                zh: "每个数据文件夹有自己的密钥；本文件夹的公钥也在 data/checkpoint-public.pem。\n例：xinglin audit public-key --data data",
                en: """
                    Each data folder has a key of its own; this one's public half is also in data/checkpoint-public.pem.
                    Example: xinglin audit public-key --data data
                    """))
    }

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let keys = try HostTasks.checkpointKeys(settings.host, log: settings.startLogging(standard: .warning))
        for key in keys {
            try Console.output("# SM3 \(key.fingerprint)")
            for line in key.pem.split(separator: "\n") { try Console.output(String(line)) }
        }
    }
}
