internal import XinglinKit

/// What is told of a field of an import, in both languages and never with the field's value.
enum RegisterText {
    static let missing = LocalizedText(zh: "须填写", en: "it is missing")
    static let tooLong = LocalizedText(zh: "文字过长", en: "the text is too long")
    static let badName = LocalizedText(
        zh: "名称至多 100 个字，不含不可见的字符", en: "a name of at most 100 characters, without what cannot be seen")
    static let future = LocalizedText(zh: "日期晚于今天", en: "the day lies in the future")
    static let status = LocalizedText(zh: "党员类别须为：正式党员、预备党员", en: "full or probationary")
    static let kind = LocalizedText(
        zh: "类别须为：" + OrganizationKind.allCases.map(\.labelZh).joined(separator: "、"),
        en: "one of " + OrganizationKind.codes.joined(separator: ", "))

    // Dates against each other.
    static func tooYoung(_ years: Int64) -> LocalizedText {
        .init(zh: "入党时未满 \(years) 周岁（DV-01）", en: "not \(years) years old on joining (DV-01)")
    }
    static let endedBeforeJoining = LocalizedText(zh: "转正日期早于入党日期", en: "it lies before joining")
    static func probationShort(_ years: Int64) -> LocalizedText {
        .init(zh: "预备期不足 \(years) 年（DV-19）", en: "the probation is shorter than \(years) year(s) (DV-19)")
    }
    static let probationGoesOn = LocalizedText(
        zh: "入党未满预备期，不能为正式党员（DV-19）", en: "no full member yet: the probation goes on (DV-19)")
    static let noEndOfProbation = LocalizedText(zh: "预备党员不填转正日期", en: "nothing with a probationary member")
    static let sinceBeforeJoining = LocalizedText(zh: "早于入党日期", en: "it lies before joining")
    static let sinceBeforeFounding = LocalizedText(
        zh: "所填党组织当日尚未成立", en: "the organisation was founded later")

    // Organisations.
    static let organizationUnknown = LocalizedText(
        zh: "本机构没有该党组织，请核对名称", en: "the acting site has no such organisation")
    static let organizationAmbiguous = LocalizedText(
        zh: "有几个组织同名，请写作“上级名称/名称”，或填编号", en: "several have this name: write parent/name, or the id")
    static let organizationEnded = LocalizedText(zh: "该党组织已撤销", en: "the organisation has ended")
    static let notABranch = LocalizedText(zh: "须为党支部或党小组", en: "members belong to a branch or a group")
    static let parentUnknown = LocalizedText(
        zh: "没有该上级组织；同一文件中的上级须写在前面", en: "no such organisation; one of the same file stands before")
    static let parentFaulty = LocalizedText(zh: "上级组织所在的行有错误", en: "the line of the parent has faults")
    static let parentLater = LocalizedText(zh: "上级组织当日尚未成立", en: "the parent was founded later")
    static let parentUnfit = LocalizedText(
        zh: "隶属关系不符：党小组隶属党支部，党支部隶属党总支或党委，党总支、党组隶属党委",
        en: "groups stand below branches, branches below general branches or committees, those below committees")
    static let exists = LocalizedText(
        zh: "已登记，登记的与此不同；变动请登记变动", en: "recorded already with another value: record the change")

    // Persons and what is recorded of them.
    static let candidateHere = LocalizedText(
        zh: "此人在本机构登记为发展对象，不能作为党员导入", en: "the person is in development at this site")
    static let claimedElsewhere = LocalizedText(
        zh: "此人已在其他机构登记，请办理组织关系转接", en: "another site has the person: transfer them")
    static let claimedMeanwhile = LocalizedText(zh: "此人刚被登记", en: "the person was recorded in the meantime")
    static let otherName = LocalizedText(
        zh: "该证件号码已建档，但姓名不同，请核对", en: "the holder of this document is recorded under another name")
    static let enrolledOtherwise = LocalizedText(
        zh: "已在册，登记的与此不同；请在系统内更正或登记变动", en: "enrolled already with another value: correct it or record the change")
}
