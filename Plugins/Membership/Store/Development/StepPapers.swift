internal import XinglinKit

/// The papers of entries. Whoever may see the timeline may read the scans; each read is audited.
enum StepPapers {
    static let purpose = "development_paper"

    static let field = Schema.Field.optional(
        "documents", .array(PaperReference.schema, 0...50),
        "The papers, each with a title or a finished file, and its SM3.")

    /// The papers with what is known of their files.
    /// - Throws: `host.notFound`; `host.invalidParams` where a digest differs.
    static func kept(_ papers: [PaperReference]?, _ call: Call) throws -> [PaperReference] {
        try (papers ?? []).enumerated().map { index, paper in
            let pointer = "/documents/\(index)"
            try paper.check(at: pointer)
            return try Papers.keep(paper, at: pointer, call)
        }
    }

    static func add(_ papers: [PaperReference], to entry: RecordID, _ call: Call) throws {
        guard !papers.isEmpty else { return }
        let act = try Act(call)
        try call.db.batch(
            papers.enumerated().map {
                Statement(DevelopmentStore.addPaper($0.element, at: $0.offset + 1, of: entry, act), .rows(1))
            })
        for paper in papers {
            try Papers.reference(paper, by: Self.purpose, record: entry, readableBy: ShowTimeline.name, call)
        }
    }
}
