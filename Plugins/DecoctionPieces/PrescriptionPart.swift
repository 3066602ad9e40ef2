internal import XinglinKit

/// What rules, incompatibilities and prescriptions add to the module.
enum PrescriptionPart {
    static let rulesFile = "rules.csv"
    static let incompatibilitiesFile = "incompatibility_rules.csv"

    static let tables: [ModuleManifest.Table] =
        PharmacyRules.ruleTables + [
            .reference("incompatibility_rule"), .county("incompatibility"),
            .perSite("prescription"), .ledger("prescription_line"), .ledger("prescription_finding"),
            .ledger("prescription_signature"), .ledger("prescription_change"),
        ]

    static let dataFiles: [ModuleManifest.DataFile] = [
        .init(Self.rulesFile, sha256: "063e9491b4702fd56522efc46a75aaed19e5fba95e3ec0073e87f0c74fd0592a"),
        .init(
            Self.incompatibilitiesFile, sha256: "c47efb4c1de71242f36525a01e79f1f24126ad352503282647825ffca6a169f0"),
    ]

    static let constraints = PharmacyRules.ruleConstraints.merging(
        ["prescription_signature_once": PrescriptionFault.signatureExists]) { one, _ in one }

    static var methods: [any RPCMethod] {
        PharmacyRules.ruleMethods + [
            CheckPrescription(),
            SubmitPrescription(),
            RewritePrescription(),
            ReusePrescription(),
            SignPrescription(),
            RecheckPrescription(),
            WithdrawPrescription(),
            GetPrescription(),
            ListPrescriptions(),
        ]
    }

    /// Ships the values of the rules, and expands the incompatibilities over the catalogue.
    static func load(_ files: DataFiles, over pieces: [Piece], into db: Database) throws {
        let rules = try PharmacyRules.ship(files[Self.rulesFile], into: db)
        let withdrawn = rules.first { $0.key == .withdrawnNames }
        let names = withdrawn?.value.split(separator: ";").map(String.init) ?? []
        let incompatible = try IncompatibilityRule.rules(
            parsing: files[Self.incompatibilitiesFile], over: pieces, withdrawn: names)
        try db.batch(
            IncompatibilityStore.forget.map { Statement($0) } + [
                Statement(IncompatibilityStore.add(incompatible), .rows(incompatible.count)),
                Statement(IncompatibilityStore.expand, .atLeastOne),
            ])
    }
}
