internal import XinglinKit

/// What the agenda adds to the module: it has no tables, for it is computed from what the other parts record.
enum AgendaPart {
    static var methods: [any RPCMethod] { [ListAgenda(), AgendaCalendar()] }

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let day = Timestamp(microseconds: 0).localDate
        return [
            AgendaScope.tops(of: id, on: day), DevelopmentAgendaStore.courses(id, on: day),
            DevelopmentAgendaStore.histories(id, on: day), OfficeAgenda.nextElection(of: id, after: day),
            DuesAgenda.branches(id, on: day), DuesAgenda.publications(id, on: day),
            PastDuesAgenda.months(id, CalendarMonth(of: day)), PastDuesAgenda.firsts(id, on: day),
            TransferAgenda.letters(id, site: id, on: day), TransferAgenda.ended(id, site: id, on: day),
            TransferAgenda.returned(id, on: day),
        ]
    }
}
