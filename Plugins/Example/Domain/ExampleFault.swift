internal import XinglinKit

/// The reasons for which this module refuses; its hundred of codes is 9900.
enum ExampleFault {
    static let noteExists = FaultKind(
        "example.noteExists", code: 9900,
        message: .init(zh: "今天已有相同内容的便条", en: "The same note was left today already"),
        hint: .init(
            zh: "用 example.note.list 查看今天的便条；内容不同时再添加",
            en: "See today's notes with example.note.list; add one only if its text differs"))

    static let all = [noteExists]
}
