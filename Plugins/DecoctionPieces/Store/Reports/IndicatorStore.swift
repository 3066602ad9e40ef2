internal import XinglinKit

/// The SQL of the pharmacy's indicators: what they are, what they add up to, and the lines behind that.
enum IndicatorStore {
    /// Puts the lines of the data file in.
    static func ship(_ lines: [IndicatorLine]) -> SQL {
        """
        INSERT INTO decoction.indicator (
            code, name_zh, name_en, numerator_zh, denominator_zh, formula, unit, period_zh, direction, basis, confidence)
        SELECT * FROM unnest(
            \(lines.map(\.code))::text[], \(lines.map(\.nameZh))::text[], \(lines.map(\.nameEn))::text[],
            \(lines.map(\.numeratorZh))::text[], \(lines.map(\.denominatorZh))::text[], \(lines.map(\.formula))::text[],
            \(lines.map(\.unit))::text[], \(lines.map(\.periodZh))::text[], \(lines.map(\.direction))::text[],
            \(lines.map(\.basis))::text[], \(lines.map(\.confidence))::text[])
        """
    }

    /// Takes away what an earlier data file brought.
    static let forget: SQL = "DELETE FROM decoction.indicator"

    static let definitions: SQL = """
        SELECT code, name_zh, name_en, numerator_zh, denominator_zh, formula, unit, period_zh, direction, basis
        FROM decoction.indicator ORDER BY code
        """

    /// What is asked of an indicator.
    struct Question {
        let code: IndicatorCode
        let asked: Asked
        let tolerancePercent: Int64

        /// What is there at the end of the days is `opening` of the day after.
        var bound: Asked { self.code == .kinds ? self.asked.atEnd : self.asked }
    }

    /// Numerator, denominator and what nobody has measured; NULL where no line is.
    static func sums(_ question: Question) -> SQL {
        let asked = question.bound
        let tolerance = question.tolerancePercent
        return switch question.code {
        case .kinds: Self.sums(asked, tolerance, LedgerText.opening, IndicatorText.kinds)
        case .visits: Self.sums(asked, tolerance, IndicatorText.visits)
        case .prescriptions: Self.sums(asked, tolerance, IndicatorText.prescriptions)
        case .weights: Self.sums(asked, tolerance, IndicatorText.weights)
        case .checks: Self.sums(asked, tolerance, IndicatorText.checks)
        case .loss: Self.sums(asked, tolerance, LedgerText.opening, LedgerText.flow, IndicatorText.loss)
        }
    }

    private static func sums(
        _ asked: Asked, _ tolerance: Int64, _ one: StaticString, _ two: StaticString = "none AS (SELECT)",
        _ three: StaticString = "no AS (SELECT)"
    ) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date,
            \(tolerance)::bigint)),
        \(literal: one), \(literal: two), \(literal: three)
        SELECT sum(amount) FILTER (WHERE part = 'numerator')::bigint,
            sum(amount) FILTER (WHERE part = 'denominator')::bigint,
            sum(amount) FILTER (WHERE part = 'unmeasured')::bigint
        FROM line
        """
    }

    /// The lines of one part, each with what it adds.
    static func lines(_ question: Question, part: String, after last: String, limit: Int) -> SQL {
        let asked = question.bound
        let place = Place(tolerance: question.tolerancePercent, part: part, last: last, limit: limit)
        return switch question.code {
        case .kinds: Self.lines(asked, place, LedgerText.opening, IndicatorText.kinds)
        case .visits: Self.lines(asked, place, IndicatorText.visits)
        case .prescriptions: Self.lines(asked, place, IndicatorText.prescriptions)
        case .weights: Self.lines(asked, place, IndicatorText.weights)
        case .checks: Self.lines(asked, place, IndicatorText.checks)
        case .loss: Self.lines(asked, place, LedgerText.opening, LedgerText.flow, IndicatorText.loss)
        }
    }

    private struct Place {
        let tolerance: Int64
        let part: String
        let last: String
        let limit: Int
    }

    private static func lines(
        _ asked: Asked, _ place: Place, _ one: StaticString, _ two: StaticString = "none AS (SELECT)",
        _ three: StaticString = "no AS (SELECT)"
    ) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date,
            \(place.tolerance)::bigint)),
        \(literal: one), \(literal: two), \(literal: three)
        SELECT position, document_id, prescription_id, lot_id, piece_code, on_day, mg, amount FROM line
        WHERE part = \(place.part) AND position COLLATE "C" > \(place.last) ORDER BY position COLLATE "C"
        LIMIT \(place.limit)
        """
    }

    static let lineColumns: [JSONColumn] = [
        .string("position"), .string("documentId"), .string("prescriptionId"), .string("lotId"), .string("pieceCode"),
        .string("on"), .integer("quantityMg"), .integer("amount"),
    ]
}
