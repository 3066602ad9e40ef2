import Testing
import XinglinKit

@testable import Membership

struct StepFileTests {
    @Test("the file has the 25 steps, each with a state of its own and its source")
    func shipped() throws {
        let table = try StepFile.steps(parsing: DataOfTests.bytes(StepFile.name))
        #expect(table.steps.count == 25 && Set(table.steps.map(\.stateAfter)).count == 25)
        #expect(table.steps.allSatisfy { $0.source.hasPrefix("中国共产党发展党员工作细则") })
        #expect(table[5]?.preconditions == "联系人为正式党员,1至2名")
        #expect(table[0] == nil && table[26] == nil)
    }

    @Test("every state of the steps 1 to 16 is of one stage of the statistics, and no other state is of any")
    func stages() throws {
        let table = try StepFile.steps(parsing: DataOfTests.bytes(StepFile.name))
        for step in table.steps {
            let stages = CandidateStage.allCases.filter { $0.states.contains(step.stateAfter) }
            #expect(stages.count == (step.number <= 16 ? 1 : 0), "\(step.number)")
        }
    }

    @Test("a file whose numbering, columns or cells are not as expected is refused")
    func refused() throws {
        let text = String(decoding: try DataOfTests.bytes(StepFile.name), as: UTF8.self)
        for (old, new) in [
            ("申请入党,2,", "申请入党,3,"), ("step_no", "number"), (",applicant,", ",applicant_talked,"), (",applicant,", ",,"),
            ("申请入党,2,", "申请入党,two,"),
        ] {
            let changed = text.replacing(old, with: new, maxReplacements: 1)
            #expect(throws: DataFileRefused.self, "\(new)") { try StepFile.steps(parsing: Array(changed.utf8)) }
        }
    }

    @Test("a state has a Chinese label: its step's name, or the side state's")
    func labels() throws {
        let table = try StepFile.steps(parsing: DataOfTests.bytes(StepFile.name))
        #expect(table.label(of: "applicant_talked") == table[2]?.nameZh)
        for side in SideState.allCases { #expect(table.label(of: side.rawValue) == side.labelZh) }
    }

    @Test("the facts that the tests call good are as each step's schema wants them")
    func facts() throws {
        let on = try day("2026-11-22")
        for step in 1...25 {
            #expect(StepFactsSchema.of(step).violations(in: ProcessOnPaper.facts(step, on: on).json).isEmpty, "\(step)")
            #expect(StepFactsSchema.partial(of: step).violations(in: .object([:])).isEmpty, "\(step)")
        }
    }

    @Test("what PostgreSQL writes of facts is read back as it was")
    func text() throws {
        let value: JSONValue = [
            "text": "含\"引号\"、\\与\n换行\u{1}", "list": ["a", 1, -7, true, false, nil], "empty": [:], "none": [],
            "nested": ["from": "2026-01-01"], "number": .number("1.5"),
        ]
        #expect(try FactsText.value(of: value.canonicalText) == value)
        #expect(try FactsText.value(of: "{\"a\": 1, \"b\": [1, 2]}") == ["a": 1, "b": [1, 2]])
        for broken in ["{", "[1,", "\"a", "{\"a\" 1}", "", "{} x"] {
            #expect(throws: DatabaseError.self, "\(broken)") { try FactsText.value(of: broken) }
        }
    }
}
