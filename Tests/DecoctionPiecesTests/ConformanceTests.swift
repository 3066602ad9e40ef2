import Testing
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

struct ConformanceTests {
    @Test("the module conforms")
    func conforms() async throws {
        try await ModuleConformance.check(DecoctionPiecesModule.self)
    }

    @Test("the statements of the manifest are every statement that the stores build")
    func statements() {
        let texts = Set(DecoctionPiecesModule.manifest.statements.map(\.text))
        #expect(texts.count == DecoctionPiecesModule.manifest.statements.count)
        #expect(texts.count == 349)
    }

    @Test("an unexpected constraint of the schema is a programming error; the expected ones have their reasons")
    func constraints() {
        let constraints = DecoctionPiecesModule.manifest.constraints
        #expect(constraints["decision_second_person_required"] == DecoctionFault.secondPersonRequired)
        #expect(constraints["lot_on_hand_not_negative"] == DecoctionFault.insufficientStock)
    }
}
