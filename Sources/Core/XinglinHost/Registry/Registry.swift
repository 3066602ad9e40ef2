internal import XinglinKit

/// The modules and methods of this process. Built once at start; read without locks afterwards.
struct Registry: Sendable {
    /// A module of the process: running, or quarantined with its reason.
    struct Entry: Sendable {
        let code: String
        let version: String
        let manifest: ModuleManifest?
        let methodNames: [String]
        let quarantine: String?
        /// Brings the module's reference tables up to its data files.
        let load: (@Sendable (DataFiles, Database) throws -> Void)?
        let files: DataFiles
    }

    private(set) var modules: [String: Entry] = [:]
    private(set) var methods: [String: MethodEntry] = [:]
    /// The kinds of files that the running modules import.
    private(set) var imports: [String: ImportKind] = [:]
    /// What the running modules publish.
    private(set) var topics: [String: TopicEntry] = [:]
    /// What the running modules do when something has happened.
    private(set) var handlers: [String: HandlerEntry] = [:]
    /// The kinds of files that are exported from them.
    private(set) var exports: [String: ExportKind] = [:]
    /// The jobs of the host and the running modules.
    private(set) var jobs: [String: JobEntry] = [:]

    /// Quarantined and running modules, by code.
    var sortedModules: [Entry] { self.modules.values.sorted { $0.code < $1.code } }
    var sortedMethods: [MethodEntry] { self.methods.values.sorted { $0.name < $1.name } }
    var sortedJobs: [JobEntry] { self.jobs.values.sorted { $0.name < $1.name } }
    var runningModules: [Entry] { self.sortedModules.filter { $0.quarantine == nil } }

    /// Boots the modules in the order of their needs; what fails is quarantined.
    init(_ candidates: [ModuleCandidate], settings: [String: String], schedules: JobSchedules = .none) {
        for topic in HostTopics.all { self.topics[topic.name] = TopicEntry(module: Self.hostCode, topic: topic) }
        var manifests: [ModuleManifest] = []
        var byCode: [String: any FeatureModule.Type] = [:]
        for candidate in candidates {
            switch candidate {
            case .refused(let code, let reason): self.quarantine(code, version: "", reason)
            case .found(let module):
                let code = module.manifest.code
                guard byCode[code] == nil else {
                    self.quarantine(
                        "\(code)-2", version: module.manifest.version, "a second module has the code \(code)")
                    continue
                }
                byCode[code] = module
                manifests.append(module.manifest)
            }
        }
        let plan = ModuleOrder.plan(manifests)
        for (code, reason) in plan.refused {
            self.quarantine(code, version: byCode[code]?.manifest.version ?? "", reason)
        }
        for code in plan.order {
            guard let module = byCode[code] else { continue }
            self.boot(module, settings, schedules)
        }
    }

    /// Adds the host's own methods and jobs, which belong to no plugin.
    mutating func addHost(
        _ methods: [any RPCMethod], jobs: [any ScheduledJob] = [], schedules: JobSchedules = .none
    ) throws {
        for method in methods { try self.add(method, module: Self.hostCode) }
        for job in jobs {
            let entry = try JobEntry(job, module: Self.hostCode, schedule: schedules[type(of: job).name])
            self.jobs[entry.name] = entry
        }
    }

    static let hostCode = "host"

    /// Takes a running module out of service, as when its migration failed; whatever needs it goes too.
    mutating func quarantine(_ code: String, version: String, _ reason: String) {
        for name in self.modules[code]?.methodNames ?? [] { self.methods[name] = nil }
        self.imports = self.imports.filter { $0.value.module != code }
        self.topics = self.topics.filter { $0.value.module != code }
        self.handlers = self.handlers.filter { $0.value.module != code }
        self.exports = self.exports.filter { $0.value.module != code }
        self.jobs = self.jobs.filter { $0.value.module != code }
        self.modules[code] = Entry(
            code: code, version: version, manifest: nil, methodNames: [], quarantine: reason, load: nil,
            files: DataFiles([:]))
        for entry in self.runningModules where entry.manifest?.needs.contains(code) == true {
            self.quarantine(
                entry.code, version: entry.version, "module \(entry.code) needs module \(code), which does not run")
        }
    }

    /// The module that a method's name would belong to, where that module is quarantined.
    func quarantinedModule(of method: String) -> Entry? {
        guard let entry = self.modules[String(method.prefix { $0 != "." })], entry.quarantine != nil else { return nil }
        return entry
    }

