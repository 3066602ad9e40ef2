internal import XinglinKit

/// `membership.committee.get`
struct GetCommittee: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let nameZh: String
        let state: TermState
        let stateZh: String
        var electionId: RecordID?
        var electedOn: LocalDate?
        var seats: Int?
        var vacant: Int?
        var termEndsOn: LocalDate?
        var putOffUntil: LocalDate?
        var dueOn: LocalDate?
        var remindFrom: LocalDate?
        let officers: [Officer]
    }

    struct Officer: Codable, Sendable {
        let officeId: RecordID
        let memberId: RecordID
        let name: String
        let post: OfficePost
        let postZh: String
        let from: LocalDate
        let elected: Bool
    }

    static let name = "membership.committee.get"
    static let summary = """
        Shows who was in office in an organisation on a day, the term, when the next election is due and from when it is called to mind \
        (BR-04). Names are masked unless a purpose is named; each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."), .optional("asOf", .date, "The day; today unless told."),
        GetMember.Unmask.field)
    static let reply = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .required("nameZh", .text(1...100), "What it was called."),
        .required(
            "state", .enumeration(TermState.codes), "Whether there was a term, and whether its end was near or past."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .optional("electionId", .id, "The election that the term began with; absent where there was none."),
        .optional("electedOn", .date, "The day of it."), .optional("seats", .integer(1...50), "Its seats."),
        .optional("vacant", .integer(0...50), "Seats that nobody held on the day."),
        .optional("termEndsOn", .date, "When the term ends."),
        .optional("putOffUntil", .date, "To when the next election was put off with approval."),
        .optional("dueOn", .date, "By when the next election is due."),
        .optional("remindFrom", .date, "From when on it is called to mind."),
        .required(
            "officers",
            .array(
                .object(
                    .required("officeId", .id, "The post as it was given."),
                    .required("memberId", .id, "Who holds it."),
                    .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .required("post", .enumeration(OfficePost.codes), "The post."),
                    .required("postZh", .text(1...20), "The same in Chinese."), .required("from", .date, "Since when."),
                    .required("elected", .boolean, "Elected; false where the higher organisation appointed.")), 0...200),
            "Who was in office, by post."))
    static let faults = [MembershipFault.organizationEnded, MembershipRules.unusable]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        let one = try Organizations.readable(params.organizationId, on: day, call)
        let rules = try OfficeRules.today(call)
        let tree = try OfficeTree(one.id, on: day, call)
        let officers = tree.officers[one.id] ?? []
        let term = tree.terms[one.id]
        let names = try Offices.names(officers.map(\.member), unmask: params.unmask, call)
        let state = term?.state(on: day, rules) ?? .none
        return Reply(
            organizationId: one.id, nameZh: one.nameZh, state: state, stateZh: state.labelZh,
            electionId: term?.election,
            electedOn: term?.electedOn, seats: term?.seats,
            vacant: term.map { max(0, $0.seats - Set(officers.map(\.member)).count) }, termEndsOn: term?.endsOn,
            putOffUntil: term?.putOffUntil, dueOn: term?.dueOn, remindFrom: term?.remindFrom(rules),
            officers: officers.map {
                Officer(
                    officeId: $0.id, memberId: $0.member, name: names[$0.member] ?? "*", post: $0.post,
                    postZh: $0.post.labelZh, from: $0.from, elected: $0.election != nil)
            })
    }

    static var examples: Examples<Params, Reply> {
        let officer = Officer(
            officeId: Sample.other, memberId: Sample.member, name: "张*", post: .secretary,
            postZh: OfficePost.secretary.labelZh, from: Sample.joined, elected: true)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, asOf: Sample.today,
                    unmask: GetMember.Unmask(purpose: .organizationWork)),
                Reply(
                    organizationId: Sample.branch, nameZh: "甲字镇中心卫生院党支部", state: .electionDue,
                    stateZh: TermState.electionDue.labelZh, electionId: Sample.fact, electedOn: Sample.joined, seats: 3,
                    vacant: 2, termEndsOn: Sample.joined.adding(years: 3),
                    putOffUntil: Sample.joined.adding(months: 42),
                    dueOn: Sample.joined.adding(months: 42), remindFrom: Sample.joined.adding(years: 3),
                    officers: [officer])
            ),
            minimal: (
                Params(organizationId: Sample.branch),
                Reply(
                    organizationId: Sample.branch, nameZh: "甲字镇中心卫生院党支部", state: .none, stateZh: TermState.none.labelZh,
                    officers: [])
            ))
    }
}
