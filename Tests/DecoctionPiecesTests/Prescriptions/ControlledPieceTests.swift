import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// RX-05, RX-09 and RX-10: incompatible, toxic and narcotic pieces.
struct ControlledPieceTests {
    /// The 28 of the State Council's list, as domain rule 8.7 names them.
    static let toxic = [
        "砒石", "砒霜", "水银", "生马钱子", "生川乌", "生草乌", "生白附子", "生附子", "生半夏", "生天南星", "生巴豆", "斑蝥", "青娘虫", "红娘虫",
        "生甘遂",
        "生狼毒", "生藤黄", "生千金子", "生天仙子", "闹羊花", "雪上一枝蒿", "红升丹", "白降丹", "蟾酥", "洋金花", "红粉", "轻粉", "雄黄",
    ]

    @Test(
        "RX-05: each of the 212 pairs stands as the reviewers' list says, in either order",
        arguments: DataFilesOfTests.pairs)
    func pair(_ pair: DataFilesOfTests.Pair) throws {
        let codes = [pair.a, pair.b].map(Clinic.code)
        var prescription = try TestCase.of([(pair.a, 1000), (pair.b, 1000)])
        prescription.pairs = [
            .init(
                a: codes[0], b: codes[1], severity: try #require(Severity(rawValue: pair.severity)),
                song: pair.rule, basis: pair.basis)
        ]
        let found = try PiecesMustBeCompatible.verdicts(on: prescription)
        #expect(found.map(\.severity.rawValue) == [pair.severity])
        #expect(found.first?.resolution == (pair.severity == "block" ? .doctorSignature : .consider))
        #expect(found.first?.pieces == codes.sorted())
    }