    private mutating func boot(
        _ module: any FeatureModule.Type, _ settings: [String: String], _ schedules: JobSchedules
    ) {
        let manifest = module.manifest
        do {
            if let need = manifest.needs.first(where: { self.modules[$0]?.quarantine != nil }) {
                throw BootRefusal(description: "module \(manifest.code) needs module \(need), which does not run")
            }
            let files = try ModuleData.read(module)
            let instance = try module.init(Boot(settings: try Self.settings(of: manifest, settings)))
            let methods = instance.methods
            for method in methods { try self.check(type(of: method), in: manifest) }
            let imports = try Self.imports(of: instance, manifest)
            let exports = try Self.exports(of: instance, manifest)
            let jobs = try Self.jobs(of: instance, manifest, schedules)
            let topics = try Self.topics(of: manifest)
            let handlers = try self.handlers(of: instance, manifest, topics)
            for method in methods { try self.add(method, module: manifest.code) }
            for kind in imports { self.imports[kind.name] = kind }
            self.topics.merge(topics) { _, new in new }
            for handler in handlers { self.handlers[handler.name] = handler }
            for kind in exports { self.exports[kind.name] = kind }
            for job in jobs { self.jobs[job.name] = job }
            self.modules[manifest.code] = Entry(
                code: manifest.code, version: manifest.version, manifest: manifest,
                methodNames: methods.map { type(of: $0).name }.sorted(), quarantine: nil,
                load: { try instance.load($0, into: $1) }, files: files)
        } catch {
            self.quarantine(manifest.code, version: manifest.version, String(describing: error))
        }
    }

    private static func settings(of manifest: ModuleManifest, _ all: [String: String]) throws -> [String: String] {
        let prefix = "\(manifest.code)."
        let declared = Dictionary(
            manifest.settings.map { ($0.name, $0.standard) }, uniquingKeysWith: { first, _ in first })
        let given = all.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        if let unknown = given.first(where: { declared[$0.0] == nil }) {
            let nearest = declared.keys.sorted().min { editDistance($0, unknown.0) < editDistance($1, unknown.0) }
            throw BootRefusal(
                description: "module \(manifest.code) has no setting modules.\(prefix)\(unknown.0)"
                    + (nearest.map { "; did you mean modules.\(prefix)\($0)?" } ?? "; it has none at all"))
        }
        return declared.merging(given, uniquingKeysWith: { _, given in given })
    }

    private func check(_ method: any RPCMethod.Type, in manifest: ModuleManifest) throws {
        guard method.name.hasPrefix("\(manifest.code).") else {
            throw BootRefusal(description: "method \(method.name) does not begin with \(manifest.code).")
        }
        let undeclared = method.faults.first { !manifest.faults.contains($0) }
        if let undeclared {
            throw BootRefusal(
                description: "method \(method.name) refuses with \(undeclared.reason), which the manifest does not list"
            )
        }
    }

    private static func imports(of module: any FeatureModule, _ manifest: ModuleManifest) throws -> [ImportKind] {
        let kinds = module.imports.map { ImportKind($0, module: manifest.code) }
        for kind in kinds { try kind.check() }
        guard Set(kinds.map(\.name)).count == kinds.count else {
            throw BootRefusal(description: "module \(manifest.code) has two imports of one kind")
        }
        return kinds
    }

    private static func topics(of manifest: ModuleManifest) throws -> [String: TopicEntry] {
        let entries = manifest.publishes.map { TopicEntry(module: manifest.code, topic: $0) }
        for entry in entries { try entry.check() }
        guard Set(entries.map(\.topic.name)).count == entries.count else {
            throw BootRefusal(description: "module \(manifest.code) publishes two topics of one name")
        }
        return Dictionary(entries.map { ($0.topic.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func handlers(
        of module: any FeatureModule, _ manifest: ModuleManifest, _ topics: [String: TopicEntry]
    ) throws -> [HandlerEntry] {
        let entries = module.handlers.map { HandlerEntry($0, module: manifest.code) }
        let known = self.topics.merging(topics) { _, own in own }
        let running = Set(self.runningModules.map(\.code) + [manifest.code, Self.hostCode])
        for entry in entries { try entry.check(manifest, known: known, running: running) }
        guard Set(entries.map(\.name)).count == entries.count else {
            throw BootRefusal(description: "module \(manifest.code) has two handlers of one name")
        }
        return entries
    }

    private static func exports(of module: any FeatureModule, _ manifest: ModuleManifest) throws -> [ExportKind] {
        let kinds = module.exports.map { ExportKind($0, module: manifest.code) }
        for kind in kinds { try kind.check() }
        guard Set(kinds.map(\.name)).count == kinds.count else {
            throw BootRefusal(description: "module \(manifest.code) has two exports of one kind")
        }
        return kinds
    }

    private static func jobs(
        of module: any FeatureModule, _ manifest: ModuleManifest, _ schedules: JobSchedules
    ) throws -> [JobEntry] {
        let jobs = try module.jobs.map { job in
            try JobEntry(job, module: manifest.code, schedule: schedules[type(of: job).name])
        }
        guard Set(jobs.map(\.name)).count == jobs.count else {
            throw BootRefusal(description: "module \(manifest.code) has two jobs of one name")
        }
        return jobs
    }

    private mutating func add(_ method: some RPCMethod, module: String) throws {
        let name = type(of: method).name
        guard self.methods[name] == nil else { throw BootRefusal(description: "method \(name) is there twice") }
        self.methods[name] = MethodEntry(method, module: module)
    }
}

/// A module on its way into the registry.
enum ModuleCandidate: Sendable {
    case found(any FeatureModule.Type)
    case refused(code: String, reason: String)
}

/// Why a module did not boot.
struct BootRefusal: Error, CustomStringConvertible {
    let description: String
}
