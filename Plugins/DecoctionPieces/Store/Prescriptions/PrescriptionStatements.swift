internal import XinglinKit

/// The statements of rules and prescriptions, for the conformance suite.
enum PrescriptionStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let now = Timestamp(microseconds: 0)
        let key = RuleKey("RX-03", "days")
        let revision = RuleStore.Revision(
            key: key, value: "5", validFrom: now.localDate, source: "", reviewer: "")
        return [
            RuleStore.valid(on: now.localDate, site: id),
            RuleStore.list(rule: nil, asOf: nil, site: id, after: .init(), limit: 1),
            RuleStore.subject(key, on: now.localDate),
            RuleStore.reviseCounty(revision, by: id, at: now),
            RuleStore.reviseSite(revision, site: id, by: id, at: now),
            IncompatibilityStore.expand,
            IncompatibilityStore.among(["XLYP0001"]),
        ]
    }
}
