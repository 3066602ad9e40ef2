internal import XinglinKit

/// The figures of a tree of organisations, one line for each: what it has itself, and with all that stands below it.
struct StatisticsTable: Sendable {
    struct Figures: Equatable, Sendable {
        var full = 0
        var probationary = 0
        var activists = 0
        var developmentTargets = 0
        var applicants = 0

        var members: Int { self.full + self.probationary }
        var candidates: Int { self.activists + self.developmentTargets + self.applicants }

        static func + (left: Figures, right: Figures) -> Figures {
            Figures(
                full: left.full + right.full, probationary: left.probationary + right.probationary,
                activists: left.activists + right.activists,
                developmentTargets: left.developmentTargets + right.developmentTargets,
                applicants: left.applicants + right.applicants)
        }
    }

    struct Line: Sendable {
        let id: RecordID
        let parentID: RecordID?
        let kind: OrganizationKind
        let nameZh: String
        let own: Figures
        /// 0 of the root.
        var depth = 0
        var total = Figures()
    }

    /// The root first, each organisation before what stands below it.
    let lines: [Line]

    /// - Parameter rows: the organisations of one tree, each behind the one that it stands below.
    init(_ rows: [Line]) {
        var children: [RecordID: [Int]] = [:]
        var places: [RecordID: Int] = [:]
        for (place, row) in rows.enumerated() {
            places[row.id] = place
            if let parent = row.parentID, places[parent] != nil { children[parent, default: []].append(place) }
        }
        var totals = rows.map(\.own)
        for (place, row) in rows.enumerated().reversed() {
            if place > 0, let parent = row.parentID.flatMap({ places[$0] }) {
                totals[parent] = totals[parent] + totals[place]
            }
        }
        var ordered: [Line] = []
        func add(_ place: Int, depth: Int) {
            var line = rows[place]
            line.depth = depth
            line.total = totals[place]
            ordered.append(line)
            for child in children[line.id] ?? [] { add(child, depth: depth + 1) }
        }
        if !rows.isEmpty { add(0, depth: 0) }
        self.lines = ordered
    }

    /// Reads the rows of `RegisterStore.tree`.
    init(_ rows: Rows) throws {
        typealias Columns = (RecordID, RecordID?, OrganizationKind, String, Int, Int, Int, Int, Int)
        self.init(
            try rows.decode(as: Columns.self).map { row in
                Line(
                    id: row.0, parentID: row.1, kind: row.2, nameZh: row.3,
                    own: Figures(
                        full: row.4, probationary: row.5, activists: row.6, developmentTargets: row.7, applicants: row.8
                    ))
            })
    }
}
