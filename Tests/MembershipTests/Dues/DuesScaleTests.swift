import Testing
import XinglinKit
import XinglinTesting

@testable import Membership

/// The dues table against one of its own, to the hundredth of a yuan.
struct DuesScaleTests {
    private static func scale() throws -> DuesScale {
        DuesScale(bands: try DuesBandFile(parsing: DataOfTests.bytes("dues_bands.csv")).bands)
    }

    /// What the rule says in words, typed from domain rules 2.2 and not from the file: the end of each step in fen, and its rate.
    static func rate(_ category: DuesCategory, _ base: Int64) -> Int64 {
        switch category {
        case .retired: base <= 500_000 ? 50 : 100
        default:
            base <= 300_000 ? 50 : base <= 500_000 ? 100 : base <= 1_000_000 ? 150 : 200
        }
    }

    /// Tenths of a yuan by schoolbook: as decimal digits, without the product that the module works with.
    static func due(_ base: Int64, _ rate: Int64) -> Int64 {
        let (whole, rest) = (base * rate).quotientAndRemainder(dividingBy: 100_000)
        return (whole + (rest >= 50_000 ? 1 : 0)) * 10
    }

    static let rated: [DuesCategory] = [.salaried, .annualSalary, .selfEmployed, .retired]
    static let bases: [Int64] = [
        1, 2, 299_999, 300_000, 300_001, 499_999, 500_000, 500_001, 999_999, 1_000_000, 1_000_001, 10_000_000_000,
    ]

    @Test(
        "every band edge, and a hundredth of a yuan to either side, in every category", arguments: DuesScaleTests.rated,
        DuesScaleTests.bases)
    func everyEdge(category: DuesCategory, base: Int64) throws {
        let quote = try Self.scale().quote(category, baseFen: base, fixedFen: nil, roundingFen: 10)
        let rate = Self.rate(category, base)
        #expect(quote.rateBasisPoints == rate)
        #expect(quote.unroundedFen == base * rate / 10_000)
        #expect(quote.dueFen == Self.due(base, rate))
    }

    @Test(
        "the amounts of the rule: the rate applies to the whole base",
        arguments: [
            (300_000, 1500), (300_001, 3000), (500_000, 5000), (500_001, 7500), (1_000_000, 15_000),
            (1_000_001, 20_000),
        ] as [(Int64, Int64)])
    func amounts(base: Int64, due: Int64) throws {
        #expect(try Self.scale().quote(.salaried, baseFen: base, fixedFen: nil, roundingFen: 10).dueFen == due)
    }

    @Test("half a step is rounded up, a fen less is rounded down, and nothing is rounded twice")
    func rounding() throws {
        let scale = try Self.scale()
        func due(_ base: Int64, _ step: Int64) throws -> Int64 {
            try scale.quote(.salaried, baseFen: base, fixedFen: nil, roundingFen: step).dueFen
        }
        // 0.5%: 5.00 fen, 4.995 fen, 15.00 fen.
        #expect(try due(1000, 10) == 10)
        #expect(try due(999, 10) == 0)
        #expect(try due(3000, 10) == 20)
        // 14.995 fen: rounded to a fen first it would be 15, and then 20.
        #expect(try due(2999, 10) == 10)
        #expect(try due(2999, 1) == 15)
        #expect(try due(300_000, 100) == 1500)
        #expect(try due(290_000, 100) == 1500)
        #expect(try due(289_999, 100) == 1400)
    }

