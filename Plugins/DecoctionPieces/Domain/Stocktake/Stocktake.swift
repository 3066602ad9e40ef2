internal import XinglinKit

/// Which of the lots at a place are counted.
enum StocktakeScope: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case all
    /// The 28 kinds: each day (8.2).
    case toxic
    /// 贵细: each week (8.2).
    case precious

    var labelZh: String {
        switch self {
        case .all: "全部饮片"
        case .toxic: "毒性饮片"
        case .precious: "贵细饮片"
        }
    }

    static var codes: [String] { Self.allCases.map(\.rawValue) }
    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// Where a stocktake stands.
enum StocktakeState: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case counting
    /// Everything is counted, and something differs.
    case awaitingApproval
    case approved
    case cancelled
    /// It was approved, and its differences were taken back: it counts as none.
    case reversed

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// Where a lot of a stocktake stands.
enum CountStatus: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// Nobody has counted it, or its counts were sent back.
    case open
    /// Another person counts it once more.
    case recount
    case counted

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// One count of a lot.
struct LotCount: Equatable {
    /// What the ledger said when it was counted: what is moved later does not change the difference.
    let bookMg: Int64
    let countedMg: Int64
    /// Who counted, two accounts of one person being one.
    let person: RecordID

    var differenceMg: Int64 { self.countedMg - self.bookMg }
}

/// Whether the counts of a lot settle it. A count beyond the tolerance, and every count of pieces that two persons answer for,
/// is made again by another person; it is settled when two of different persons agree within the tolerance.
struct CountJudgement {
    let needsTwoPersons: Bool
    /// Hundredths of a per cent of what the ledger says.
    let toleranceBasisPoints: Int64

    func toleranceMg(_ count: LotCount) -> Int64 { count.bookMg * self.toleranceBasisPoints / 10_000 }

    /// Whether somebody may count now: nobody counts twice in a row what another has to count.
    func mayCount(_ person: RecordID, after counts: [LotCount]) -> Bool {
        self.status(of: counts) != .recount || counts.last?.person != person
    }

    func status(of counts: [LotCount]) -> CountStatus {
        guard let last = counts.last else { return .open }
        if let before = counts.dropLast().last(where: { $0.person != last.person }),
            abs(before.differenceMg - last.differenceMg) <= max(self.toleranceMg(before), self.toleranceMg(last))
        {
            return .counted
        }
        let isWithin = counts.allSatisfy { abs($0.differenceMg) <= self.toleranceMg($0) }
        return !self.needsTwoPersons && isWithin ? .counted : .recount
    }
}

/// What a stocktake lost, of the pieces that share a limit.
struct LossGroup: Codable, Sendable, Equatable {
    let volatile: Bool
    /// Shortages and disposals since the stocktake before, this one's among them.
    let lossFen: Int64
    /// Issued since then, and what is left.
    let baseFen: Int64
    /// Absent where nothing was issued and nothing is left (D0).
    var lossBasisPoints: Int64?
    let limitBasisPoints: Int64

    init(volatile: Bool, lossFen: Int64, baseFen: Int64, limitBasisPoints: Int64) {
        self.volatile = volatile
        self.lossFen = lossFen
        self.baseFen = baseFen
        self.limitBasisPoints = limitBasisPoints
        self.lossBasisPoints = baseFen > 0 ? (lossFen * 10_000 + baseFen / 2) / baseFen : nil
    }

    /// A loss of something that nothing was left of is above every limit.
    var isAboveLimit: Bool {
        self.baseFen > 0 ? self.lossFen * 10_000 > self.baseFen * self.limitBasisPoints : self.lossFen > 0
    }
}
