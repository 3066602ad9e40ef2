import Testing
import XinglinKit

@testable import DecoctionPieces

/// What boiling takes, and when each piece goes in, judged without a database.
struct BoilingPlanTests {
    /// Names of the catalogue with grams in a dose and what the doctor wrote.
    private func prescription(
        _ pieces: [(String, Int64, Cooking?)], doses: Int = 3, age: Int = 40, use: PrescriptionUse = .oral
    ) throws -> BoiledPrescription {
        let catalogue = try DataFilesOfTests.pieces()
        let id = RecordID(high: 1, low: 1)
        return BoiledPrescription(
            id: id, patient: id, state: .dispensed, kind: .ordinary, use: use, doses: doses, ageYears: age,
            lines: try pieces.map { name, grams, written in
                let piece = try #require(catalogue.first { $0.nameZh == name }, "\(name)")
                return .init(
                    code: piece.code, nameZh: name, baseMaterial: piece.baseMaterial, category: piece.category,
                    perDoseMg: grams * 1000, written: written, usual: piece.cooking, toxicity: piece.toxicity,
                    isToxic28: piece.isControlledToxic28, controlClass: piece.controlClass, notes: piece.notes)
            })
    }

    private func plan(_ prescription: BoiledPrescription) throws -> BoilingPlan {
        try BoilingPlan(prescription, kind: nil, rules: DataFilesOfTests.book())
    }

    @Test("8.5: what most of the weight is decides how long it is boiled")
    func kinds() throws {
        let cases: [([(String, Int64, Cooking?)], BoilingKind)] = [
            ([("麻黄", 9, nil)], .exterior), ([("党参", 9, nil)], .tonic), ([("川芎", 9, nil)], .ordinary),
            ([("麻黄", 9, nil), ("川芎", 9, nil)], .ordinary), ([("麻黄", 10, nil), ("川芎", 9, nil)], .exterior),
            ([("党参", 10, nil), ("麻黄", 9, nil)], .tonic),
        ]
        for (pieces, kind) in cases { #expect(try self.plan(self.prescription(pieces)).kind == kind) }
        let told = try BoilingPlan(
            self.prescription([("麻黄", 9, nil)]), kind: .tonic, rules: DataFilesOfTests.book())
        #expect(told.kind == .tonic && told.firstMinMinutes == 40)
        #expect(told.secondMinMinutes < told.firstMinMinutes && told.secondMaxMinutes < told.firstMaxMinutes)
    }

    @Test("8.5: water is what the pieces hold, what is to be left and what boils away; most of it comes first")
    func water() throws {
        // 30 g × 3 doses hold 135 ml; 1500 ml are to be left; 35 minutes take 175 ml: 1810, rounded up.
        let plan = try self.plan(self.prescription([("川芎", 20, nil), ("阿胶", 10, nil), ("当归", 10, nil)]))
        #expect(plan.kind == .ordinary)
        #expect(plan.waterFirstMl + plan.waterSecondMl == 1810 && plan.waterFirstMl == 1267)
        #expect(plan.volumeMinMl == 1200 && plan.volumeMaxMl == 1800 && plan.sampleBags == 1)
    }

    @Test("8.5: toxic pieces of the 28 and external use have machines of their own; 附子 that is processed has none")
    func uses() throws {
        #expect(try self.prescription([("麻黄", 6, nil), ("雄黄", 1, nil)]).machineUse == .toxic)
        #expect(try self.prescription([("雄黄", 1, nil)], use: .external).machineUse == .toxic)
        #expect(try self.prescription([("麻黄", 6, nil)], use: .external).machineUse == .external)
        #expect(try self.prescription([("黑顺片", 6, nil)]).machineUse == .internal)
    }

    @Test("8.5: 先煎, 后下, 包煎, 另煎, 烊化, 冲服, and toxic pieces first, in minutes from the start of the first boiling")
    func instructions() throws {
        let prescription = try self.prescription([
            ("川芎", 30, nil), ("黑顺片", 10, Cooking.none), ("牡蛎", 10, nil), ("薄荷", 5, nil), ("车前子", 5, nil),
            ("人参", 5, nil), ("阿胶", 5, nil), ("三七粉", 2, nil), ("桂枝", 5, .last),
        ])
        let start = Timestamp(microseconds: 1_795_329_000_000_000)
        let plan = try self.plan(prescription)
        #expect(plan.kind == .ordinary && plan.leadMinutes == 30)
        let all = try BoilingInstructions(
            prescription: prescription, plan: plan, rules: DataFilesOfTests.book(), start: start
        ).all()
        func one(_ name: String) throws -> BoilingInstruction { try #require(all.first { $0.nameZh == name }) }
        // Boiled first whatever the doctor wrote: it is toxic.
        #expect(try one("黑顺片").minute == 0 && one("黑顺片").cooking == .first)
        #expect(try one("牡蛎").minute == 20)
        #expect(try one("川芎").minute == 30 && one("川芎").textZh == "第30分钟放入川芎")
        #expect(try one("薄荷").minute == 40 && one("薄荷").untilMinute == 45)
        #expect(try one("桂枝").minute == 40 && one("桂枝").cooking == .last)
        #expect(try one("车前子").minute == 30 && one("车前子").textZh.contains("布袋"))
        #expect(try one("人参").phase == .apart && one("人参").notesZh?.contains("另煎") == true)
        #expect(try one("阿胶").phase == .afterBoiling2 && one("阿胶").minute == 65)
        #expect(try one("三七粉").phase == .atTaking && one("三七粉").at == nil)
        #expect(try one("牡蛎").at == start.adding(seconds: 1200))
        #expect(try one("牡蛎").at?.description == "2026-11-22T14:50:00+08:00")
        #expect(all.first?.nameZh == "黑顺片" && all.last?.nameZh == "三七粉")
        let told: Int64 = all.reduce(0) { $0 + $1.quantityMg }
        #expect(told == 77_000 * 3)
        let unknown = try BoilingInstructions(
            prescription: prescription, plan: plan, rules: DataFilesOfTests.book(), start: nil
        ).all()
        #expect(unknown.allSatisfy { $0.at == nil })
    }

    @Test("what goes in last never goes in before the others")
    func shortBoilings() throws {
        let entry = RuleBook.Entry(
            key: .lastMaxMinutes, value: "60", tighter: .none, validFrom: LocalDate(daysSince1970: 20_000), version: 2,
            revision: 0, siteRevision: 0)
        let rules = PharmacyRules.book(
            try DataFilesOfTests.rules().map {
                RuleBook.Entry(
                    key: $0.key, value: $0.value, tighter: $0.tighter, validFrom: $0.validFrom,
                    version: 1, revision: 0, siteRevision: 0)
            } + [entry])
        let prescription = try self.prescription([("川芎", 9, nil), ("薄荷", 3, nil)])
        let plan = try BoilingPlan(prescription, kind: nil, rules: rules)
        let all = try BoilingInstructions(prescription: prescription, plan: plan, rules: rules, start: nil).all()
        #expect(all.allSatisfy { ($0.minute ?? 0) >= 0 })
        #expect(plan.ruleVersion == "2.0")
    }
}
