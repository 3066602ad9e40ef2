internal import ArgumentParser
internal import Foundation
internal import XinglinKit
internal import XinglinRPC

/// The flags that say which host is measured.
struct BenchTarget: ParsableArguments {
    @Option(help: .host)
    var host: String?

    @Option(help: .authority, completion: .file(extensions: ["pem"]))
    var ca: String?

    @Option(help: .dataOfHost, completion: .directory)
    var data: String?

    func choose() throws -> CallTarget {
        let environment = ProcessInfo.processInfo.environment
        return try CallTarget.choose(
            host: self.host, ca: self.ca, data: self.data ?? environment["XINGLIN_DATA"],
            stored: try SessionStore(environment: environment).read(), workingDirectory: Files.workingDirectory)
    }
}

extension CallTarget {
    var load: LoadTarget { LoadTarget(host: self.host, port: self.port, caFile: self.caFile) }
}

/// The flags that say how results are given.
struct BenchOutput: ParsableArguments {
    @Option(
        name: .customLong("watch"), parsing: .upToNextOption,
        help: .both(
            zh: "另计这些本机进程（及其子进程）的处理器时间。",
            en: "Processes on this machine whose processor time, with their children's, is taken besides.",
            value: "pid"))
    var watched: [Int32] = []

    @Flag(help: .both(zh: "以一行 JSON 输出数据。", en: "Give the figures as one line of JSON."))
    var json = false

    func give(_ reading: LoadMeter.Reading, _ what: String, connections: Int, depth: Int) throws {
        let lines =
            self.json
            ? [reading.json(what, connections: connections, depth: depth).canonicalText] : reading.lines(what)
        for line in lines { try Console.output(line) }
        guard reading.calls > 0 else { throw Failure(words(zh: "没有完成一次调用", en: "not one call was done")) }
    }
}
