internal import XinglinKit

/// What dues come to for a month.
struct DuesQuote: Equatable, Sendable {
    /// Hundredths of a percent of the whole base; nil of a fixed amount, and where there is no base.
    let rateBasisPoints: Int64?
    /// The whole fen of base times rate. What is left of a fen is dropped here; the rounding counts it.
    let unroundedFen: Int64
    /// Rounded half-up.
    let dueFen: Int64
}

/// The dues table: what a base, or a fixed amount, comes to (rule DUES). Arithmetic of whole numbers alone.
struct DuesScale: Sendable {
    let bands: [DuesBand]

    /// Why nothing can be reckoned.
    enum Problem: Error, Equatable, Sendable {
        /// The category is reckoned from a base, and there is none.
        case baseMissing
        /// The branch has to set an amount from the one to the other.
        case amountMissing(least: Int64, greatest: Int64)
        case amountOutOfRange(least: Int64, greatest: Int64)
        /// The category is reckoned from the base alone.
        case amountUnwanted
        /// The table has no band for it.
        case noBand
    }

    /// The greatest base that is reckoned with: a hundred million yuan.
    static let greatestBase: Int64 = 10_000_000_000

    /// What a month's dues come to.
    /// - Parameters:
    ///   - baseFen: the month's base; categories of a fixed amount leave it aside.
    ///   - fixedFen: the amount that the branch has set within the range.
    ///   - roundingFen: the step to which the amount is rounded half-up (DUES roundingFen).
    func quote(
        _ category: DuesCategory, baseFen: Int64?, fixedFen: Int64?, roundingFen: Int64
    ) throws(Problem) -> DuesQuote {
        let bands = self.bands.filter { $0.category == category }
        guard let first = bands.first else { throw .noBand }
        guard first.mode == .wholeAmount else { return try Self.fixed(first, fixedFen) }
        guard fixedFen == nil else { throw .amountUnwanted }
        guard let baseFen else { throw .baseMissing }
        guard baseFen > 0 else { return DuesQuote(rateBasisPoints: nil, unroundedFen: 0, dueFen: 0) }
        // The base lies above the band's lower end: 3000.00 yuan still pays the lower rate, on the whole amount.
        let band = bands.first { $0.aboveFen ?? 0 < baseFen && $0.throughFen.map { baseFen <= $0 } ?? true }
        guard let band, let rate = band.rateBasisPoints, baseFen <= Self.greatestBase else { throw .noBand }
        let exact = baseFen * rate
        return DuesQuote(
            rateBasisPoints: rate, unroundedFen: exact / Self.whole,
            dueFen: Self.rounded(exact, to: band.isRounded ? roundingFen : 1))
    }

    private static let whole: Int64 = 10_000

    /// Ten-thousandths of a fen, rounded half-up to a number of whole fen: from the exact product, so that nothing is rounded twice.
    static func rounded(_ exact: Int64, to step: Int64) -> Int64 {
        let unit = step * Self.whole
        return (exact + unit / 2) / unit * step
    }

    private static func fixed(_ band: DuesBand, _ fixedFen: Int64?) throws(Problem) -> DuesQuote {
        let least = band.leastFen ?? 0
        let amount: Int64
        switch band.mode {
        case .waiver: amount = fixedFen ?? 0
        case .fixed:
            amount = fixedFen ?? least
            guard amount == least else { throw .amountOutOfRange(least: least, greatest: least) }
        case .fixedRange, .wholeAmount:
            let greatest = band.greatestFen ?? least
            guard let fixedFen else { throw .amountMissing(least: least, greatest: greatest) }
            guard least <= fixedFen, fixedFen <= greatest else {
                throw .amountOutOfRange(least: least, greatest: greatest)
            }
            amount = fixedFen
        }
        return DuesQuote(rateBasisPoints: nil, unroundedFen: amount, dueFen: amount)
    }
}

extension DuesScale.Problem {
    /// The refusal of parameters that nothing can be reckoned from.
    var fault: Fault {
        switch self {
        case .baseMissing: Fault.invalid("/baseFen", expected: "the base of this category (DUES)", zh: "该类别的计费基数（DUES）")
        case .amountMissing(let least, let greatest), .amountOutOfRange(let least, let greatest):
            least == greatest
                ? Fault.invalid(
                    "/fixedFen", expected: "\(least) fen, which is fixed for the category (DUES)",
                    zh: "该类别固定为 \(least) 分（DUES）")
                : Fault.invalid(
                    "/fixedFen", expected: "\(least) to \(greatest) fen, as the branch has set it (DUES)",
                    zh: "支部核定的金额，\(least) 至 \(greatest) 分（DUES）")
        case .amountUnwanted:
            Fault.invalid(
                "/fixedFen", expected: "nothing: the rate applies to the base (DUES)", zh: "不填：按基数与比例计算（DUES）")
        case .noBand: Fault.invalid("/baseFen", expected: "a base that the dues table has a band for", zh: "党费标准表内的基数")
        }
    }
}
