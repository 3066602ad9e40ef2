import XinglinCrypto
import XinglinKit
import XinglinTesting

@testable import Membership

/// A spreadsheet of members who do not exist, each with a valid citizen number.
struct RegisterFile {
    /// The fields of a line by their column's code.
    typealias Line = [String: String]

    static let columns = RegisterImport.columns.map(\.code)

    var lines: [Line] = []

    private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
    private static let givens = Array("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平")

    /// So many members of the organisations, one after another; every tenth is probationary on 2026-11-22.
    init(members: Int, of organizations: [String]) {
        for number in 0..<members {
            let born = LocalDate(daysSince1970: -3650 + number * 7 % 9000)
            let isProbationary = number % 10 == 9
            let joined =
                isProbationary
                ? LocalDate(daysSince1970: 20_500 + number % 200) : born.adding(years: 20).adding(days: number % 300)
            var line: Line = [
                "nameZh": Self.name(number), "documentNumber": Self.citizenNumber(number, born: born),
                "organization": organizations[number % organizations.count],
                "status": isProbationary ? "预备党员" : "正式党员", "joinedOn": Self.written(joined, number),
            ]
            if number % 3 == 0 { line["phone"] = "1390000\(1000 + number % 9000)" }
            if number % 4 == 0 { line["sex"] = number % 2 == 0 ? "女" : "男" }
            if !isProbationary, number % 5 == 0 { line["probationEndedOn"] = joined.adding(years: 1).description }
            self.lines.append(line)
        }
    }

    static func name(_ number: Int) -> String {
        let given = Self.givens[number / 20 % 20]
        return "\(Self.surnames[number % 20])\(given)\(Self.givens[number / 400 % 20])"
    }

    /// The ways in which spreadsheets write a day.
    static func written(_ day: LocalDate, _ number: Int) -> String {
        let (year, month, date) = day.civil
        return switch number % 5 {
        case 0: day.description
        case 1: "\(year)/\(month)/\(date)"
        case 2: "\(year).\(month).\(date)"
        case 3: "\(year)年\(month)月\(date)日"
        default: day.description.replacing("-", with: "")
        }
    }

    /// Area and order together are distinct for each number; even numbers are women.
    static func citizenNumber(_ number: Int, born: LocalDate) -> String {
        let order = String(1000 + number / 100 % 400 * 2 + number % 2).dropFirst()
        return Self.complete("\(620_100 + number % 100)\(born.description.replacing("-", with: ""))\(order)")
    }

    static func complete(_ digits: String) -> String {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits.utf8.map { Int($0) - 48 }, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return digits + String(Array("10X98765432")[sum % 11])
    }

    /// The file, as WPS and Excel write *CSV UTF-8*: a byte order mark, Chinese headings, CRLF.
    var csv: [UInt8] { Self.csv(self.lines, RegisterImport.columns) }

    static func csv(_ lines: [Line], _ columns: [ImportColumn]) -> [UInt8] {
        var text = "\u{FEFF}" + columns.map(\.name.zh).joined(separator: ",") + "\r\n"
        for line in lines { text += columns.map { line[$0.code] ?? "" }.joined(separator: ",") + "\r\n" }
        return Array(text.utf8)
    }
}

/// Imports and exports of the tests, through the host's methods.
enum Sheets {
    struct Fault: Hashable, Comparable, CustomStringConvertible {
        let line: Int
        let field: String
        var description: String { "\(self.line)/\(self.field)" }
        static func < (left: Fault, right: Fault) -> Bool {
            (left.line, left.field) < (right.line, right.field)
        }
    }

    /// Waits for the end of what goes on beside the calls.
    static func ended(
        _ client: TestClient, _ method: String, _ params: JSONValue, while state: JSONValue
    ) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < end {
            let reply = try await client.call(method, params)
            if reply["state"] != state { return reply }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HostFault.deadline.fault()
    }

    /// Uploads a file and has it checked.
    static func check(_ kind: String, _ bytes: [UInt8], _ client: TestClient) async throws -> JSONValue {
        let begun = try await client.call(
            "files.begin",
            [
                "name": "register.csv", "mediaType": "text/csv", "bytes": .integer(Int64(bytes.count)),
                "sm3": .string(try SM3.hex(bytes)),
            ])
        let file = begun["fileId"] ?? .null
        for start in stride(from: 0, to: bytes.count, by: 262_144) where begun["state"] != "finished" {
            let part = Array(bytes[start..<min(start + 262_144, bytes.count)])
            try await client.call(
                "files.append",
                ["fileId": file, "offset": .integer(Int64(start)), "base64": .string(Base64.encode(part))])
        }
        try await client.call("files.finish", ["fileId": file])
        let id = try await client.call("imports.begin", ["kind": .string(kind), "fileId": file, "again": true])
        return try await Self.ended(client, "imports.get", ["importId": id["importId"] ?? .null], while: "open")
    }

    static func apply(
        _ checked: JSONValue, _ client: TestClient, mode: JSONValue = "allOrNothing"
    ) async throws -> JSONValue {
        let id: JSONValue = ["importId": checked["importId"] ?? .null]
        try await client.call("imports.apply", ["importId": checked["importId"] ?? .null, "mode": mode])
        return try await Self.ended(client, "imports.get", id, while: "applying")
    }

    /// Every fault of an import, page by page.
    static func faults(_ checked: JSONValue, _ client: TestClient) async throws -> [(place: Fault, text: String)] {
        var found: [(Fault, String)] = []
        var after: JSONValue?
        repeat {
            var params: [String: JSONValue] = ["importId": checked["importId"] ?? .null, "limit": 500]
            params["after"] = after
            let reply = try await client.call("imports.faults", .object(params))
            for fault in reply["faults"]?.arrayValue ?? [] {
                let place = Fault(
                    line: Int(fault["line"]?.integerValue ?? 0), field: fault["field"]?.stringValue ?? "")
                found.append((place, (fault["textZh"] ?? fault["text"])?.stringValue ?? ""))
            }
            after = reply["next"]
        } while after != nil && after != .null
        return found
    }

    /// Exports a kind and gives the lines of its file by the names of their columns.
    static func export(_ kind: String, _ params: JSONValue, _ client: TestClient) async throws -> [UInt8] {
        let begun = try await client.call("exports.begin", ["kind": .string(kind), "params": params])
        let done = try await Self.ended(
            client, "exports.get", ["exportId": begun["exportId"] ?? .null], while: "running")
        guard done["state"] == "done" else { throw HostFault.internal.fault(["export": done]) }
        var bytes: [UInt8] = []
        while true {
            let reply = try await client.call(
                "files.read",
                ["fileId": done["fileId"] ?? .null, "offset": .integer(Int64(bytes.count)), "length": 524_288])
            let part = reply["base64"]?.stringValue.flatMap { Base64.decode($0) } ?? []
            if part.isEmpty { return bytes }
            bytes += part
        }
    }
}
