import Testing
import XinglinKit

@testable import XinglinHost

@Suite struct LanguageTests {
    private static func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    @Test("Every reason of the host has message and hint in Chinese and in English", arguments: HostFault.all)
    func hostFaults(kind: FaultKind) {
        for text in [kind.message, kind.hint] {
            #expect(Self.isChinese(text.zh), "\(kind.reason)")
            #expect(!text.en.isEmpty && !Self.isChinese(text.en), "\(kind.reason)")
        }
    }

    @Test("Every check and status of the doctor has a title in Chinese and in English")
    func doctorTitles() {
        for title in Diagnosis.Check.allCases.map(\.title) + Diagnosis.Status.allCases.map(\.title) {
            #expect(Self.isChinese(title.zh))
            #expect(!title.en.isEmpty && !Self.isChinese(title.en))
        }
    }
}
