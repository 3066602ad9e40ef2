internal import XinglinKit

/// Whether each job's declarations can be used. What would quarantine the module is found here first.
struct JobChecks {
    private let manifest: ModuleManifest
    private let jobs: [any ScheduledJob]

    init(_ module: any FeatureModule.Type) throws {
        self.manifest = module.manifest
        self.jobs = try module.init(Boot(settings: ManifestChecks.standards(module.manifest))).jobs
    }

    func findings() -> [String] {
        let names = self.jobs.map { type(of: $0).name }
        let twice = Set(names).count == names.count ? [] : ["two jobs have one name"]
        return twice + self.jobs.flatMap { Self.check(type(of: $0), self.manifest.code) }
    }

    private static func check(_ job: any ScheduledJob.Type, _ code: String) -> [String] {
        var found: [String] = []
        let name = job.name
        let segments = name.split(separator: ".", omittingEmptySubsequences: false)
        if segments.count != 2 || segments[0] != code || !Self.isLowerCamel(segments[segments.count - 1]) {
            found.append("\(name): a job's name is \(code).nounVerb, in lowerCamel")
        }
        if !isChinese(job.summary.zh) || job.summary.en.isEmpty || isChinese(job.summary.en) {
            found.append("\(name) must have its summary in both languages: administrators read it")
        }
        do {
            _ = try CronSchedule(job.schedule)
        } catch {
            found.append("\(name): \(error)")
        }
        if !(1...600).contains(job.timeLimit) {
            found.append("\(name): timeLimit is 1 to 600 s; do what takes longer in portions (JobResult.unfinished)")
        }
        if !(0...10).contains(job.retries) { found.append("\(name): retries is 0 to 10") }
        if case .catchUp(let most) = job.missed, !(1...1000).contains(most) {
            found.append("\(name): catchUp(atMost:) is 1 to 1000; .skip catches up with none")
        }
        return found
    }

    private static func isLowerCamel(_ segment: Substring) -> Bool {
        guard let first = segment.first, first.isLowercase else { return false }
        return segment.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
