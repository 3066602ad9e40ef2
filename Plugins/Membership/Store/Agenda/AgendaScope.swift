internal import XinglinKit

/// What an agenda is asked for.
struct AgendaScope {
    /// Only this organisation and what stands below it; the readable sites where nil.
    let root: RecordID?
    let day: LocalDate
    /// The last day of the time asked for. What is due later stands there where its first reminder falls into it.
    let until: LocalDate
    let rules: RuleBook
    let reminders: Reminders
    let call: Call

    init(root: RecordID?, until: LocalDate, _ call: Call) throws {
        let rules = try MembershipRules.book(on: call.today, call)
        self.root = root
        self.day = call.today
        self.until = until
        self.rules = rules
        self.reminders = try Reminders(rules)
        self.call = call
        if let root { _ = try Organizations.readable(root, on: call.today, call) }
    }

    /// A line with the person whom it names.
    struct Draft {
        var line: AgendaLine
        var person: RecordID?
        /// The member whose person it is, where only that is known.
        var member: RecordID?
        /// From when on it is called to mind, where that is earlier than AGENDA firstDays before.
        var remindFrom: LocalDate?

        /// The same of a month that is over.
        func past(isDone: Bool, on day: LocalDate? = nil) -> Draft {
            var draft = self
            draft.line.stage = .late
            if isDone { draft.line = draft.line.done(on: day) }
            return draft
        }
    }

    /// The organisations from which the trees of the agenda hang: the one asked for, or those of the acting site whose parents are
    /// another's.
    func roots() throws -> [RecordID] {
        if let root = self.root { return [root] }
        return try self.call.db.query(Self.tops(of: self.call.site.id, on: self.day), as: RecordID.self)
    }

    static func tops(of site: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT one.organization_id FROM membership.organizations_on(\(day)) AS one
        LEFT JOIN membership.organization AS parent ON parent.organization_id = one.parent_id
        WHERE one.kept_at = \(site) AND NOT one.is_ended AND (parent.kept_at IS NULL OR parent.kept_at <> \(site))
        ORDER BY one.organization_id
        """
    }

    /// Every line of every part of the module, by day.
    func lines() throws -> [Draft] {
        let sources: [(AgendaScope) throws -> [Draft]] = [
            DevelopmentAgendaStore.drafts, OfficeAgenda.drafts, DuesAgenda.drafts, ContactAgenda.drafts,
            TransferAgenda.drafts,
        ]
        return try sources.flatMap { try $0(self) }
            .filter { ($0.remindFrom ?? $0.line.dueOn.adding(days: -self.reminders.firstDays)) <= self.until }
            .map { draft in
                var draft = draft
                let stage = self.reminders.stage(of: draft.line.dueOn, on: self.day)
                let isCalled = draft.remindFrom.map { $0 <= self.day } ?? false
                draft.line.stage = stage == .planned && isCalled ? .soon : stage
                return draft
            }
            .sorted { $0.line.place.lexicographicallyPrecedes($1.line.place) }
    }

    /// A month that is over: what was due in it, done or late, and what was late already. What rules ask for is computed from what was
    /// recorded since, so that a late record is told as one.
    func pastLines(_ month: CalendarMonth) throws -> [Draft] {
        let now = try self.lines()
        let open = now.filter { $0.line.dueOn <= month.last }
        let sources: [(AgendaScope, CalendarMonth, [Draft]) throws -> [Draft]] = [
            DevelopmentAgendaStore.past, OfficeAgenda.past, PastDuesAgenda.past, ContactAgenda.past,
            TransferAgenda.past,
        ]
        let past = try sources.flatMap { try $0(self, month, now) }
        return (open + past).reduce(into: (places: Set<[String]>(), drafts: [Draft]())) { all, draft in
            guard all.places.insert(draft.line.place).inserted else { return }
            all.drafts.append(draft)
        }.drafts.sorted { $0.line.place.lexicographicallyPrecedes($1.line.place) }
    }

    /// The lines with the names of those whom they are about.
    func named(_ drafts: [Draft], isUnmasked: Bool) throws -> [AgendaLine] {
        let members = try Members.standings(drafts.compactMap(\.member), on: self.day, self.call)
        let named = drafts.map { $0.person ?? $0.member.flatMap { members[$0]?.person } }
        let persons = try PeopleIndex.persons(Array(Set(named.compactMap(\.self))).sorted(), self.call)
        return zip(drafts, named).map { draft, person in
            var line = draft.line
            line.name = person.flatMap { persons[$0] }.map { isUnmasked ? $0.nameZh : MaskedName.of($0.nameZh) }
            return line
        }
    }
}
