public import XinglinKit

/// Something that is not as it was sealed, and where.
public struct AuditFinding: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The row's content does not give the digest that was sealed.
        case alteredRow
        /// The row stands at another site than the chain in which it was sealed.
        case movedRow
        /// The link is there and its row is not.
        case removedRow
        /// The row has no link although everything around it was sealed.
        case unlinkedRow
        /// The link does not follow from the one before it.
        case alteredLink
        /// Numbers of the chain are missing.
        case missingLinks
        /// The chain ends before the place at which a checkpoint saw it.
        case cutTail
        /// The last sealed row is gone.
        case cutEnd
        /// The watermark is gone.
        case missingWatermark
        /// The watermark stands far behind what was sealed.
        case loweredWatermark
        /// There is not one row, although the host has sites, accounts or events, whose making leaves rows.
        case emptyAudit
        /// A checkpoint saw another link at this place.
        case rewrittenChain
        /// A checkpoint's signature or form is wrong.
        case forgedCheckpoint
        /// A checkpoint does not follow the one before it.
        case brokenCheckpoints
        /// Checkpoints are missing.
        case missingCheckpoints
        /// The database holds another checkpoint of this number than the exported one.
        case otherCheckpoint
        /// A checkpoint was signed with a key that is not among those to be trusted.
        case unknownKey
        /// An exported checkpoint is of another database.
        case foreignCheckpoint
    }

    public let kind: Kind
    /// The site's code; nil where none is concerned, empty for the host's own chain.
    public var site: String?
    /// The number in the chain, or the first of several.
    public var number: Int64?
    /// The last of several numbers.
    public var last: Int64?
    public var seq: Int64?
    /// When the row was written, or where that is lost, sealed.
    public var at: Timestamp?
    /// The checkpoint that tells, or that is concerned.
    public var checkpoint: Int64?

    init(
        _ kind: Kind, site: String? = nil, number: Int64? = nil, last: Int64? = nil, seq: Int64? = nil,
        at: Timestamp? = nil, checkpoint: Int64? = nil
    ) {
        self.kind = kind
        self.site = site
        self.number = number
        self.last = last
        self.seq = seq
        self.at = at
        self.checkpoint = checkpoint
    }
}

extension AuditFinding {
    /// One line: what, and where.
    public var text: LocalizedText {
        let place = self.place
        return LocalizedText(
            zh: place.zh.isEmpty ? self.what.zh : "\(self.what.zh)：\(place.zh)",
            en: place.en.isEmpty ? self.what.en : "\(self.what.en): \(place.en)")
    }

    private var what: LocalizedText {
        switch self.kind {
        case .alteredRow: .init(zh: "记录被改动", en: "altered row")
        case .movedRow: .init(zh: "记录被移到其他机构", en: "row moved to another site")
        case .removedRow: .init(zh: "记录被删除", en: "removed row")
        case .unlinkedRow:
            .init(zh: "记录不在链上（被插入，或其链节被删除）", en: "row without a link (inserted, or its link was removed)")
        case .alteredLink: .init(zh: "链节被改动", en: "altered link")
        case .missingLinks: .init(zh: "链节缺失", en: "missing links")
        case .cutTail: .init(zh: "链尾被截断", en: "cut tail")
        case .cutEnd: .init(zh: "最后封存的记录不见了", en: "the last sealed row is gone")
        case .missingWatermark: .init(zh: "封存进度（水位）不见了", en: "the watermark of sealing is gone")
        case .loweredWatermark: .init(zh: "封存进度（水位）被退回", en: "the watermark of sealing was set back")
        case .emptyAudit:
            .init(
                zh: "主机已有机构、账号或事件，审计却是空的",
                en: "the audit is empty although the host has sites, accounts or events")
        case .rewrittenChain: .init(zh: "链与检查点不符（链被重写）", en: "the chain is not the one that a checkpoint saw")
        case .forgedCheckpoint: .init(zh: "检查点的签名或格式不对", en: "a checkpoint's signature or form is wrong")
        case .brokenCheckpoints:
            .init(zh: "检查点与前一个不衔接", en: "a checkpoint does not follow the one before it")
        case .missingCheckpoints: .init(zh: "检查点缺失", en: "missing checkpoints")
        case .otherCheckpoint:
            .init(zh: "数据库中的检查点与导出的不同", en: "the database holds another checkpoint than the exported one")
        case .unknownKey: .init(zh: "检查点由不受信任的密钥签名", en: "a checkpoint was signed with a key that is not trusted")
        case .foreignCheckpoint:
            .init(zh: "导出的检查点属于另一个数据库", en: "the exported checkpoint is of another database")
        }
    }

    private var place: LocalizedText {
        var zh: [String] = []
        var en: [String] = []
        if let site = self.site {
            zh.append(site.isEmpty ? "主机自身的链" : "机构 \(site)")
            en.append(site.isEmpty ? "the host's own chain" : "site \(site)")
        }
        if let number = self.number {
            let isRange = self.last.map { $0 > number } ?? false
            zh.append(isRange ? "第 \(number)–\(self.last ?? number) 号" : "第 \(number) 号")
            en.append(isRange ? "numbers \(number)–\(self.last ?? number)" : "number \(number)")
        }
        if let seq = self.seq {
            zh.append("seq \(seq)")
            en.append("seq \(seq)")
        }
        if let at = self.at {
            zh.append("\(at)")
            en.append("\(at)")
        }
        if let checkpoint = self.checkpoint {
            zh.append("检查点 \(checkpoint)")
            en.append("checkpoint \(checkpoint)")
        }
        return LocalizedText(zh: zh.joined(separator: "，"), en: en.joined(separator: ", "))
    }
}
