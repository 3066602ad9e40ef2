internal import XinglinKit

/// DV-01: an applicant is a Chinese citizen of full age on the day of the application.
enum ApplicantMustBeOfAge: StepRule {
    static let rules = ["DV-01"]

    static func concerns(_ step: Int) -> Bool { step == 1 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        var found: [Finding] = []
        let age = judge.values.ageFrom
        if let born = proposal.around.birthDate {
            if born.years(on: proposal.on) < age {
                let earliest = Self.firstDay(of: age, born: born)
                found.append(
                    Finding(
                        "DV-01", zh: "申请之日须年满 \(age) 周岁，最早 \(earliest)",
                        en: "Full \(age) years on the day of the application, from \(earliest) on",
                        who: .time, earliestOn: earliest))
            }
        } else {
            found.append(
                Finding(
                    "DV-01", zh: "人员索引中没有出生日期，无法核对年龄；请登记处补录（people.person.update）",
                    en:
                        "The index of persons has no birth date to judge the age by; the registration desk adds it (people.person.update)",
                    who: .branch))
        }
        switch proposal.around.documentKind {
        case "citizenId": break
        case nil:
            found.append(
                Finding(
                    "DV-01", zh: "人员索引中没有证件，请核验居民身份证",
                    en: "The index of persons has no document; examine the citizen ID card",
                    who: .branch, isWarning: true))
        default:
            found.append(
                Finding(
                    "DV-01", zh: "须为中国公民：人员索引中登记的证件不是居民身份证",
                    en: "A Chinese citizen: the document in the index of persons is no citizen ID card",
                    who: .applicant))
        }
        return found
    }

    /// Who is born on 29 February is a year older on 1 March.
    private static func firstDay(of age: Int, born: LocalDate) -> LocalDate {
        let day = born.adding(years: age)
        return born.years(on: day) < age ? day.adding(days: 1) : day
    }
}
