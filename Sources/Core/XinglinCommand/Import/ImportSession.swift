internal import XinglinKit

/// The conversation with the host about one file.
struct ImportSession {
    let connection: CallConnection
    let kind: String
    let file: ImportFile
    let locale: Locale

    /// Faults that are shown.
    private static let shownFaults: Int64 = 20
    private static let pollInterval = Duration.milliseconds(300)
    /// Tells the files that are uploaded to be imported from those that somebody keeps there.
    private static let mediaType = "text/csv; header=present"

    private var transfer: Transfer { Transfer(connection: self.connection, locale: self.locale) }

    /// Uploads what is missing of the file, has the host check it, and gives where the import stands then.
    func upload(restart: Bool, again: Bool) async throws -> JSONValue {
        let survey = try self.file.survey()
        let uploaded = try await FileUpload(
            transfer: self.transfer, path: self.file.path, name: self.file.name, mediaType: Self.mediaType
        ).run()
        let file = uploaded["fileId"] ?? .null
        var begun = try await self.begin(file, again: again)
        if restart, begun["resumed"]?.boolValue == true {
            try await self.call("imports.cancel", ["importId": begun["importId"] ?? .null])
            begun = try await self.begin(file, again: again)
        }
        return try await self.check(begun["importId"] ?? .null, lines: survey.lines)
    }

    private func begin(_ file: JSONValue, again: Bool) async throws -> JSONValue {
        var params: [String: JSONValue] = ["kind": .string(self.kind), "fileId": file]
        if again { params["again"] = true }
        do {
            return try await self.call("imports.begin", params)
        } catch let refusal as Refusal where refusal.reason == "host.importDone" {
            try await self.delete(file)
            throw refusal
        }
    }

    /// Waits until the host has read and checked the file.
    private func check(_ id: JSONValue, lines: Int) async throws -> JSONValue {
        var state = try await self.call("imports.get", ["importId": id])
        let first = Int(state["lines"]?.integerValue ?? 0)
        var bar = ProgressBar(
            ImportTexts.checking[self.locale], total: lines, from: first, locale: self.locale)
        while state["state"]?.stringValue == "open" {
            bar.update(Int(state["lines"]?.integerValue ?? 0))
            try await Task.sleep(for: Self.pollInterval)
            state = try await self.call("imports.get", ["importId": id])
        }
        bar.finish(Int(state["lines"]?.integerValue ?? 0))
        return state
    }

    /// Deletes the file that was imported: its lines stand in the records now.
    func deleteFile(of state: JSONValue) async throws {
        if let file = state["fileId"], file != .null { try await self.delete(file) }
    }

    private func delete(_ file: JSONValue) async throws {
        do {
            try await self.call("files.delete", ["fileId": file])
        } catch let refusal as Refusal where ["host.fileReferenced", "host.notFound"].contains(refusal.reason) {
            // Another import reads it, or it went meanwhile.
            return
        }
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

    /// The line of the last fault: where the host gave the file up.
    func lastFaultLine(_ state: JSONValue) async throws -> String {
        var params: [String: JSONValue] = ["importId": state["importId"] ?? .null, "limit": 500]
        while true {
            let page = try await self.call("imports.faults", params)
            guard let next = page["next"], next != .null else {
                return page["faults"]?.arrayValue?.last?["line"]?.integerValue.map { String($0) } ?? "0"
            }
            params["after"] = next
        }
    }

    @discardableResult
    private func call(_ method: String, _ params: [String: JSONValue]) async throws -> JSONValue {
        try await self.transfer.call(method, params)
    }
}
