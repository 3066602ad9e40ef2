internal import ArgumentParser
internal import XinglinKit
internal import XinglinRPC

/// Methods of a running host behind a command of their own: calls them, shows refusals, prints tables or JSON.
struct FrontEnd: Sendable {
    let client: CallClient
    let json: Bool

    init(_ options: ClientOptions, _ form: FormOptions) throws {
        self.init(client: try options.client(), json: form.json)
    }

    init(client: CallClient, json: Bool) {
        self.client = client
        self.json = json
    }

    /// Runs a command's body in the language that its flags ask for.
    static func run(
        _ options: ClientOptions, _ form: FormOptions, _ body: (FrontEnd) async throws -> Void
    ) async throws {
        try await Language.$current.withValue(try options.language()) {
            try await body(try FrontEnd(options, form))
        }
    }

    /// The reply of one call.
    /// - Throws: `ExitCode` after a refusal was shown.
    func call(_ method: String, _ params: [String: JSONValue] = [:]) async throws -> JSONValue {
        var params = params
        params["_meta"] = ["locale": .string(self.client.locale.rawValue)]
        switch try await self.client.call(method, .object(params)) {
        case .result(let reply): return try JSONReader.parse(reply)
        case .error(let error):
            let shown =
                self.json ? error : ErrorReport.readable(error, self.client.locale, coloured: Console.errorIsTerminal)
            Console.error(shown)
            throw ExitCode(ExitStatus.refused)
        }
    }

    /// Every entry of a list, page by page.
    func pages(_ method: String, _ params: [String: JSONValue] = [:], of member: String) async throws -> [JSONValue] {
        var params = params
        params["limit"] = 500
        var entries: [JSONValue] = []
        while true {
            let page = try await self.call(method, params)
            entries += page[member]?.arrayValue ?? []
            guard let next = page["next"], next != .null else { return entries }
            params["after"] = next
        }
    }

    /// Prints the reply as JSON where that was asked for, else the lines.
    func show(_ reply: JSONValue, _ lines: () -> [String]) throws {
        guard self.json else {
            for line in lines() { try Console.output(line) }
            return
        }
        let text = Array(reply.canonicalText.utf8)
        try Console.output(Console.outputIsTerminal ? PrettyJSON.format(text, coloured: true) : text)
    }

    func show(_ reply: JSONValue, _ table: Table) throws {
        try self.show(reply) { table.lines(coloured: Console.outputIsTerminal) }
    }
}
