internal import XinglinKit

/// What may have changed between an approval, or a weighing, and the dispensing: scales that have failed since (8.4), and pieces
/// that the catalogue has withdrawn.
enum DispensingGuard {
    /// The weighings of a review that count no longer, of the latest of each piece of each dose: dose, piece, scale. Either the scale
    /// is not in force on the day, or it has failed a calibration since that is not older than the one it was trusted for.
    static func distrusted(_ prescription: RecordID, review: Int, on day: LocalDate, site: RecordID) -> SQL {
        """
        SELECT dose, piece_code, scale_id FROM (
            SELECT DISTINCT ON (dose, piece_code) dose, piece_code, scale_id, at FROM decoction.weighing
            WHERE site_id = \(site) AND prescription_id = \(prescription) AND review_no = \(review)
            ORDER BY dose, piece_code, seq DESC
        ) AS latest
        WHERE NOT coalesce((
                SELECT has_passed AND valid_until >= \(day) FROM decoction.calibration
                WHERE site_id = \(site) AND calibration.scale_id = latest.scale_id AND calibrated_on <= \(day)
                ORDER BY calibrated_on DESC, seq DESC LIMIT 1), false)
            OR EXISTS (
                SELECT FROM decoction.calibration AS failed
                WHERE failed.site_id = \(site) AND failed.scale_id = latest.scale_id AND NOT failed.has_passed
                    AND failed.at >= latest.at AND failed.calibrated_on >= coalesce((
                        SELECT max(calibrated_on) FROM decoction.calibration AS passed
                        WHERE passed.site_id = \(site) AND passed.scale_id = latest.scale_id AND passed.has_passed
                            AND passed.at <= latest.at), '-infinity'))
        ORDER BY dose, piece_code
        """
    }

    /// The pieces of a prescription that the catalogue has withdrawn.
    static func withdrawn(_ prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT DISTINCT piece_code FROM decoction.prescription_line JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND withdrawn_on IS NOT NULL ORDER BY piece_code
        """
    }

    /// - Parameter given: where the call brings weighings of its own, which are judged by themselves.
    /// - Throws: `decoction.pieceOutOfUse`, `decoction.weighingsVoid`.
    static func check(
        _ prescription: RecordID, review: Int, given: Set<Weighing.Place>, rules: RuleBook, _ call: Call
    ) throws {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(Self.withdrawn(prescription, site: site)),
            Statement(Self.distrusted(prescription, review: review, on: call.today, site: site)),
        ])
        let withdrawn = try results[0].decode(as: String.self)
        guard withdrawn.isEmpty else {
            throw CatalogueFault.pieceOutOfUse.fault(.array(withdrawn.map { ["pieceCode": .string($0)] }))
        }
        guard try rules.number(.calibratedScalesOnly) > 0 else { return }
        let void = try results[1].decode(as: (Int, String, RecordID).self)
            .filter { !given.contains(Weighing.Place(dose: $0.0, pieceCode: $0.1)) }
        guard void.isEmpty else {
            throw GuardFault.weighingsVoid.fault(
                .array(
                    void.map {
                        [
                            "dose": .integer(Int64($0.0)), "pieceCode": .string($0.1),
                            "scaleId": .string($0.2.description),
                        ]
                    }))
        }
    }
}
