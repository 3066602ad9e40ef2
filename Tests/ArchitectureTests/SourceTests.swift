import Testing

/// What no source may contain.
struct SourceTests {
    @Test(
        "No source can crash a request: no forced try, forced cast or fatal error",
        arguments: ["try!", "fatalError(", " as! "])
    func noCrashPaths(word: String) throws {
        let files = try Repository.swiftFiles(in: "Sources", "Plugins")
        expectSome(files, "no sources were found")
        expectNone(
            files.flatMap { file in
                file.code(with: word).map { line in
                    Violation(
                        rule: "`\(word)` is not written in Sources and Plugins", file: "\(file.path):\(line.number)",
                        wayOut: "throw; a fault that nobody expects reaches the caller as host.internal with its trace")
                }
            })
    }

    @Test("What is expected of a parameter is said in Chinese too")
    func expectationsInChinese() throws {
        let files = try Repository.swiftFiles(in: "Sources/Core/XinglinHost", "Sources/Core/XinglinKit", "Plugins")
        expectSome(files.filter { $0.contains("Fault.invalid(") }, "no refusal of a parameter was found")
        expectNone(
            files.flatMap { file in
                file.text.split(separator: "Fault.invalid(").dropFirst().filter { call in
                    // Up to the parenthesis that closes the call.
                    var depth = 1
                    let arguments = call.prefix { character in
                        depth += character == "(" ? 1 : character == ")" ? -1 : 0
                        return depth > 0
                    }
                    return !arguments.contains("zh:")
                }.map { call in
                    Violation(
                        rule: "`Fault.invalid` says what is expected in both languages",
                        file: "\(file.path): Fault.invalid(\(call.prefix(40))", wayOut: "add zh: with the Chinese text")
                }
            })
    }

    @Test("Every @unchecked Sendable says why it is safe")
    func uncheckedSendableIsExplained() throws {
        let conformance = "@unchecked " + "Sendable"
        expectNone(
            try Repository.swiftFiles(in: "Sources", "Plugins").filter { $0.contains(conformance) }.flatMap { file in
                let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
                return file.code(with: conformance).filter { line in
                    // The comment may stand in the type's documentation or as the first thing inside it.
                    let near = lines[max(0, line.number - 12)..<min(lines.count, line.number + 4)]
                    return !near.contains { $0.contains("SAFETY:") }
                }.map { line in
                    Violation(
                        rule: "\(conformance) carries a SAFETY comment", file: "\(file.path):\(line.number)",
                        wayOut: "say which lock, thread or order makes it safe; or make the type Sendable by its parts")
                }
            })
    }

    @Test("No file names a path of the machine it was written on")
    func noPathsOfAMachine() throws {
        let files = try Repository.files(in: ".").filter { !$0.path.hasSuffix(".csv") }
        expectSome(files, "no files were found")
        let homes = ["work", "root"].map { "/\($0)/" }
        let outside = ".." + "/shared"
        expectNone(
            files.flatMap { file in
                let lines =
                    file.lines(with: outside)
                    + homes.flatMap { home in file.lines(with: home).filter { Self.stands(home, in: $0.text) } }
                return lines.map { line in
                    Violation(
                        rule: "a file of the project names no path outside it", file: "\(file.path):\(line.number)",
                        wayOut: "take the path from #filePath, from the script's own folder, or from a setting")
                }
            })
    }

    /// Whether the path begins in the line; behind a letter or a dot it is a part of another path.
    private static func stands(_ path: String, in line: String) -> Bool {
        line.ranges(of: path).contains { range in
            guard range.lowerBound != line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && before != "." && before != "_"
        }
    }

    @Test("MP: a gate that ended in `|| true` — no step of the pipeline is soft")
    func noSoftGates() throws {
        let files = try Repository.files(in: "deploy", ending: ".sh") + [Repository.file(".ci/run")]
        let soft = ["|| " + "true", "|| " + ":", "set " + "+e"]
        expectNone(
            files.flatMap { file in
                soft.flatMap { file.lines(with: $0) }.filter { !$0.text.drop(while: \.isWhitespace).hasPrefix("#") }.map
                { line in
                    Violation(
                        rule: "a step that fails fails the run", file: "\(file.path):\(line.number)",
                        wayOut: "test for the case that may fail with `if`, and say what happens then")
                }
            })
    }
}
