internal import XinglinCrypto
internal import XinglinKit

/// Downloads a file beside its place, checks its SM3, and only then puts it there. Interrupted, it goes on where it stopped.
struct FileDownload {
    let transfer: Transfer
    let id: String
    let target: String

    /// Gives what is known of the file.
    func run() async throws -> JSONValue {
        let info = try await self.transfer.call("files.get", ["fileId": .string(self.id)])
        let bytes = info["bytes"]?.integerValue ?? 0
        let part = "\(self.target).\(self.id).part"
        let file = try LocalFile.writing(part)
        var offset = min(try file.bytes, bytes)
        let locale = self.transfer.locale
        if offset > 0 { Console.error(TransferTexts.resumed(offset)[locale]) }
        var bar = ProgressBar(TransferTexts.downloading[locale], total: Int(bytes), from: Int(offset), locale: locale)
        while offset < bytes {
            bar.update(Int(offset))
            let reply = try await self.transfer.call(
                "files.read",
                [
                    "fileId": .string(self.id), "offset": .integer(offset),
                    "length": .integer(Int64(Transfer.pieceBytes)),
                ])
            guard let piece = reply["base64"]?.stringValue.flatMap({ Base64.decode($0) }), !piece.isEmpty else {
                throw Failure(
                    words(
                        zh: "主机在第 \(offset) 字节处没有给出内容 — 请再次运行",
                        en: "the host gave nothing at byte \(offset) — run it again"))
            }
            try file.write(piece, at: offset)
            offset += Int64(piece.count)
        }
        bar.finish(Int(offset))
        try file.end(at: bytes)
        guard try file.digest(of: bytes) == info["sm3"]?.stringValue else {
            try Files.remove(part)
            throw Failure(
                words(
                    zh: "下载的内容与 SM3 不符，已删除 — 请再次运行",
                    en: "what came has another SM3 and was deleted — run it again"))
        }
        try Files.move(part, to: self.target)
        return info
    }
}