    @Test("any base: the due amount is a multiple of the step and at most half a step away")
    func property() throws {
        let scale = try Self.scale()
        let seed = UInt64.random(in: 0...UInt64.max)
        print("dues seed \(seed)")
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let category = Self.rated[Int.random(in: 0..<4, using: &chance)]
            let base = Int64.random(in: 1...3_000_000, using: &chance)
            let step: Int64 = [1, 5, 10, 50, 100][Int.random(in: 0..<5, using: &chance)]
            let quote = try scale.quote(category, baseFen: base, fixedFen: nil, roundingFen: step)
            let exact = base * Self.rate(category, base)
            let away = quote.dueFen * 10_000 - exact
            #expect(
                quote.dueFen % step == 0 && away * 2 <= step * 10_000 && away * 2 > -step * 10_000, "\(base) \(step)")
        }
    }

    @Test("a base of 0 owes nothing; a missing one is no 0")
    func nothing() throws {
        let scale = try Self.scale()
        for category in Self.rated {
            let quote = try scale.quote(category, baseFen: 0, fixedFen: nil, roundingFen: 10)
            #expect(quote == DuesQuote(rateBasisPoints: nil, unroundedFen: 0, dueFen: 0))
            #expect(throws: DuesScale.Problem.baseMissing) {
                try scale.quote(category, baseFen: nil, fixedFen: nil, roundingFen: 10)
            }
            #expect(throws: DuesScale.Problem.amountUnwanted) {
                try scale.quote(category, baseFen: 1, fixedFen: 20, roundingFen: 10)
            }
        }
    }

    @Test(
        "farmers pay what the branch has set from 0.20 to 1.00 yuan, in fen", arguments: [19, 20, 21, 55, 99, 100, 101])
    func farmers(fixed: Int64) throws {
        let scale = try Self.scale()
        guard (20...100).contains(fixed) else {
            #expect(throws: DuesScale.Problem.amountOutOfRange(least: 20, greatest: 100)) {
                try scale.quote(.farmer, baseFen: nil, fixedFen: fixed, roundingFen: 10)
            }
            return
        }
        #expect(try scale.quote(.farmer, baseFen: 0, fixedFen: fixed, roundingFen: 10).dueFen == fixed)
    }

    @Test("a farmer's amount must be set; students, unemployed and those on relief pay 0.20 yuan; hardship nothing")
    func fixed() throws {
        let scale = try Self.scale()
        #expect(throws: DuesScale.Problem.amountMissing(least: 20, greatest: 100)) {
            try scale.quote(.farmer, baseFen: nil, fixedFen: nil, roundingFen: 10)
        }
        for category in [DuesCategory.student, .unemployed, .relief, .minimumLiving] {
            let quote = try scale.quote(category, baseFen: 800_000, fixedFen: nil, roundingFen: 10)
            #expect(quote == DuesQuote(rateBasisPoints: nil, unroundedFen: 20, dueFen: 20))
            #expect(throws: DuesScale.Problem.amountOutOfRange(least: 20, greatest: 20)) {
                try scale.quote(category, baseFen: nil, fixedFen: 30, roundingFen: 10)
            }
        }
        #expect(try scale.quote(.hardship, baseFen: nil, fixedFen: nil, roundingFen: 10).dueFen == 0)
    }

    @Test("the file is read strictly")
    func strictness() throws {
        let whole = String(decoding: try DataOfTests.bytes("dues_bands.csv"), as: UTF8.self)
        #expect(try DuesBandFile(parsing: Array(whole.utf8)).bands.count == 20)
        let broken = [
            ("salaried,在职", "salary,在职"), (",0,3000,0.5,", ",1,3000,0.5,"), (",3000,5000,1,", ",3500,5000,1,"),
            (",10000,,2,", ",10000,20000,2,"), ("whole_amount", "marginal"), ("0.1元(可配置)", "1元"),
            (",0.2,1,fixed_range", ",1,0.2,fixed_range"),
            (",0.2,0.2,fixed,", ",0.2,0.3,fixed,"), ("rate_percent", "rate"), (",0.5,", ",0.555,"),
            (",high\r\n", "\r\n"),
            (",0,,waiver", ",0.1,,waiver"),
        ]
        for (old, new) in broken {
            let text = whole.replacing(old, with: new, maxReplacements: 1)
            #expect(text != whole, "\(old)")
            #expect(throws: (any Error).self, "\(old) → \(new)") { try DuesBandFile(parsing: Array(text.utf8)) }
        }
        #expect(DuesBandFile.hundredths("0.2") == 20)
        #expect(DuesBandFile.hundredths("1.05") == 105)
        for text in ["", ".5", "1.", "1.005", "-1", "1e3", "１"] {
            #expect(DuesBandFile.hundredths(text) == nil, "\(text)")
        }
    }
}