    @Test(
        "RX-05: the check finds each of the 208 pairs of the catalogue, and none among compatible pieces"
    )
    func everyPair() async throws {
        let clinic = try await Clinic.open()
        for pair in DataFilesOfTests.pairs where pair.isInCatalogue {
            let draft = Draft(clinic).of((pair.b, 1000), (pair.a, 1000))
            let found = try await clinic.findings(draft).filter { $0["rule"] == "RX-05" }
            #expect(found.count == 1, "\(pair)")
            #expect(found.first?["severity"] == .string(pair.severity), "\(pair)")
            #expect(
                found.first?["pieces"]
                    == .array([pair.a, pair.b].map(Clinic.code).sorted().map { .string($0) }))
        }
        #expect(
            try await clinic.verdicts("RX-05", Draft(clinic).of(("麻黄", 6000), ("桂枝", 5000), ("甘草", 3000)))
                == [])
        #expect(
            try await clinic.verdicts(
                "RX-05", Draft(clinic).of(("甘草", 3000), ("炙甘草", 3000), ("海藻", 6000))) == ["block", "block"])
    }

    @Test(
        "RX-09: two days' greatest dose of each of the 28 toxic kinds and no more", arguments: toxic)
    func toxicKind(_ name: String) throws {
        let piece = try TestCase.piece(name)
        #expect(piece.isToxic28 && piece.controlClass == .toxic)
        func found(_ milligrams: Int64, doses: Int) throws -> [Severity] {
            try ToxicPiecesMustNotExceedTwoDays.verdicts(
                on: TestCase.of([(name, milligrams)], doses: doses)
            ).map(\.severity)
        }
        if let dose = piece.dose {
            #expect(try found(dose.upperBound, doses: 2) == [])
            #expect(try found(dose.upperBound * 2, doses: 1) == [])
            #expect(try found(dose.upperBound * 2 + 1, doses: 1) == [.block])
            #expect(try found(dose.upperBound, doses: 3) == [.block])
        } else {
            #expect(try found(1000, doses: 2) == [])
            #expect(try found(1000, doses: 3) == [.block])
        }
    }

    @Test(
        "RX-09: the check judges each of the 28 through the wire, and sums up what was prescribed the day before"
    )
    func toxicKinds() async throws {
        #expect(Self.toxic.count == 28)
        let clinic = try await Clinic.open()
        for name in Self.toxic {
            let most = try TestCase.piece(name).dose?.upperBound ?? 1000
            let draft = Draft(clinic).of((name, most)).with("doses", 2)
            #expect(try await clinic.verdicts("RX-09", draft) == [], "\(name)")
            #expect(try await clinic.verdicts("RX-09", draft.with("doses", 3)) == ["block"], "\(name)")
            // Processed or not, a toxic piece takes the right to prescribe it.
            #expect(try await clinic.verdicts("RX-01", draft.by(clinic.junior)) == ["block"], "\(name)")
        }
        try clinic.shelve("雄黄")
        let realgar = Draft(clinic).of(("雄黄", 100)).with("doses", 2).handedIn(clinic.woman)
        let first = try await clinic.doctor.call(
            "decoction.prescription.submit", realgar.woman(36, pregnant: "no").json)
        #expect(first["state"] == "readyForReview")
        let again = Draft(clinic).of(("雄黄", 100)).with("doses", 1).woman(36, pregnant: "no")
            .with("patientId", .string(clinic.woman))
        #expect(try await clinic.verdicts("RX-09", again) == ["confirm"])
        #expect(try await clinic.verdicts("RX-09", again.without("patientId")) == [])
    }

    @Test(
        "RX-09: where 生用 is not written the processed piece is given; several of them are the doctor's choice"
    )
    func processedByDefault() async throws {
        let clinic = try await Clinic.open()
        func named(_ name: String) -> Draft {
            Draft(clinic).with(
                "pieces", [["nameZh": .string(name), "perDoseMg": 1500, "cooking": "first"]])
        }
        for (name, given) in [("川乌", "制川乌"), ("草乌", "制草乌"), ("甘遂", "醋甘遂"), ("白附子", "制白附子")] {
            let found = try await clinic.findings(named(name)).first { $0["rule"] == "RX-09" }
            #expect(found?["pieces"] == [.string(Clinic.code(given))], "\(name)")
        }
        // What is written is given.
        #expect(try await clinic.verdicts("RX-09", named("制川乌")) == [])
        #expect(try await clinic.verdicts("RX-08", named("生川乌")) == ["block"])
        #expect(
            try await clinic.findings(named("麻 黄")).contains {
                $0["pieces"] == [.string(Pharmacy.mahuang)]
            })
        for name in ["半夏", "附子", "天南星"] {
            let refused = try await clinic.refusal("decoction.prescription.check", named(name).json)
            #expect(refused.reason == "decoction.pieceAmbiguous")
            let codes = refused.details?["pieceCodes"]?.arrayValue ?? []
            #expect(codes.count > 1 && !codes.contains(.string(Clinic.code("生" + name))))
        }
        #expect(
            try await clinic.refusal("decoction.prescription.check", named("仙人掌果").json).details
                == [["nameZh": "仙人掌果"]])
    }

    @Test(
        "a prescription that names a protected or withdrawn material is refused",
        arguments: ["犀角", "穿山甲", "虎骨", "马兜铃", "关木通", "青木香", "天仙藤", "广防己"])
    func withdrawn(_ name: String) throws {
        let naming = PieceNaming(
            pieces: try TestCase.everyPiece(),
            withdrawn: try DataFilesOfTests.book().names(.withdrawnNames))
        for written in [name, "炙\(name)", " \(name) "] {
            let fault = #expect(throws: Fault.self) { try naming.piece(named: written) }
            #expect(
                fault?.kind == PrescriptionFault.pieceWithdrawn
                    && fault?.details == ["nameZh": .string(name)])
        }
    }

    @Test("the eight withdrawn materials are refused by check and submit alike")
    func withdrawnOverTheWire() async throws {
        let clinic = try await Clinic.open()
        for name in try DataFilesOfTests.book().names(.withdrawnNames) {
            let draft = Draft(clinic).with(
                "pieces",
                [["code": "XLYP0001", "perDoseMg": 6000], ["nameZh": .string(name), "perDoseMg": 3000]])
            #expect(try await clinic.refusal("decoction.prescription.check", draft.json).code == 1131)
            #expect(
                try await clinic.refusal("decoction.prescription.submit", draft.handedIn(clinic.woman).json)
                    .reason
                    == "decoction.pieceWithdrawn")
        }
        #expect(try clinic.host.sql("SELECT count(*) FROM decoction.prescription") == [["0"]])
    }

    @Test("RX-10: 罂粟壳 on its own form, never alone, three days, 3–6 g a day")
    func poppyHusk() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic).with("kind", "narcotic").with("patientId", .string(clinic.woman))
            .woman(36, pregnant: "no")
        for (what, one, verdicts) in [
            ("as it should be", draft.of(("麻黄", 6000), ("罂粟壳", 6000)), []),
            ("3 g", draft.of(("麻黄", 6000), ("罂粟壳", 3000)), []),
            ("below 3 g", draft.of(("麻黄", 6000), ("罂粟壳", 2999)), ["warn"]),
            ("above 6 g", draft.of(("麻黄", 6000), ("罂粟壳", 6001)), ["block"]),
            ("both kinds together", draft.of(("麻黄", 6000), ("罂粟壳", 3500), ("蜜罂粟壳", 2501)), ["block"]),
            ("alone", draft.of(("罂粟壳", 6000)), ["block"]),
            ("two kinds alone", draft.of(("罂粟壳", 3000), ("蜜罂粟壳", 3000)), ["block"]),
            ("ordinary form", draft.of(("麻黄", 6000), ("罂粟壳", 6000)).with("kind", "ordinary"), ["block"]),
            ("4 days", draft.of(("麻黄", 6000), ("罂粟壳", 6000)).with("doses", 4), ["block"]),
            ("nobody named", draft.of(("麻黄", 6000), ("罂粟壳", 6000)).without("patientId"), ["notChecked"]),
            ("without it", draft, []),
        ] as [(String, Draft, [String])] {
            #expect(try await clinic.verdicts("RX-10", one) == verdicts, "\(what)")
        }
    }

    @Test("RX-10: seven days in a row across visits, over prescriptions that stand")
    func sevenDaysInARow() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄", "罂粟壳")
        var doctor = clinic.doctor
        func husk(_ day: String, doses: Int64) -> Draft {
            Draft(clinic).of(("麻黄", 6000), ("罂粟壳", 3000)).with("kind", "narcotic").with(
                "doses", .integer(doses)
            )
            .with("issuedOn", .string(day)).woman(36, pregnant: "no").handedIn(clinic.woman)
        }
        var ids: [JSONValue] = []
        for (index, day) in ["2026-11-22", "2026-11-25"].enumerated() {
            clinic.host.setClock(Pharmacy.now.adding(seconds: Int64(index) * 3 * 86_400))
            doctor = try await clinic.host.client(role: .doctor, site: "t1")
            let reply = try await doctor.call("decoction.prescription.submit", husk(day, doses: 3).json)
            #expect(reply["state"] == "readyForReview")
            ids.append(try #require(reply["prescriptionId"]))
        }
        clinic.host.setClock(Pharmacy.now.adding(seconds: 6 * 86_400))
        doctor = try await clinic.host.client(role: .doctor, site: "t1")
        func state(_ doses: Int64, _ day: String = "2026-11-28") async throws -> JSONValue? {
            let reply = try await doctor.call(
                "decoction.prescription.submit", husk(day, doses: doses).json)
            let id = try #require(reply["prescriptionId"])
            try await doctor.call(
                "decoction.prescription.withdraw", ["prescriptionId": id, "reason": "试算"])
            return reply["state"]
        }
        #expect(try await state(1) == "readyForReview")
        #expect(try await state(2) == "submitted")
        // A prescription that was withdrawn was never taken.
        try await doctor.call(
            "decoction.prescription.withdraw", ["prescriptionId": ids[1], "reason": "未取药"])
        #expect(try await state(2) == "readyForReview")
    }

    @Test(
        "RX-10: supplies that join on are one run; what is given early is used later; a day off ends it"
    )
    func runs() {
        func day(_ number: Int) -> LocalDate { LocalDate(daysSince1970: 20_000 + number) }
        func run(_ earlier: [(Int, Int)], _ this: (Int, Int)) -> Int {
            PoppyHuskMustFollowTheNarcoticRules.daysInARow(
                earlier.map { (start: day($0.0), days: $0.1) }, with: (start: day(this.0), days: this.1))
        }
        #expect(run([], (0, 3)) == 3)
        #expect(run([(0, 3)], (3, 3)) == 6)
        #expect(run([(0, 3)], (4, 3)) == 3)
        #expect(run([(0, 3), (3, 3)], (6, 1)) == 7)
        #expect(run([(0, 3), (1, 3)], (2, 2)) == 8)
        #expect(run([(3, 3), (0, 3)], (6, 2)) == 8)
        #expect(run([(9, 3)], (0, 3)) == 3)
    }
}
