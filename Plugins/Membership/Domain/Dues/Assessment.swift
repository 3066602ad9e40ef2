internal import XinglinKit

/// What dues are reckoned from for a month, as the record has it.
struct DuesBase: Equatable, Sendable {
    let version: Int
    let category: DuesCategory
    let baseFen: Int64?
    let fixedFen: Int64?
}

/// A reduction or waiver that holds for a month.
struct DuesExemption: Equatable, Sendable {
    let id: RecordID
    /// What is still to be paid; nil of a waiver.
    let reducedFen: Int64?

    /// What of an amount is waived.
    func waived(of dueFen: Int64) -> Int64 {
        dueFen - min(self.reducedFen ?? 0, dueFen)
    }
}

/// A member's line of a month: what is owed, of which so much is waived. Due = paid + waived + arrears.
struct Assessment: Equatable, Sendable {
    let organization: RecordID
    let category: DuesCategory
    let baseFen: Int64?
    let baseVersion: Int
    let rateBasisPoints: Int64?
    let unroundedFen: Int64
    let dueFen: Int64
    let waivedFen: Int64
    let exemption: RecordID?
    let ruleVersion: String
    var isVoid = false

    /// The line of a member of a branch.
    /// - Throws: why nothing can be reckoned from the base.
    static func reckon(
        in organization: RecordID, _ base: DuesBase, _ exemption: DuesExemption?, by scale: DuesScale, roundingFen: Int64,
        ruleVersion: String
    ) throws(DuesScale.Problem) -> Assessment {
        let quote = try scale.quote(
            base.category, baseFen: base.baseFen, fixedFen: base.fixedFen, roundingFen: roundingFen)
        return Assessment(
            organization: organization, category: base.category, baseFen: base.baseFen, baseVersion: base.version,
            rateBasisPoints: quote.rateBasisPoints, unroundedFen: quote.unroundedFen, dueFen: quote.dueFen,
            waivedFen: exemption?.waived(of: quote.dueFen) ?? 0, exemption: exemption?.id, ruleVersion: ruleVersion)
    }

    /// The same line of somebody who did not belong there.
    func voided() -> Assessment {
        Assessment(
            organization: self.organization, category: self.category, baseFen: self.baseFen, baseVersion: self.baseVersion,
            rateBasisPoints: nil, unroundedFen: 0, dueFen: 0, waivedFen: 0, exemption: nil, ruleVersion: self.ruleVersion,
            isVoid: true)
    }
}

/// Why a member who owes has no line in the branch's month.
enum Unassessed: String, CaseIterable, Codable, Sendable {
    /// No base is recorded for the month (`membership.dues.setBase`).
    case noBase
    /// The dues table does not allow what is recorded.
    case baseUnfit
    /// Another branch has closed the month with the member.
    case assessedElsewhere

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .noBase: "未登记党费基数"
        case .baseUnfit: "登记的基数或定额不符合党费标准"
        case .assessedElsewhere: "当月已在其他支部核定"
        }
    }
}
