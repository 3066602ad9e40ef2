internal import Foundation
internal import XinglinKit

/// What can be said of a module from its manifest and its folder alone.
struct ManifestChecks {
    let module: any FeatureModule.Type
    let folder: URL
    private var manifest: ModuleManifest { self.module.manifest }

    init(_ module: any FeatureModule.Type, folder: URL) {
        self.module = module
        self.folder = folder
    }

    func findings() -> [String] {
        self.names() + self.faults() + self.migrations() + self.needs() + self.readme()
    }

    private func names() -> [String] {
        var found: [String] = []
        let code = self.manifest.code
        if code.isEmpty || !code.allSatisfy({ $0.isASCII && $0.isLowercase }) || code == "host" {
            found.append(
                "the code '\(code)' must be one lowercase word: it is the schema's name and the methods' prefix")
        }
        if !isChinese(self.manifest.summary.zh) || self.manifest.summary.en.isEmpty {
            found.append("the manifest's summary must be there in both languages")
        }
        if self.manifest.version.isEmpty { found.append("the manifest must have a version") }
        return found
    }

    private func faults() -> [String] {
        let faults = self.manifest.faults
        var found =
            Set(faults.map(\.reason)).count == faults.count ? [] : ["a reason stands twice in the manifest's faults"]
        if Set(faults.map(\.code)).count != faults.count {
            found.append("a code stands twice in the manifest's faults")
        }
        for fault in faults {
            if !fault.reason.hasPrefix("\(self.manifest.code).") {
                found.append("the reason \(fault.reason) must begin with \(self.manifest.code).")
            }
            if fault.code <= 0 {
                found.append("\(fault.reason): domain codes are positive, in the module's own hundred")
            }
            let texts = [fault.message.zh, fault.message.en, fault.hint.zh, fault.hint.en]
            if texts.contains(where: \.isEmpty) {
                found.append("\(fault.reason) must have message and hint in both languages: who can do what about it")
            }
            if !isChinese(fault.message.zh) || !isChinese(fault.hint.zh) || isChinese(fault.message.en + fault.hint.en)
            {
                found.append("\(fault.reason) must have its Chinese texts in Chinese and its English ones in English")
            }
        }
        for (constraint, fault) in self.manifest.constraints where !faults.contains(fault) && fault.code > 0 {
            found.append(
                "the constraint \(constraint) stands for \(fault.reason), which the manifest's faults do not list")
        }
        return found
    }

    /// Migrations are the files of the folder, numbered without a gap.
    private func migrations() -> [String] {
        let path = self.folder.appendingPathComponent("Migrations").path
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".sql") }
            .sorted()
        let declared = self.manifest.migrations.map { "\($0.name).sql" }
        var found =
            files == declared ? [] : ["the manifest's migrations \(declared) must be the files \(files), in order"]
        for (index, migration) in self.manifest.migrations.enumerated() {
            let prefix = "m" + String(String(10_000 + index + 1).dropFirst()) + "_"
            if !migration.name.hasPrefix(prefix) {
                found.append("migration \(migration.name) must begin with \(prefix)")
            }
        }
        return found
    }

    private func needs() -> [String] {
        let known = Set(self.manifest.needs + self.manifest.awareOf + ["host"])
        return self.manifest.uses.compactMap { method in
            let module = String(method.prefix { $0 != "." })
            return known.contains(module) ? nil : "uses names \(method), but neither needs nor awareOf names \(module)"
        }
    }

    /// The README names every method, table, reason, setting, topic and handler.
    private func readme() -> [String] {
        let url = self.folder.appendingPathComponent("README.md")
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return ["\(url.path) is missing"] }
        var wanted = self.manifest.tables.map { "\(self.manifest.code).\($0.name)" }
        wanted += self.manifest.faults.map(\.reason) + self.manifest.settings.map(\.name)
        if let instance = try? self.module.init(Boot(settings: Self.standards(self.manifest))) {
            wanted += instance.methods.map { type(of: $0).name } + instance.handlers.map { type(of: $0).name }
            wanted += instance.jobs.map { type(of: $0).name }
        }
        wanted += self.manifest.publishes.map(\.name)
        return wanted.filter { !text.contains($0) }.map { "README.md of the module does not name \($0)" }
    }

    /// The settings' standard values.
    static func standards(_ manifest: ModuleManifest) -> [String: String] {
        Dictionary(uniqueKeysWithValues: manifest.settings.map { ($0.name, $0.standard) })
    }
}

/// Whether a text holds a Chinese character.
func isChinese(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
}
