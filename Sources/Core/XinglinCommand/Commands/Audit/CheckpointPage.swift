internal import XinglinHost
internal import XinglinKit

/// A checkpoint as a page to print, sign and file: in both languages, whatever the terminal's.
enum CheckpointPage {
    static func lines(_ line: CheckpointLine) -> [String] {
        let checkpoint = line.checkpoint
        let rule = String(repeating: "─", count: 79)
        return [
            "杏林审计检查点  Xinglin audit checkpoint", rule,
            "编号 Number              \(checkpoint.number)", "时间 Time                \(checkpoint.at)",
            "数据库 Database          \(checkpoint.database)", "记录总数 Rows            \(checkpoint.total)", "",
            "上一检查点的摘要 Digest of the checkpoint before it",
        ] + Self.groups(checkpoint.previous) + ["", "各链末端 Heads of the chains（机构 site，编号 number，链节 link）"]
            + checkpoint.heads.flatMap { head in
                ["  \(head.site ?? "（主机 host）")  \(head.number)"] + Self.groups(head.link)
            } + ["", "摘要 Digest (SM3)"] + Self.groups(checkpoint.digest)
            + ["", "签名密钥 Signing key (SM3)"] + Self.groups(checkpoint.key)
            + ["", "签名 Signature (SM2, DER)"] + Self.groups(CheckpointLine.hex(checkpoint.signature))
            + [
                rule, "核对：xinglin audit checkpoints 所列的编号与摘要应与本页相同，且 xinglin audit verify 无不符。",
                "To check: xinglin audit checkpoints lists this number with this digest, and",
                "xinglin audit verify finds nothing.", "",
                "打印人 Printed by ______________    见证人 Witness ______________    日期 Date ____________",
            ]
    }

    /// Hexadecimal digits in groups of four, sixteen groups to a line, as one reads them out to another.
    static func groups(_ digits: String) -> [String] {
        var lines: [String] = []
        var rest = digits[...]
        while !rest.isEmpty {
            var line = rest.prefix(64)
            rest = rest.dropFirst(64)
            var groups: [String] = []
            while !line.isEmpty {
                groups.append(String(line.prefix(4)))
                line = line.dropFirst(4)
            }
            lines.append("    " + groups.joined(separator: " "))
        }
        return lines
    }
}
