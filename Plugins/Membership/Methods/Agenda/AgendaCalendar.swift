internal import XinglinKit

/// `membership.agenda.calendar`
struct AgendaCalendar: RPCMethod {
    struct Params: Codable, Sendable {
        var organizationId: RecordID?
        var months: Int?
    }

    struct Reply: Codable, Sendable {
        let calendar: String
        let mediaType: String
        let events: Int
    }

    static let name = "membership.agenda.calendar"
    static let summary = """
        Gives the agenda of the coming months as an iCalendar (RFC 5545): one day-long event for each line, with an identity that stays \
        while the work stays. No names.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .optional(
            "organizationId", .id, "Only this organisation and what stands below it; the readable sites unless told."),
        .optional("months", .integer(1...12), "How many months from this one on; three unless told."))
    static let reply = Schema.object(
        .required("calendar", .opaque(1...900_000), "The calendar's text."),
        .required("mediaType", .text(1...60), "text/calendar; charset=utf-8"),
        .required("events", .integer(0...100_000), "How many events it has."))
    static let faults = [MembershipFault.organizationEnded]

    /// More would not fit into a reply.
    private static let mostEvents = 1200

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let until = call.today.firstOfMonth.adding(months: (params.months ?? 3) - 1).lastOfMonth
        let scope = try AgendaScope(root: params.organizationId, until: until, call)
        let lines = try scope.lines().map(\.line)
        guard lines.count <= Self.mostEvents else {
            throw Fault.invalid(
                "/organizationId",
                expected: "an organisation with at most \(Self.mostEvents) lines; there are \(lines.count)",
                zh: "事项不超过 \(Self.mostEvents) 条的组织，现有 \(lines.count) 条")
        }
        let name = try params.organizationId.map { try Organizations.living($0, on: call.today, call).nameZh }
        let place = try name ?? call.site.nameZh
        let calendar = ICalendar(
            name: "\(place) 党务工作提醒", events: lines.map(Self.event), madeAt: call.now)
        return Reply(calendar: calendar.text, mediaType: "text/calendar; charset=utf-8", events: lines.count)
    }

    private static func event(_ line: AgendaLine) -> ICalendar.Event {
        ICalendar.Event(
            uid: "\(line.task.rawValue)-\(line.subjectId)"
                + (line.task == .committee ? "" : "-\(ICalendar.day(line.dueOn))"),
            on: line.dueOn,
            summary: "\(line.task.labelZh)（\(line.rule)）",
            description: "\(line.textZh)\n\(line.textEn)\n\(line.method)",
            category: line.rule)
    }

    static var examples: Examples<Params, Reply> {
        let text = ICalendar(name: "某镇中心卫生院", events: [Self.event(.sample)], madeAt: Sample.instant).text
        return Examples(
            full: (
                Params(organizationId: Sample.branch, months: 1),
                Reply(calendar: text, mediaType: "text/calendar; charset=utf-8", events: 1)
            ), minimal: (Params(), Reply(calendar: text, mediaType: "text/calendar; charset=utf-8", events: 1)))
    }
}
