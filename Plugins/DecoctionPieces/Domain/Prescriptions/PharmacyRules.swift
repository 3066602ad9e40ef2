internal import XinglinKit

/// The pharmacy's rule table: what prescriptions, stores, dispensing and boiling are judged by.
enum PharmacyRules: RuleOwner {
    /// "xlru": hosts of earlier versions wait for this number too.
    static let table = RuleTable(schema: "decoction", lock: 0x786C_7275)
    static let unusable = RuleFault.ruleUnusable
    static let loosened = PrescriptionFault.ruleLoosened
    static let readers = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let listSummary = """
        Lists the values that the rules PC-*, RX-*, of storage, dispensing, boiling and stocktakes judge by, each with its \
        version, source, reviewer and validity.
        """
    static let reviewerDescription = "The pharmacist who has reviewed it, by office."

    static var example: RuleExample {
        RuleExample(
            line: RuleLine(
                .supplyDays, value: "7", unit: "days", tighter: .lower, isNational: true,
                source: "处方管理办法（卫生部令第53号） 第十九条", confidence: .high, reviewer: "待主任中药师复核",
                validFrom: LocalDate(daysSince1970: 13_634), validTo: Sample.expiresOn,
                summary: .init(zh: "一般处方用药天数上限", en: "Days of supply of an ordinary prescription")),
            asOf: Sample.instant.localDate,
            revision: RuleTable.Revision(
                key: .supplyDays, value: "5", validFrom: Sample.instant.localDate.adding(days: 30),
                source: "药事管理与药物治疗学委员会决议", reviewer: "主任中药师"))
    }
}
