internal import XinglinKit

/// The reasons for which rules and prescriptions refuse: 1130 to 1149.
enum PrescriptionFault {
    static let ruleLoosened = FaultKind(
        "decoction.ruleLoosened", code: 1130,
        message: .init(zh: "该规则数值只能收紧，不能放宽", en: "This value may be tightened, not loosened"),
        hint: .init(
            zh: "details 中的 floor 为允许的下限；国家规定的数值不得放宽，机构不得宽于全县",
            en:
                "details.floor is as far as it may go: national values are not loosened, and a site is not laxer than its county"
        ))
    static let pieceWithdrawn = FaultKind(
        "decoction.pieceWithdrawn", code: 1131,
        message: .init(zh: "该药材已禁用或撤销标准，不得开具", en: "This material is protected or withdrawn and may not be prescribed"),
        hint: .init(zh: "请医师改用其他饮片", en: "The doctor prescribes another piece"))
    static let pieceAmbiguous = FaultKind(
        "decoction.pieceAmbiguous", code: 1132,
        message: .init(zh: "该名称可指多种饮片", en: "This name stands for several pieces"),
        hint: .init(
            zh: "details 列出可选的饮片编码，请医师写明炮制品",
            en: "details lists the pieces; the doctor says which processed form is meant"))
    static let prescriptionStateConflict = FaultKind(
        "decoction.prescriptionStateConflict", code: 1133,
        message: .init(zh: "处方当前状态不允许此操作", en: "The prescription is in a state that does not allow this"),
        hint: .init(
            zh: "details 给出当前状态；称量前可改方或撤销，待签名时可签名，待审方时可审方",
            en:
                "details gives its state; it is rewritten or withdrawn before it is weighed, signed while it awaits a signature, and reviewed once ready"
        ))
    static let signatureNotOwn = FaultKind(
        "decoction.signatureNotOwn", code: 1134,
        message: .init(zh: "只能以本人身份开方或签名", en: "One prescribes and signs for oneself only"),
        hint: .init(
            zh: "当前账号属于另一名职工；请由本人登录后开方或用 decoction.prescription.sign 签名",
            en: "The account belongs to another member of staff; they log in and sign with decoction.prescription.sign")
    )
    static let signatureNotAsked = FaultKind(
        "decoction.signatureNotAsked", code: 1135,
        message: .init(zh: "该规则没有需要签名的项目", en: "No finding of this rule asks for a signature"),
        hint: .init(
            zh: "用 decoction.prescription.get 查看须签名的规则；不能以签名解决的须改方",
            en: "See with decoction.prescription.get which rules ask for one; what no signature lifts is rewritten"))
    static let signerNotEntitled = FaultKind(
        "decoction.signerNotEntitled", code: 1136,
        message: .init(zh: "签名人无权为该规则签名", en: "This person may not sign this rule"),
        hint: .init(
            zh: "details 中的 missing：staff 查无此人或已离职，anotherPerson 须由另一名医师签名，其余为缺少的权限",
            en:
                "details.missing: staff is nobody employed here, anotherPerson asks for another doctor, else the right that is missing"
        ))
    static let signatureExists = FaultKind(
        "decoction.signatureExists", code: 1137,
        message: .init(zh: "该项已签名", en: "This was signed already"),
        hint: .init(zh: "用 decoction.prescription.get 查看已有签名", en: "See the signatures with decoction.prescription.get")
    )

    static let all = [
        ruleLoosened, pieceWithdrawn, pieceAmbiguous, prescriptionStateConflict, signatureNotOwn, signatureNotAsked,
        signerNotEntitled, signatureExists,
    ]
}
