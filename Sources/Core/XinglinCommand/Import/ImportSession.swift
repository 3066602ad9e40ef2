internal import XinglinKit

/// The conversation with the host about one file.
struct ImportSession {
    let connection: CallConnection
    let kind: String
    let file: ImportFile
    let locale: Locale

    /// Faults that are shown.
    private static let shownFaults: Int64 = 20
    /// Long enough for a piece of lines on a busy host.
    private static let deadlineMs: Int64 = 60_000
    private static let pollInterval = Duration.milliseconds(300)
    private static let attempts = 20

    /// Uploads what is missing of the file; gives the import's id and where it stands then.
    func upload(restart: Bool, again: Bool) async throws -> JSONValue {
        let survey = try self.file.survey()
        var begun = try await self.begin(survey, again: again)
        if restart, begun["resumed"]?.boolValue == true {
            try await self.call("imports.cancel", ["importId": begun["importId"] ?? .null])
            begun = try await self.begin(survey, again: again)
        }
        let id = begun["importId"] ?? .null
        guard begun["state"]?.stringValue == "open" else { return try await self.call("imports.get", ["importId": id]) }
        let first = begun["nextLine"]?.integerValue ?? 1
        if first > 1 { Console.error(ImportTexts.resumed(first)[self.locale]) }
        var bar = ProgressBar(
            ImportTexts.checking[self.locale], total: survey.lines, from: Int(first) - 1, locale: self.locale)
        bar.update(Int(first) - 1)
        var done = Int(first) - 1
        try await self.file.pieces(from: Int(first)) { start, text, count in
            try await self.call(
                "imports.append", ["importId": id, "fromLine": .integer(Int64(start)), "csv": .string(text)])
            done += count
            bar.update(done)
        }
        bar.finish(done)
        return try await self.call("imports.finish", ["importId": id, "lines": .integer(Int64(survey.lines))])
    }

    private func begin(_ survey: ImportFile.Survey, again: Bool) async throws -> JSONValue {
        var params: [String: JSONValue] = [
            "kind": .string(self.kind), "name": .string(self.file.name), "header": .string(survey.header),
            "sm3": .string(survey.sm3),
        ]
        if again { params["again"] = true }
        return try await self.call("imports.begin", params)
    }

    /// Has the import applied, or goes on watching one that is, and gives how it ended.
    func apply(_ state: JSONValue, mode: String) async throws -> JSONValue {
        let id = state["importId"] ?? .null
        var state = state
        if state["state"]?.stringValue != "applying" {
            state = try await self.call("imports.apply", ["importId": id, "mode": .string(mode)])
        }
        let done = Int(state["applied"]?.integerValue ?? 0)
        var bar = ProgressBar(
            ImportTexts.applying[self.locale], total: Int(state["good"]?.integerValue ?? 0), from: done,
            locale: self.locale)
        while state["state"]?.stringValue == "applying" {
            bar.update(Self.workedThrough(state))
            try await Task.sleep(for: Self.pollInterval)
            state = try await self.call("imports.get", ["importId": id])
        }
        bar.finish(Self.workedThrough(state))
        return state
    }

    private static func workedThrough(_ state: JSONValue) -> Int {
        Int((state["applied"]?.integerValue ?? 0) + (state["leftOut"]?.integerValue ?? 0))
    }

    /// The first faults as a table, and how to see the rest.
    func faultLines(_ state: JSONValue, coloured: Bool) async throws -> [String] {
        let id = state["importId"] ?? .null
        let page = try await self.call("imports.faults", ["importId": id, "limit": .integer(Self.shownFaults)])
        let faults = page["faults"]?.arrayValue ?? []
        guard !faults.isEmpty else { return [] }
        let isChinese = self.locale == .zh
        let rows = faults.map { fault in
            Table.Row(cells: [
                String(fault["line"]?.integerValue ?? 0),
                fault[isChinese ? "columnZh" : "columnEn"]?.stringValue ?? fault["field"]?.stringValue ?? "",
                fault[isChinese ? "textZh" : "textEn"]?.stringValue ?? "",
            ])
        }
        let heading = ImportTexts.faultHeading.map { $0[self.locale] }
        let lines = Table(heading: heading, rows: rows).lines(coloured: coloured)
        guard page["next"] != nil else { return lines }
        return lines + [ImportTexts.moreFaults(id.stringValue ?? "")[self.locale]]
    }

    /// Calls a method, again while the host says that it may be repeated: every one of these is safe to repeat.
    @discardableResult
    private func call(_ method: String, _ params: [String: JSONValue]) async throws -> JSONValue {
        var attempt = 1
        while true {
            do {
                return try await self.connection.call(method, params, deadlineMs: Self.deadlineMs)
            } catch let refusal as Refusal where refusal.isRetryable && attempt < Self.attempts {
                attempt += 1
                try await Task.sleep(for: Self.pollInterval)
            }
        }
    }
}
