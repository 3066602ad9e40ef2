internal import XinglinKit

/// An organisation with all below as of a day: members, terms, and who is in office.
struct OfficeTree {
    struct Node {
        let id: RecordID
        let keptAt: RecordID
        let kind: OrganizationKind
        let nameZh: String
        let parent: RecordID?
        let full: Int
        let probationary: Int
    }

    struct Officer {
        let id: RecordID
        let organization: RecordID
        let election: RecordID?
        let member: RecordID
        let post: OfficePost
        let from: LocalDate
    }

    /// The root first, then by depth.
    let nodes: [Node]
    let terms: [RecordID: Term]
    /// In the order of their posts.
    let officers: [RecordID: [Officer]]
    let day: LocalDate
    private let parents: [RecordID: RecordID]

    init(_ root: RecordID, on day: LocalDate, _ call: Call) throws {
        let nodes = try call.db.query(
            OfficeStore.tree(root, on: day),
            as: (RecordID, RecordID, OrganizationKind, String, RecordID?, Int, Int).self
        ).map { Node(id: $0.0, keptAt: $0.1, kind: $0.2, nameZh: $0.3, parent: $0.4, full: $0.5, probationary: $0.6) }
        self.nodes = nodes
        self.day = day
        let parents = nodes.dropFirst().reduce(into: [RecordID: RecordID]()) { $0[$1.id] = $1.parent }
        self.parents = parents
        let results = try call.db.batch([
            Statement(OfficeStore.terms(nodes.map(\.id), on: day)),
            Statement(OfficeStore.officers(nodes.map(\.id), on: day)),
        ])
        let terms = try results[0].decode(
            as: (RecordID, RecordID, RecordID, LocalDate, Int, Int, LocalDate, LocalDate?).self
        ).reduce(into: [RecordID: Term]()) { all, row in
            all[row.0] = Term(
                id: row.1, election: row.2, electedOn: row.3, seats: row.4, elected: row.5, endsOn: row.6,
                putOffUntil: row.7)
        }
        self.terms = terms
        let known = Set(nodes.map(\.id))
        self.officers = try results[1].decode(
            as: (RecordID, RecordID, RecordID?, RecordID?, RecordID, OfficePost, LocalDate, RecordID?).self
        ).reduce(into: [:]) { all, row in
            // A term ends the posts of the one before, and who has gone elsewhere holds none.
            guard row.2 == terms[row.1]?.id, let place = row.7, known.contains(place),
                Self.stands(place, below: row.1, parents)
            else { return }
            all[row.1, default: []].append(
                Officer(id: row.0, organization: row.1, election: row.3, member: row.4, post: row.5, from: row.6))
        }
    }

    /// Whether one is the other, or stands below it.
    private static func stands(_ id: RecordID, below other: RecordID, _ parents: [RecordID: RecordID]) -> Bool {
        var place: RecordID? = id
        for _ in 0...20 {
            guard let here = place else { return false }
            if here == other { return true }
            place = parents[here]
        }
        return false
    }

    /// Full members of the root and all below.
    var full: Int { self.nodes.reduce(0) { $0 + $1.full } }

    func contains(_ organization: RecordID) -> Bool { self.nodes.contains { $0.id == organization } }

    /// Each organisation as `OrganizationSize` judges it.
    func figures(_ call: Call) throws -> [OrganizationSize.Figures] {
        var sums: [RecordID: (full: Int, probationary: Int)] = [:]
        for node in self.nodes.reversed() {
            let below = sums[node.id] ?? (0, 0)
            let sum = (full: below.full + node.full, probationary: below.probationary + node.probationary)
            sums[node.id] = sum
            guard let parent = self.parents[node.id] else { continue }
            let above = sums[parent] ?? (0, 0)
            sums[parent] = (above.full + sum.full, above.probationary + sum.probationary)
        }
        let secretaries = try self.secretaries(call)
        return self.nodes.map { node in
            let officers = self.officers[node.id] ?? []
            return OrganizationSize.Figures(
                id: node.id, nameZh: node.nameZh, kind: node.kind, full: sums[node.id]?.full ?? 0,
                probationary: sums[node.id]?.probationary ?? 0, term: self.terms[node.id],
                officers: Set(officers.map(\.member)).count, secretaries: secretaries[node.id] ?? [])
        }
    }

    /// What is not as the rules have it; of the root alone where told.
    func warnings(_ rules: OfficeRules, rootAlone: Bool = false, _ call: Call) throws -> [OrganizationWarning] {
        let figures = try self.figures(call)
        return (rootAlone ? Array(figures.prefix(1)) : figures).flatMap {
            OrganizationSize(one: $0, rules: rules, day: self.day).warnings
        }
    }

    private func secretaries(_ call: Call) throws -> [RecordID: [OrganizationSize.Secretary]] {
        let sitting = self.officers.values.flatMap { $0 }.filter { $0.post == .secretary }
        guard !sitting.isEmpty else { return [:] }
        let members = sitting.map(\.member)
        let results = try call.db.batch([
            Statement(OfficeStore.standingFrom(members, on: self.day)),
            Statement(MemberFactStore.marked("dualLeader", members, on: self.day)),
        ])
        let standing = try results[0].decode(as: (RecordID, LocalDate).self).reduce(into: [RecordID: LocalDate]()) {
            $0[$1.0] = $1.1
        }
        let dual: Set<RecordID> = Set(try results[1].decode(as: RecordID.self))
        let site = try call.site
        let isHospital = site.kind == .countyHospital || site.kind == .tcmHospital
        let judged = Set(isHospital ? self.nodes.filter { $0.kind == .branch && $0.keptAt == site.id }.map(\.id) : [])
        return sitting.reduce(into: [:]) { all, officer in
            all[officer.organization, default: []].append(
                OrganizationSize.Secretary(
                    standingFrom: standing[officer.member],
                    isDualLeader: judged.contains(officer.organization) ? dual.contains(officer.member) : nil))
        }
    }
}
