/// The 25 steps in English: their file has them in Chinese alone.
extension DevelopmentStep {
    private static let namesEn = [
        "written application", "talk with the applicant", "activist determined", "activist filed with the committee",
        "mentors named", "cultivation and appraisal", "candidate determined", "candidate filed with the committee",
        "introducers named", "political review", "training", "examination by the branch committee", "pre-examination",
        "application form filled in", "vote of the branch meeting", "talk before the approval",
        "approval of the admission", "filing with the organisation department", "assignment to branch and group",
        "oath",
        "observation on probation", "application for conversion", "vote on the conversion",
        "approval of the conversion", "archive",
    ]

    static func nameEn(_ number: Int) -> String {
        Self.namesEn.indices.contains(number - 1) ? Self.namesEn[number - 1] : ""
    }
}
