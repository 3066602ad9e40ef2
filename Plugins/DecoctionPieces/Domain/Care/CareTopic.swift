internal import XinglinKit

/// What recalls, care and the climate of stores say has happened. Bodies name no patient.
enum CareTopic {
    struct LotRecalled: Codable, Sendable {
        let lotId: RecordID
        let recallId: RecordID
        let pieceCode: String
        let onHandMg: Int64
    }
    struct LotRecalledBySupplier: Codable, Sendable {
        let lotId: RecordID
        let recallId: RecordID
        let pieceCode: String
    }
    struct LotWithheld: Codable, Sendable {
        let lotId: RecordID
        let inspectionId: RecordID
    }
    struct LotReleased: Codable, Sendable {
        let lotId: RecordID
    }
    struct ClimateOutside: Codable, Sendable {
        let readingId: RecordID
        let locationId: RecordID
        let climate: StoreClimate
        let celsiusTenths: Int
        let humidityTenths: Int
    }

    private static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .integrator])
    private static let lot = Schema.Field.required("lotId", .id, "The lot; the event's subject.")

    static let lotRecalled = EventTopic(
        "decoction.lot.recalled", .init(zh: "批次已召回，停止发出", en: "A lot was recalled: nothing of it is issued any more"),
        access: Self.access,
        body: .object(
            Self.lot, .required("recallId", .id, "The recall; lots of one batch share it."),
            .required("pieceCode", .code(1...20), "The piece."),
            .required("onHandMg", .integer(0...Int64.max), "What is left of the lot, in milligrams.")),
        example: LotRecalled(
            lotId: Sample.lot, recallId: Sample.document, pieceCode: "XLYP0001", onHandMg: 4_880_000))
    static let lotRecalledBySupplier = EventTopic(
        "decoction.lot.recalledBySupplier",
        .init(
            zh: "供货的共享中药房已召回该批次，停止发出", en: "The site that a lot came from recalled it: nothing of it is issued any more"
        ),
        access: Self.access,
        body: .object(
            Self.lot, .required("recallId", .id, "The recall, also where it was made."),
            .required("pieceCode", .code(1...20), "The piece.")),
        example: LotRecalledBySupplier(lotId: Sample.arrivedLot, recallId: Sample.document, pieceCode: "XLYP0001"))
    static let lotWithheld = EventTopic(
        "decoction.lot.withheld", .init(zh: "养护检查不合格，批次已封存", en: "An inspection condemned a lot: it is withheld"),
        access: Self.access, body: .object(Self.lot, .required("inspectionId", .id, "The inspection.")),
        example: LotWithheld(lotId: Sample.lot, inspectionId: Sample.document))
    static let lotReleased = EventTopic(
        "decoction.lot.released", .init(zh: "封存的批次已解除封存", en: "A withheld lot was taken into use again"),
        access: Self.access, body: .object(Self.lot), example: LotReleased(lotId: Sample.lot))
    static let climateOutside = EventTopic(
        "decoction.climate.outside", .init(zh: "温湿度超出限度", en: "Temperature or humidity was outside its limits"),
        access: Self.access,
        body: .object(
            .required("readingId", .id, "The reading; the event's subject."),
            .required("locationId", .id, "The place; the main store has the site's own id."),
            .required("climate", .enumeration(StoreClimate.codes), "What it is kept at."),
            .required("celsiusTenths", .integer(-600...1000), "Tenths of a degree Celsius."),
            .required("humidityTenths", .integer(0...1000), "Tenths of a percent of relative humidity.")),
        example: ClimateOutside(
            readingId: Sample.document, locationId: Sample.location, climate: .cool, celsiusTenths: 235,
            humidityTenths: 810))

    static let all = [lotRecalled, lotRecalledBySupplier, lotWithheld, lotReleased, climateOutside]
}
