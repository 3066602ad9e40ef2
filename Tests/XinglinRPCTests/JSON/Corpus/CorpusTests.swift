import Testing
import XinglinKit

@testable import XinglinRPC

/// The public parsing corpus nst/JSONTestSuite rebuilt: each of its cases by its name, with texts of our own.
@Suite("The JSON parsing corpus")
struct CorpusTests {
    @Test("every case of the corpus is here, once")
    func complete() {
        // 95 `y_`, 193 `n_` (188 and five later ones), 35 `i_`.
        #expect(Corpus.accepted.count + Corpus.refusedByUs.count == 95)
        #expect(Corpus.refused.count == 193)
        #expect(Corpus.decidedToAccept.count + Corpus.decidedToRefuse.count == 35)
        for cases in [
            Corpus.accepted + Corpus.refusedByUs, Corpus.refused, Corpus.decidedToAccept + Corpus.decidedToRefuse,
        ] {
            #expect(Set(cases.map(\.name)).count == cases.count)
            // Two names of the corpus may mean one text; ours differ, so that none is a copy of its neighbour by mistake.
            #expect(Set(cases.map(\.bytes)).count == cases.count)
        }
        #expect((Corpus.accepted + Corpus.decidedToAccept).allSatisfy { $0.value != nil })
    }

    @Test("what every reader must take is taken, with its meaning", arguments: Corpus.accepted)
    func accepts(_ text: CorpusCase) throws {
        try self.expectTaken(text)
    }

    @Test("what every reader must refuse is refused", arguments: Corpus.refused)
    func refuses(_ text: CorpusCase) {
        self.expectRefused(text)
    }

    @Test("what is left to the reader is taken where nothing is lost", arguments: Corpus.decidedToAccept)
    func decidesToAccept(_ text: CorpusCase) throws {
        try self.expectTaken(text)
    }

    @Test(
        "what is left to the reader is refused where it has no one meaning",
        arguments: Corpus.decidedToRefuse + Corpus.refusedByUs)
    func decidesToRefuse(_ text: CorpusCase) {
        self.expectRefused(text)
    }

    private func expectTaken(_ text: CorpusCase) throws {
        #expect(try JSONReader.parse(text.bytes) == text.value)
        try JSONReader.validate(text.bytes)
        guard case .single(.request(let request)) = Self.envelope(around: text) else {
            Issue.record("the envelope's reader refuses it")
            return
        }
        #expect(try JSONReader.parse(request.params)["x"] == text.value)
    }

    private func expectRefused(_ text: CorpusCase) {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(text.bytes) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.validate(text.bytes) }
        guard case .refused(let fault) = Self.envelope(around: text) else {
            Issue.record("the envelope's reader takes it")
            return
        }
        #expect(fault.kind == HostFault.parseError)
    }

    /// The text as a param of a call: the two readers must agree.
    private static func envelope(around text: CorpusCase) -> RequestLine {
        let line =
            Array(#"{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"x":"#.utf8) + text.bytes + Array("}}".utf8)
        return EnvelopeReader(batchLimit: 100).read(line)
    }
}
