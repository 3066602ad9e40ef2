internal import XinglinKit

/// The SQL of scales and their calibrations (8.4).
enum ScaleStore {
    /// No row where the code is taken.
    static func create(_ id: RecordID, code: String, nameZh: String, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.scale (site_id, scale_id, code, name_zh, created_at, created_by)
        VALUES (\(act.site), \(id), \(code), \(nameZh), \(act.now), \(act.account))
        ON CONFLICT (site_id, code) DO NOTHING
        """
    }

    static func find(code: String, site: RecordID) -> SQL {
        "SELECT scale_id FROM decoction.scale WHERE site_id = \(site) AND code = \(code)"
    }

    /// A calibration on its way in.
    struct Calibration {
        let scale: RecordID
        let calibratedOn: LocalDate
        let validUntil: LocalDate
        let hasPassed: Bool
        let certificateNumber: String
    }

    /// No row where the site has no such scale.
    static func calibrate(_ new: Calibration, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.calibration (
            site_id, scale_id, calibrated_on, valid_until, has_passed, certificate_number, at, account_id)
        SELECT site_id, scale_id, \(new.calibratedOn)::date, \(new.validUntil)::date, \(new.hasPassed)::boolean,
            \(new.certificateNumber)::text, \(act.now)::timestamptz, \(act.account)::uuid
        FROM decoction.scale WHERE site_id = \(act.site) AND scale_id = \(new.scale)
        """
    }

    /// Which of the scales the site has, and whether the latest calibration of each is in force on a day.
    static func usable(_ ids: [RecordID], on day: LocalDate, site: RecordID) -> SQL {
        """
        SELECT scale_id, coalesce((
            SELECT has_passed AND valid_until >= \(day) FROM decoction.calibration
            WHERE calibration.site_id = scale.site_id AND calibration.scale_id = scale.scale_id
                AND calibrated_on <= \(day)
            ORDER BY calibrated_on DESC, seq DESC LIMIT 1), false)
        FROM decoction.scale WHERE site_id = \(site) AND scale_id = ANY (\(ids)::uuid[])
        """
    }

    /// The scales of a site by code, each with its latest calibration and whether it may be used on a day.
    static func list(site: RecordID, on day: LocalDate, after code: String, limit: Int) -> SQL {
        """
        SELECT code, scale_id, name_zh, latest.calibrated_on, latest.valid_until, latest.has_passed,
            latest.certificate_number, coalesce(latest.has_passed AND latest.valid_until >= \(day), false)
        FROM decoction.scale LEFT JOIN LATERAL (
            SELECT calibrated_on, valid_until, has_passed, certificate_number FROM decoction.calibration
            WHERE calibration.site_id = scale.site_id AND calibration.scale_id = scale.scale_id
                AND calibrated_on <= \(day)
            ORDER BY calibrated_on DESC, seq DESC LIMIT 1
        ) AS latest ON true
        WHERE scale.site_id = \(site) AND code > \(code) ORDER BY code LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("code"), .string("scaleId"), .string("nameZh"), .string("calibratedOn"), .string("validUntil"),
        .boolean("passed"), .string("certificateNumber"), .boolean("usable"),
    ]
}
