internal import ArgumentParser
internal import Foundation
internal import XinglinKit
internal import XinglinRPC

/// The flags that say which host is measured.
struct BenchTarget: ParsableArguments {
    @Option(help: ArgumentHelp("The host; else that of the last login, else 127.0.0.1:7443.", valueName: "host:port"))
    var host: String?

    @Option(help: ArgumentHelp("The CA's certificate; else FOLDER/tls/ca.pem of --data.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("The host's data folder, where it is on this machine.", valueName: "folder"))
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
        help: ArgumentHelp(
            "Processes on this machine whose processor time, with their children's, is taken besides.", valueName: "pid"
        ))
    var watched: [Int32] = []

    @Flag(help: "Give the figures as one line of JSON.")
    var json = false

    func give(_ reading: LoadMeter.Reading, _ what: String, connections: Int, depth: Int) throws {
        let lines =
            self.json
            ? [reading.json(what, connections: connections, depth: depth).canonicalText] : reading.lines(what)
        for line in lines { try Console.output(line) }
        guard reading.calls > 0 else { throw Failure("not one call was done") }
    }
}
