internal import XinglinKit

extension Doctor {
    /// Every plugin loads, and every module's setting is meant for one of them.
    func plugins() -> [Diagnosis] {
        let modules: [ModuleReport]
        do {
            modules = try HostTasks.modules(self.settings, log: self.log)
        } catch {
            return [
                .failed(
                    .plugins, explained(error),
                    remedy: .init(zh: "更正 plugins.directory", en: "correct plugins.directory"))
            ]
        }
        guard !modules.isEmpty else {
            return [
                .warning(
                    .plugins, .init(zh: "没有找到插件", en: "none found"),
                    remedy: .init(zh: "设定 plugins.directory", en: "set plugins.directory"))
            ]
        }
        let running = modules.filter { $0.state == "running" }.map(\.code)
        let names = running.joined(separator: ", ")
        let quarantined = modules.filter { $0.state == "quarantined" }.map(Self.quarantine)
        let stray = self.straySettings(modules.map(\.code))
        let fine = quarantined.isEmpty && stray.isEmpty
        return fine ? [.ok(.plugins, self.loadable(names))] : quarantined + stray
    }

    /// A host that runs is not asked: it may have been started with other settings.
    private func loadable(_ names: String) -> LocalizedText {
        guard self.holder != nil else { return .init(zh: names, en: names) }
        return .init(
            zh: "\(names)（按这些设置可加载；正在运行的主机用 xinglin call modules.list 查看）",
            en: "\(names) load with these settings; of the running host ask xinglin call modules.list")
    }

    private static func quarantine(_ module: ModuleReport) -> Diagnosis {
        let reason = "\(module.code): \(module.reason ?? "")"
        return .failed(
            .plugins, .init(zh: "已隔离 \(reason)", en: "quarantined \(reason)"),
            remedy: .init(
                zh: "按原因更正设置，或针对本主机重新构建插件，或用 plugins.load 不加载它",
                en:
                    "correct what the reason names, build the plugin anew for this host, or leave it out with plugins.load"
            ))
    }

    /// `modules.decotion.days` would be passed over without a word.
    private func straySettings(_ codes: [String]) -> [Diagnosis] {
        let named = Set(self.settings.modules.keys.map { String($0.prefix { $0 != "." }) })
        return named.subtracting(codes).sorted().map { code in
            let nearest = codes.min { editDistance($0, code) < editDistance($1, code) } ?? ""
            return .warning(
                .plugins,
                .init(
                    zh: "设置 modules.\(code).… 不属于已加载的任何模块",
                    en: "modules.\(code).… is a setting of no module that is loaded"),
                remedy: .init(
                    zh: "是否想写 modules.\(nearest).…？否则删去它", en: "did you mean modules.\(nearest).…? Otherwise remove it")
            )
        }
    }
}
