internal import XinglinKit

/// `membership.dues.publish`
struct PublishDues: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let year: Int
        let on: LocalDate
        var document: PaperReference?
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let year: Int
        let version: Int
        let sums: DuesSums
        let voluntaryFen: Int64
        let forCentreFen: Int64
    }

    static let name = "membership.dues.publish"
    static let summary = """
        Records that an organisation has shown its members a year's dues (DUES publicationMonths: at least yearly), with the sums as they \
        stand now. What was published stays; a later publication of the year is another version.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The branch, or a committee for all below it, kept by the acting site."),
        .required("year", .integer(1949...9998), "The year."),
        .required("on", .date, "The day of the publication: in the year or later, today or earlier."),
        .optional("document", PaperReference.schema, "What was posted."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The organisation."), .required("year", .integer(1949...9998), "The year."),
        .required("version", .integer(1...100_000), "Which publication of the year it is."),
        .required("sums", DuesSums.schema, "The year's sums."),
        .required("voluntaryFen", .fen, "What members gave beyond their dues."),
        .required("forCentreFen", .fen, "What of that goes to the centre."))
    static let faults = [MembershipFault.organizationEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard let january = LocalDate(year: params.year, month: 1, day: 1), params.on >= january else {
            throw Fault.invalid("/on", expected: "a day of the year, or later", zh: "该年度内或之后的日期")
        }
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        try params.document?.check(at: "/document")
        let one = try Organizations.own(params.organizationId, on: params.on, call)
        let first = CalendarMonth(of: january)
        let sums = try SummarizeDues.sum(one.id, from: first, through: first.adding(11), call)
        let publication = DuesFigures.Publication(
            organization: one.id, year: params.year, on: params.on, sums: sums.sums, voluntaryFen: sums.voluntaryFen,
            forCentreFen: sums.forCentreFen, paper: try Papers.keep(params.document, call))
        guard let version = try call.db.first(DuesFigures.publish(publication, Act(call)), as: Int.self) else {
            throw HostFault.conflict.fault()
        }
        try Papers.reference(
            publication.paper, by: DuesPeriod.paperPurpose, record: one.id, readableBy: ListDuesMonths.name, call)
        call.note("organizationId", .string(one.id.description))
        call.note("year", .integer(Int64(params.year)))
        return Reply(
            organizationId: one.id, year: params.year, version: version, sums: sums.sums,
            voluntaryFen: sums.voluntaryFen,
            forCentreFen: sums.forCentreFen)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            organizationId: Sample.branch, year: 2026, version: 1, sums: DuesSums.sample, voluntaryFen: 100_000,
            forCentreFen: 100_000)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, year: 2026, on: Sample.today,
                    document: PaperReference(title: "2026年度党费收缴情况公示", fileId: Sample.file, sm3: Sample.sm3)), reply
            ), minimal: (Params(organizationId: Sample.branch, year: 2026, on: Sample.today), reply))
    }
}
