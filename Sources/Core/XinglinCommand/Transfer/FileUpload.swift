internal import XinglinCrypto
internal import XinglinKit

/// Uploads a file of this machine; interrupted, it goes on where it stopped.
struct FileUpload {
    let transfer: Transfer
    let path: String
    let name: String
    let mediaType: String

    /// How often `files.finish` is called while it runs out of time: it goes on each time.
    private static let finishes = 20

    /// Gives the finished file.
    func run() async throws -> JSONValue {
        let file = try LocalFile.reading(self.path)
        let bytes = try file.bytes
        let begun = try await self.transfer.call(
            "files.begin",
            [
                "name": .string(self.name), "mediaType": .string(self.mediaType), "bytes": .integer(bytes),
                "sm3": .string(try file.digest(of: bytes)),
            ])
        let id = begun["fileId"] ?? .null
        guard begun["state"]?.stringValue == "open" else {
            return try await self.transfer.call("files.get", ["fileId": id])
        }
        try await self.send(file, id, from: begun["received"]?.integerValue ?? 0, bytes)
        return try await self.finish(id)
    }

    private func send(_ file: LocalFile, _ id: JSONValue, from start: Int64, _ bytes: Int64) async throws {
        let locale = self.transfer.locale
        if start > 0 { Console.error(TransferTexts.resumed(start)[locale]) }
        var offset = start
        var bar = ProgressBar(TransferTexts.uploading[locale], total: Int(bytes), from: Int(offset), locale: locale)
        while offset < bytes {
            bar.update(Int(offset))
            let piece = try file.read(at: offset, most: Transfer.pieceBytes)
            guard !piece.isEmpty else { throw self.changed }
            let reply = try await self.transfer.call(
                "files.append",
                ["fileId": id, "offset": .integer(offset), "base64": .string(Base64.encode(piece))])
            let received = reply["received"]?.integerValue ?? 0
            guard received > offset else { throw self.changed }
            offset = received
        }
        bar.finish(Int(offset))
    }

    private func finish(_ id: JSONValue) async throws -> JSONValue {
        for _ in 1..<Self.finishes {
            do {
                return try await self.transfer.call("files.finish", ["fileId": id])
            } catch let refusal as Refusal where refusal.reason == "host.deadline" {
                continue
            } catch let refusal as Refusal where refusal.reason == "host.fileMismatch" {
                // What is there is of no use to anybody.
                try await self.transfer.call("files.delete", ["fileId": id])
                throw self.changed
            }
        }
        return try await self.transfer.call("files.finish", ["fileId": id])
    }

    private var changed: Failure {
        Failure(
            words(
                zh: "\(self.path) 在上传期间被更改 — 请重新上传", en: "\(self.path) was changed meanwhile — upload it again"))
    }
}

/// What transfers say.
enum TransferTexts {
    static let uploading = LocalizedText(zh: "上传", en: "uploading")
    static let downloading = LocalizedText(zh: "下载", en: "downloading")

    static func resumed(_ offset: Int64) -> LocalizedText {
        .init(
            zh: "继续上次中断的传输，从第 \(offset) 字节开始",
            en: "going on with the transfer that was interrupted, at byte \(offset)")
    }
}
