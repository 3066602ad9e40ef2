internal import XinglinKit

/// What transfers between sites, and members who are away, add to the module (domain rules 2.1, DV-08; docs/adr/0023).
enum TransferPart {
    /// A transfer is changed by either side, each into its own states.
    static let tables: [ModuleManifest.Table] = [
        .perSite("transfer"), .ledger("transfer_letter"), .ledger("flow"), .ledger("flow_end"),
    ]

    static var methods: [any RPCMethod] {
        [
            RequestTransfer(), IssueTransferLetter(), ReceiveTransfer(), SendBackTransfer(), WithdrawTransfer(),
            ListTransfers(), GetTransfer(), DueTransfers(), StartFlow(), EndFlow(), ListFlow(),
        ]
    }

    static var jobs: [any ScheduledJob] { [TransferExpiry()] }

    static let faults = TransferFault.all
    static let constraints = TransferFault.constraints
    static let sealedColumns = TransferColumns.all
    static let publishes = TransferTopic.all

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let day = act.now.localDate
        let bytes = SQLBytes([])
        let new = TransferStore.New(
            id: id, receiver: id, person: id, member: id, candidate: nil, from: id, to: id, on: day, name: bytes,
            reason: bytes)
        let letter = TransferStore.Letter(
            number: 1, letterNumber: "", on: day, expiresOn: day.adding(days: 90), ruleVersion: "1.0",
            paper: PaperReference())
        let flow = FlowStore.New(
            id: id, member: id, from: day, until: nil, place: bytes, organization: nil, isFixed: true, reason: bytes)
        return [
            TransferStore.request(new, act), TransferStore.lock(id, site: id), TransferStore.issue(id, letter, act),
            TransferStore.add(letter, to: id, for: id, act), TransferStore.lockCandidate(id, site: id),
            TransferStore.candidate(id, site: id, on: day), TransferStore.person(of: id, on: day),
            TransferStore.papers(of: id), TransferStore.files(of: id),
            TransferStore.receive(id, .init(on: day, into: id, end: id, begin: id), act),
            TransferStore.sendBack(id, reason: bytes, act), TransferStore.withdraw(id, act),
            TransferStore.overdue(before: day, site: id, limit: 1), TransferStore.expire([id], site: id, at: act.now),
            TransferQueries.list(.init(), site: id, today: day, before: id, limit: 1),
            TransferQueries.open(site: id, limit: 1), TransferQueries.letters(of: id),
            FlowStore.start(flow, act), FlowStore.ofMember(id, site: id), FlowStore.one(id, site: id),
            FlowStore.end(id, on: day, act), FlowStore.list(nil, on: day, after: id, limit: 1),
            MemberStore.copied(of: id, site: id),
        ]
    }
}
