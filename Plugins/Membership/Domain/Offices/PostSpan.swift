internal import XinglinKit

/// A post of one term, from the day on which it was given to the day on which it ended.
struct PostSpan: Sendable {
    let id: RecordID
    let member: RecordID
    let post: OfficePost
    let from: LocalDate
    /// From when on it holds no more; nil while no end is recorded.
    var until: LocalDate?
    /// Nil where the higher organisation appointed.
    var election: RecordID?
    /// Why it ended.
    var reason = ""

    /// Whether it was taken back as of the day on which it was given: then it never held.
    var isEmpty: Bool { self.until.map { $0 <= self.from } ?? false }

    /// Whether both cannot be: there is one secretary on any day (BR-03), and nobody has one post twice.
    func clashes(with other: PostSpan) -> Bool {
        guard self.post == other.post, self.post == .secretary || self.member == other.member else { return false }
        guard !self.isEmpty, !other.isEmpty else { return false }
        return (self.until.map { $0 > other.from } ?? true) && (other.until.map { $0 > self.from } ?? true)
    }
}

/// What an election meets of the posts that are recorded already: it neither brings back who has left since, nor does it take from others
/// what they were given since.
struct ElectionSequel: Sendable {
    /// Posts of the election that is corrected; none else.
    let elected: [PostSpan]
    /// What the higher organisation has given in its term since.
    let appointed: [PostSpan]
    /// What it had given in the term before, or before there was one.
    let former: [PostSpan]

    init(correcting election: RecordID?, term: [PostSpan], before: [PostSpan]) {
        self.elected = election.map { id in term.filter { $0.election == id } } ?? []
        self.appointed = term.filter { $0.election == nil && !$0.isEmpty }
        self.former = before.filter { $0.election == nil && !$0.isEmpty }
    }

    /// - Throws: `membership.electionOutOfOrder` where something recorded would fall out of its term by the election's day, or would
    ///   lose the term.
    func mustKeep(_ day: LocalDate, electsAnybody: Bool) throws(Fault) {
        // An election that elects nobody ends no term.
        if electsAnybody, let last = self.former.map(\.from).max(), last >= day {
            throw OfficeFault.electionOutOfOrder.fault([
                "appointedOn": .string(last.description), "earliestOn": .string(last.adding(days: 1).description),
            ])
        }
        guard let first = self.appointed.map(\.from).min(), first < day || !electsAnybody else { return }
        var details: [String: JSONValue] = [
            "appointedOn": .string(first.description),
            "officeIds": .array(self.appointed.map { .string($0.id.description) }),
        ]
        if electsAnybody { details["latestOn"] = .string(first.description) }
        throw OfficeFault.electionOutOfOrder.fault(.object(details))
    }

    /// A post that the election gives, with the end that its holder's leaving has already.
    /// - Throws: `membership.electionOutOfOrder` where they left before the election's day; `membership.postUnfit` where somebody was
    ///   given the post since.
    func span(_ office: OfficeStore.NewOffice, from day: LocalDate) throws(Fault) -> PostSpan {
        let left = self.left(office.member, office.post)
        if let until = left?.until, until < day {
            throw OfficeFault.electionOutOfOrder.fault([
                "memberId": .string(office.member.description), "leftOn": .string(until.description),
                "latestOn": .string(until.description),
            ])
        }
        let span = PostSpan(
            id: office.id, member: office.member, post: office.post, from: day, until: left?.until,
            reason: left?.reason ?? "")
        if let other = self.appointed.first(where: { span.clashes(with: $0) }) { throw other.isTaken }
        return span
    }

    /// How somebody left what the corrected election had given: that post, or all of them.
    private func left(_ member: RecordID, _ post: OfficePost) -> PostSpan? {
        let held = self.elected.filter { $0.member == member }
        if let same = held.first(where: { $0.post == post }) { return same.until == nil ? nil : same }
        guard held.allSatisfy({ $0.until != nil }) else { return nil }
        return held.max { ($0.until ?? $0.from) < ($1.until ?? $1.from) }
    }
}

extension PostSpan {
    /// The refusal of whoever would hold the post beside.
    var isTaken: Fault {
        OfficeFault.postUnfit.fault([
            "rule": "BR-03", "post": .string(self.post.rawValue), "heldBy": .string(self.member.description),
            "from": .string(self.from.description),
        ])
    }
}
