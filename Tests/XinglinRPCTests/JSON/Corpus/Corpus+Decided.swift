import XinglinKit

extension Corpus {
    /// What the corpus takes and we refuse: RFC 8259 only advises that names be unique; two values under one name are two
    /// readings of one call.
    static let refusedByUs: [CorpusCase] = [
        CorpusCase("object_duplicated_key", #"{"dose":"3g","dose":"9g"}"#),
        CorpusCase("object_duplicated_key_and_value", #"{"dose":"3g","dose":"3g"}"#),
    ]

    /// What is left to the reader (`i_…`) and we take: a number keeps its text, so that none is rounded, cut or infinite.
    static let decidedToAccept: [CorpusCase] = [
        number("double_huge_neg_exp", "540.25e-912"),
        number("huge_exp", "0.7e00" + String(repeating: "8", count: 120)),
        number("neg_int_huge_exp", "-3e+7777"),
        number("pos_double_huge_exp", "3.5e+7777"),
        number("real_neg_overflow", "-54054e123456"),
        number("real_pos_overflow", "54054e123456"),
        number("real_underflow", "54e-12345678"),
        number("too_big_neg_int", "-540540540540540540540540"),
        number("too_big_pos_int", "300000000000000000000"),
        number("very_big_negative_int", "-" + String(repeating: "7305", count: 12)),
    ]

    /// What is left to the reader and we refuse: text that is not UTF-8, halves of surrogate pairs, a byte order mark, and
    /// more than 64 levels.
    static let decidedToRefuse: [CorpusCase] = [
        CorpusCase("object_key_lone_2nd_surrogate", #"{"\uDE01":0}"#),
        CorpusCase("string_1st_surrogate_but_2nd_missing", #"["\uD9E1"]"#),
        CorpusCase("string_1st_valid_surrogate_2nd_invalid", #"["\uD8F0\u4e2d"]"#),
        CorpusCase("string_incomplete_surrogates_escape_valid", #"["\uD801\uD801\t"]"#),
        CorpusCase("string_incomplete_surrogate_and_escape_valid", #"["\uD801\t"]"#),
        CorpusCase("string_incomplete_surrogate_pair", #"["\uDc3eb"]"#),
        CorpusCase("string_invalid_lonely_surrogate", #"["\ud801"]"#),
        CorpusCase("string_invalid_surrogate", #"["\ud801gan"]"#),
        CorpusCase("string_invalid_utf-8", #"["‹FE›"]"#),
        CorpusCase("string_inverted_surrogates_U+1D11E", #"["\uDd1e\uD834"]"#),
        CorpusCase("string_iso_latin_1", #"["‹E8›"]"#),
        CorpusCase("string_lone_second_surrogate", #"["\uDE01"]"#),
        CorpusCase("string_lone_utf8_continuation_byte", #"["‹93›"]"#),
        CorpusCase("string_not_in_unicode_range", #"["‹F4›‹A0›‹80›‹80›"]"#),
        CorpusCase("string_overlong_sequence_2_bytes", #"["‹C1›‹81›"]"#),
        CorpusCase("string_overlong_sequence_6_bytes", #"["‹FC›‹81›‹BF›‹BF›‹BF›‹BF›"]"#),
        CorpusCase("string_overlong_sequence_6_bytes_null", #"["‹FC›‹80›‹80›‹80›‹80›‹80›"]"#),
        CorpusCase("string_truncated-utf-8", #"["‹E9›‹FF›"]"#),
        CorpusCase("string_UTF-16LE_with_BOM", "‹FF›‹FE›[‹00›\"‹00›‹53›‹5F›\"‹00›]‹00›"),
        CorpusCase("string_UTF-8_invalid_sequence", #"["药‹FA›"]"#),
        CorpusCase("string_utf16BE_no_BOM", "‹00›[‹00›\"‹5F›‹53›‹00›\"‹00›]"),
        CorpusCase("string_utf16LE_no_BOM", "[‹00›\"‹00›‹53›‹5F›\"‹00›]‹00›"),
        CorpusCase("string_UTF8_surrogate_U+D800", #"["‹ED›‹A0›‹80›"]"#),
        CorpusCase(
            "structure_500_nested_arrays", String(repeating: "[", count: 500) + String(repeating: "]", count: 500)),
        CorpusCase("structure_UTF-8_BOM_empty_object", "‹EF›‹BB›‹BF›{}"),
    ]

    private static func number(_ name: String, _ digits: String) -> CorpusCase {
        CorpusCase("number_\(name)", "[\(digits)]", [.number(digits)])
    }
}
