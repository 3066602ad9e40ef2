import Foundation
import Testing
import XinglinKit

@testable import XinglinCommand

/// What a page tells its reader to type.
@Suite struct DocumentedCommandTests {
    private struct Place {
        let page: String
        let text: String
        let arguments: [String]
        /// A command to be typed as it stands, and not the name of one in a sentence.
        let isWhole: Bool
        /// The page shows that it is refused.
        var isMistake = false
    }

    /// Texts of other kinds that begin like a command.
    private static let others = ["xinglin audit link 1"]
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func files(_ folder: String, ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self.root.appendingPathComponent(folder).path)
            .filter { $0.hasSuffix(ending) }.map { folder == "." ? $0 : "\(folder)/\($0)" }.sorted()
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: self.root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func pages() throws -> [String] {
        let modules = try self.files("Plugins", ending: "").map { "\($0)/README.md" }.filter {
            FileManager.default.fileExists(atPath: self.root.appendingPathComponent($0).path)
        }
        return try self.files(".", ending: ".md") + self.files("docs", ending: ".md")
            + self.files("docs/adr", ending: ".md") + modules
    }

    /// Of blocks of code, each command; of sentences, what stands in backticks.
    private static func places(_ page: String) throws -> [Place] {
        var places: [Place] = []
        var isCode = false
        var open = ""
        for line in try self.text(page).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("```") {
                isCode.toggle()
                open = ""
            } else if isCode {
                if bare.hasPrefix("Error: ") || bare.hasPrefix("xinglin: there is no command"), !places.isEmpty {
                    places[places.count - 1].isMistake = true
                }
                open += bare.hasPrefix("$ ") ? String(bare.dropFirst(2)) : String(bare)
                if open.hasSuffix("\\") {
                    open = String(open.dropLast())
                    continue
                }
                let shell = ShellText(open)
                // An apostrophe in what a command prints opens no quotation.
                if shell.isOpen, !shell.runs.isEmpty || open.contains("\n") {
                    open += "\n"
                    continue
                }
                places += shell.runs.map { Place(page: page, text: open, arguments: $0, isWhole: true) }
                open = ""
            } else {
                for span in line.matches(of: /`([^`]+)`/).map({ String($0.1) }) where !self.others.contains(span) {
                    places += ShellText(span).runs.map {
                        Place(page: page, text: span, arguments: $0, isWhole: false)
                    }
                }
            }
        }
        return places
    }

    /// What each unit of systemd runs.
    private static func units() throws -> [Place] {
        try self.files("deploy/systemd", ending: ".service").flatMap { unit in
            try self.text(unit).split(separator: "\n").filter { $0.hasPrefix("ExecStart=") }.flatMap { line in
                ShellText(String(line.dropFirst("ExecStart=".count))).runs.map {
                    Place(page: unit, text: String(line), arguments: $0, isWhole: true)
                }
            }
        }
    }

    @Test("Every command on a page, and in a unit of systemd, is one that the program knows")
    func commands() throws {
        let places = try Self.pages().flatMap(Self.places) + Self.units()
        #expect(places.count { $0.isWhole } > 100 && places.count { !$0.isWhole } > 100)
        let methods = try Self.text("docs/openrpc.json")
        for place in places {
            // A word in capitals stands for what the reader knows.
            let arguments = place.arguments.map {
                $0 == "COMMAND" ? "jobs" : $0.wholeMatch(of: /[A-Z]+/) != nil ? "1" : $0
            }
            let problem = Language.$current.withValue(.en) { Self.problem(arguments, isWhole: place.isWhole) }
            #expect((problem != nil) == place.isMistake, "\(place.page): \(place.text) — \(problem ?? "it is known")")
            guard arguments.first == "call", place.isWhole else { continue }
            let isName = /[a-z]+(?:\.[A-Za-z]+)+/
            let method = arguments.dropFirst().first { $0.wholeMatch(of: isName) != nil } ?? "(none)"
            let isThere = methods.contains("\"\(method)\"")
            #expect(isThere, "\(place.page): there is no method \(method)")
        }
    }

    /// What the program says against it.
    private static func problem(_ arguments: [String], isWhole: Bool) -> String? {
        do {
            _ = try RootCommand.parsed(arguments)
            return nil
        } catch {
            let said = RootCommand.text(of: error)
            // Help that is asked for; and in a sentence a command may be named without all that it takes.
            guard said.hasPrefix("Error: ") else { return nil }
            let isUnknown = said.contains("nknown option") || said.contains("nexpected argument")
            return isWhole || isUnknown ? said : nil
        }
    }

    @Test("A shell's text is read as the shell reads it")
    func shell() {
        #expect(ShellText("A=b sudo -u x xinglin a 'b c' | lp; xinglin d # e").runs == [["a", "b c"], ["d"]])
        #expect(ShellText("/bin/sh -c 'exec xinglin a --b $(date)'").runs == [["a", "--b", "$(date)"]])
        #expect(ShellText("runuser -u xinglin -- /opt/x/xinglin a > b").runs == [["a"]])
        #expect(ShellText("tar xinglin").runs.isEmpty && ShellText("xinglin '{").isOpen)
    }
}
