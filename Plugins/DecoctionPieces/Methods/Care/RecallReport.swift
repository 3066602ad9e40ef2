internal import XinglinKit

/// A recall with all who got of it: the reply of `decoction.lot.recall` and `decoction.recall.get`.
struct RecallReport: Codable, Sendable {
    let recallId: RecordID
    let lotIds: [RecordID]
    let reason: String
    let at: Timestamp
    let accountId: RecordID
    let patients: [Patient]
    var next: String?
    let otherIssuedMg: Int64
    let onHandMg: Int64
    var elsewhere: [Lot] = []
    let reopened: [Reopened]

    struct Patient: Codable, Sendable {
        var patientId: RecordID
        let prescriptionId: RecordID
        let quantityMg: Int64
        var fromSite: String?
        var givenUp: GivenUp?
    }

    /// A lot of another site.
    struct Lot: Codable, Sendable {
        let siteCode: String
        let lotId: RecordID
        let quantityMg: Int64
    }

    /// A prescription for which something of the lots was kept back.
    struct Reopened: Codable, Sendable {
        let prescriptionId: RecordID
        let patientId: RecordID
        let quantityMg: Int64
    }

    static let schema = Schema.object(
        .required("recallId", .id, "The recall."),
        .required("lotIds", .array(.id, 1...10_000), "The lots that were recalled by it."),
        .required("reason", .text(1...200), "Why."),
        .required("at", .timestamp, "When."),
        .required("accountId", .id, "By whom."),
        .required(
            "patients",
            .array(
                .object(
                    .required("patientId", .id, "Who got it; of merged records the one that is kept."),
                    .required("prescriptionId", .id, "By which prescription."),
                    .required(
                        "quantityMg", .integer(1...10_000_000_000), "How much, in milligrams, net of what was returned."
                    ),
                    .optional("fromSite", .text(1...60), "The code of the site that had sent the prescription here."),
                    .optional(
                        "givenUp", .enumeration(GivenUp.codes),
                        "Why that site gave the medicine up: it reached nobody.")),
                0...5000),
            "Every patient who got of the lots; decoction.recall.get continues where there are more than 5000."),
        Schema.pageReply,
        .required(
            "otherIssuedMg", .integer(Int64.min...Int64.max),
            "What was issued of them without a prescription, to wards, outreach and other sites: decoction.movement.list has the documents."
        ),
        .required("onHandMg", .integer(0...Int64.max), "What is left of them at the site, to be disposed of."),
        .required(
            "elsewhere",
            .array(
                .object(
                    .required("siteCode", .text(1...60), "The site."), .required("lotId", .id, "Its lot."),
                    .required("quantityMg", .integer(1...10_000_000_000), "What came, in milligrams.")),
                0...10_000),
            "The lots of other sites that came of them, recalled with them: their pharmacists see their patients."),
        .required(
            "reopened",
            .array(
                .object(
                    .required("prescriptionId", .id, "The prescription, which waits for another review."),
                    .required("patientId", .id, "Whose it is."),
                    .required("quantityMg", .integer(1...10_000_000_000), "What of the lots was reserved for it.")),
                0...5000),
            "The prescriptions that were approved with pieces of these lots: their reservations were let go."))

    /// How many patients one reply lists.
    static let most = 5000

    /// Reads who got of the lots, and says that this shows patients.
    static func read(
        _ recall: RecordID, lots: [RecordID], reason: String, at: Timestamp, by account: RecordID, after: Page? = nil,
        _ call: Call
    ) throws -> RecallReport {
        let site = try call.site.id
        let nobody = RecordID(high: 0, low: 0)
        let start = (
            try after?.after(0, as: RecordID.self) ?? nobody, try after?.after(1, as: RecordID.self) ?? nobody
        )
        let results = try call.db.batch([
            Statement(RecallStore.patients(lots, site: site, after: start, limit: Self.most + 1)),
            Statement(RecallStore.elsewhere(lots, site: site)),
            Statement(RecallStore.descended(lots, site: site)),
            Statement(RecallStore.reopened(lots, site: site)),
        ])
        let (rows, hasMore) = results[0].page(limit: Self.most)
        let patients = try rows.decode(as: (RecordID, RecordID, Int64, String?, GivenUp?).self).map {
            Patient(patientId: $0.0, prescriptionId: $0.1, quantityMg: $0.2, fromSite: $0.3, givenUp: $0.4)
        }
        let (other, left) = try results[1].first(as: (Int64, Int64).self) ?? (Int64(0), Int64(0))
        let reopened = try results[3].decode(as: (RecordID, RecordID, Int64).self).map {
            Reopened(prescriptionId: $0.0, patientId: $0.1, quantityMg: $0.2)
        }
        let last = hasMore ? patients.last : nil
        let kept = try PeopleOfPrescription(call: call).kept(patients.map(\.patientId))
        // Behind the index of persons, which notes a basis of its own.
        let subjects = Set(patients.map(\.patientId) + reopened.map(\.patientId))
        if !subjects.isEmpty {
            call.recordAccess(basis: "recall", subjects: subjects.sorted())
        }
        return RecallReport(
            recallId: recall, lotIds: lots, reason: reason, at: at, accountId: account,
            patients: patients.map { $0.under(kept) },
            next: last.map { Page.cursor($0.patientId.description, $0.prescriptionId.description) },
            otherIssuedMg: other, onHandMg: left,
            elsewhere: try results[2].decode(as: (RecordID, String, RecordID, Int64).self).map {
                Lot(siteCode: $0.1, lotId: $0.2, quantityMg: $0.3)
            }, reopened: reopened)
    }

    static let example = RecallReport(
        recallId: Sample.document, lotIds: [Sample.lot], reason: "药监部门通报含量不合格", at: Sample.instant,
        accountId: Sample.account,
        patients: [
            Patient(
                patientId: Sample.account, prescriptionId: Sample.prescription, quantityMg: 63_000, fromSite: "town-01",
                givenUp: .lost)
        ],
        next: Page.cursor(Sample.account.description, Sample.prescription.description), otherIssuedMg: 500_000,
        onHandMg: 4_317_000, elsewhere: [Lot(siteCode: "town-01", lotId: Sample.arrivedLot, quantityMg: 500_000)],
        reopened: [
            Reopened(prescriptionId: Sample.formerPrescription, patientId: Sample.account, quantityMg: 42_000)
        ])
    static let empty = RecallReport(
        recallId: Sample.document, lotIds: [Sample.lot], reason: "药监部门通报含量不合格", at: Sample.instant,
        accountId: Sample.account, patients: [], otherIssuedMg: 0, onHandMg: 5_000_000, reopened: [])
}
