import Testing
import XinglinKit

@testable import XinglinHost

@Suite("The order in which modules boot")
struct ModuleOrderTests {
    private func manifest(_ code: String, needs: [String] = [], awareOf: [String] = []) -> ModuleManifest {
        ModuleManifest(code: code, version: "1", summary: .init(zh: "", en: ""), needs: needs, awareOf: awareOf)
    }

    @Test("what a module needs, and what it is aware of, boots before it")
    func topological() {
        let plan = ModuleOrder.plan([
            manifest("a", needs: ["b"]), manifest("b", awareOf: ["c", "absent"]), manifest("c"),
        ])
        #expect(plan.order == ["c", "b", "a"])
        #expect(plan.refused.isEmpty)
    }

    @Test("a missing need names both modules, and whatever needs the refused one is refused too")
    func missingNeed() {
        let plan = ModuleOrder.plan([manifest("a", needs: ["b"]), manifest("b", needs: ["ghost"]), manifest("c")])
        #expect(plan.order == ["c"])
        #expect(plan.refused["b"] == "module b needs module ghost, which is not there")
        #expect(plan.refused["a"] == "module a needs module b, which does not run")
    }

    @Test("a cycle names its modules and leaves the others alone")
    func cycle() {
        let plan = ModuleOrder.plan([manifest("a", needs: ["b"]), manifest("b", needs: ["a"]), manifest("c")])
        #expect(plan.order == ["c"])
        #expect(plan.refused["a"]?.contains("b") == true)
        #expect(plan.refused["b"]?.contains("a") == true)
    }
}
