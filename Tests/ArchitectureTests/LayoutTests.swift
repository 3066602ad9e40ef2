import Testing

/// What a module consists of, and how large a file may be.
struct LayoutTests {
    static func modulesInPackage() throws -> [String] {
        try Repository.file("Package.swift").text.matches(of: /Module\(name:\s*"([A-Za-z]+)"/).map { String($0.1) }
    }

    @Test("Every module has README, manifest, Methods, Migrations, tests and its line in Package.swift")
    func everyModuleIsWhole() throws {
        let modules = try Repository.folders(in: "Plugins")
        expectSome(modules, "Plugins is empty")
        let listed = try Self.modulesInPackage()
        var violations: [Violation] = []
        for module in modules {
            let folder = "Plugins/\(module)"
            for part in ["README.md", "\(module)Module.swift", "Methods", "Migrations"]
            where !Repository.exists("\(folder)/\(part)") {
                violations.append(
                    Violation(
                        rule: "a module has \(part)", file: "\(folder)/\(part) is missing",
                        wayOut: "see docs/add-a-module.md, and Plugins/Example as the template"))
            }
            if try Repository.files(in: "\(folder)/Migrations", ending: ".sql").isEmpty {
                violations.append(
                    Violation(
                        rule: "a module has at least its first migration", file: "\(folder)/Migrations",
                        wayOut: "write m0001_create.sql, even if it only creates the schema"))
            }
            if try Repository.files(in: "Tests/\(module)Tests", ending: ".swift").isEmpty {
                violations.append(
                    Violation(
                        rule: "a module has tests", file: "Tests/\(module)Tests is missing or empty",
                        wayOut: "copy Tests/ExampleTests: the conformance suite comes for free"))
            }
            if !listed.contains(module) {
                violations.append(
                    Violation(
                        rule: "a module stands in Package.swift", file: folder,
                        wayOut: "add Module(name: \"\(module)\") to `modules`, or delete the folder"))
            }
        }
        expectNone(violations)
    }

    @Test("Every module of Package.swift has its folder")
    func everyListedModuleIsThere() throws {
        let listed = try Self.modulesInPackage()
        expectSome(listed, "Package.swift names no module")
        expectNone(
            listed.filter { !Repository.exists("Plugins/\($0)") }.map { module in
                Violation(
                    rule: "a module of Package.swift has its folder", file: "Plugins/\(module) is missing",
                    wayOut: "delete its line in Package.swift and its tests")
            })
    }

    @Test("A migration's name is m, four digits, and what it does; the numbers have no gaps")
    func migrationsAreNumbered() throws {
        let files =
            try Repository.files(in: "Plugins", ending: ".sql") + Repository.files(in: "Sources", ending: ".sql")
        expectSome(files, "no migration was found")
        var violations: [Violation] = []
        for (folder, group) in Dictionary(grouping: files, by: \.folder) {
            let names = group.map(\.name).sorted()
            for (index, name) in names.enumerated() {
                let number = name.wholeMatch(of: /m(\d{4})_[a-z0-9_]+\.sql/).flatMap { Int($0.1) }
                if number != index + 1 {
                    violations.append(
                        Violation(
                            rule: "migrations are m0001_…, m0002_…, without gaps", file: "\(folder)/\(name)",
                            wayOut: "give it the next number; a migration that was released is never renamed"))
                }
            }
        }
        expectNone(violations)
    }

    @Test("No file has more than 300 lines")
    func filesAreSmall() throws {
        let files = try Repository.swiftFiles(in: "Sources", "Plugins", "Tests")
        expectNone(
            files.map { (file: $0, lines: $0.lineCount) }.filter { $0.lines > 300 }.map { file, lines in
                Violation(
                    rule: "a file has at most 300 lines, this one has \(lines)", file: file.path,
                    wayOut: "split it by idea: one type or one aspect a file (Type+Aspect.swift)")
            })
    }
}
