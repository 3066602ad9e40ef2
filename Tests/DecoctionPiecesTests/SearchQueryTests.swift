import Testing

@testable import DecoctionPieces

struct SearchQueryTests {
    @Test(
        "what people type has one form",
        arguments: [
            ("麻黄", "麻黄", "麻黄"), ("MH", "mh", "MH"), ("ｍＨ", "mh", "MH"), (" ma　huang ", "mahuang", "MAHUANG"),
            ("nüzhenzi", "nvzhenzi", "NVZHENZI"), ("nu\u{308}zhenzi", "nvzhenzi", "NVZHENZI"),
            ("xi'an", "xian", "XIAN"),
            ("xlyp0001", "xlyp0001", "XLYP0001"), ("100%_", "100%_", "100%_"),
        ])
    func normalised(typed: String, pinyin: String, capitals: String) throws {
        let query = try #require(SearchQuery(typed))
        #expect(query.pinyin == pinyin)
        #expect(query.capitals == capitals)
    }

    @Test("nothing left is no query", arguments: ["", " ", "\u{3000}\u{3000}", "''", "’"])
    func nothing(typed: String) {
        #expect(SearchQuery(typed) == nil)
    }

    @Test("a normalised query stays as it is", arguments: ["ＭＨ", "麻 黄", "Nü Zhen"])
    func idempotent(typed: String) throws {
        let once = try #require(SearchQuery(typed))
        #expect(SearchQuery(once.name) == once)
    }

    @Test("a number is half-width and without blanks; other text only loses its ends")
    func plainText() {
        #expect(PlainText.number(" 皖 ２０２６-０１ ") == "皖2026-01")
        #expect(PlainText.trimmed("　 亳州 某厂 \t") == "亳州 某厂")
        #expect(PlainText.trimmed(" \u{3000}") == "")
    }
}
