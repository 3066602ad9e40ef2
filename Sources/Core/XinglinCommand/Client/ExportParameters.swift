internal import XinglinKit
internal import XinglinRPC

/// What of a kind is exported, as `--params` and `--param` say.
struct ExportParameters {
    let value: JSONValue

    /// - Parameters:
    ///   - json: a JSON object; nil where it was not given.
    ///   - named: `name=value` each; a dot in the name leads into an object: `unmask.purpose=inspection`.
    /// - Throws: `Failure` where one is neither, or is given twice.
    init(json: String?, named: [String]) throws {
        var params: JSONValue = [:]
        if let json {
            guard let parsed = try? JSONReader.parse(Array(json.utf8)), parsed.objectValue != nil else {
                throw Self.failure(
                    zh: "--params 应为一个 JSON 对象，例如 '{\"asOf\":\"2026-06-30\"}'",
                    en: "--params must be a JSON object, such as '{\"asOf\":\"2026-06-30\"}'")
            }
            params = parsed
        }
        for one in named {
            guard let equals = one.firstIndex(of: "=") else { throw Self.unnamed(one) }
            let path = one[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard path.allSatisfy({ !$0.isEmpty }) else { throw Self.unnamed(one) }
            params = try Self.put(String(one[one.index(after: equals)...]), at: path[...], into: params, of: one)
        }
        self.value = params
    }

    private static func put(
        _ text: String, at path: ArraySlice<String>, into params: JSONValue, of argument: String
    ) throws -> JSONValue {
        guard let name = path.first else { return .string(text) }
        guard var members = params.objectValue, path.count > 1 || members[name] == nil else {
            throw Self.failure(zh: "\(argument)：重复给出", en: "\(argument): it is given twice")
        }
        members[name] = try Self.put(text, at: path.dropFirst(), into: members[name] ?? [:], of: argument)
        return .object(members)
    }

    private static func unnamed(_ argument: String) -> Failure {
        Self.failure(
            zh: "\(argument)：--param 写作 名称=值，例如 asOf=2026-06-30",
            en: "\(argument): --param is name=value, such as asOf=2026-06-30")
    }

    private static func failure(zh: String, en: String) -> Failure {
        Failure(words(zh: zh, en: en), exitCode: ExitStatus.usage)
    }
}
