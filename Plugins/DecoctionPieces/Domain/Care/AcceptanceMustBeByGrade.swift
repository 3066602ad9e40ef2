internal import XinglinKit

/// PC-02: who accepts a lot is a TCM pharmacist of the grade that the site's level asks for.
struct AcceptanceMustBeByGrade {
    let level: HospitalLevel
    /// The least title.
    let wanted: String

    init(_ kind: Site.Kind, _ rules: RuleBook) throws(Fault) {
        let key = RuleKey.hospitalLevel(kind)
        guard let level = HospitalLevel(rawValue: try rules.text(key)) else {
            throw PharmacyRules.unusable(key, .missing)
        }
        self.level = level
        self.wanted = try rules.text(.acceptanceTitle(level))
    }

    /// Whether somebody with the title may accept. Pharmacists of other medicines are none here.
    func allows(_ title: String) -> Bool {
        title.lowercased().contains("tcmpharmacist")
            && PharmacistRank(title: title) >= PharmacistRank(title: self.wanted)
    }
}
