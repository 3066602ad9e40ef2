internal import XinglinKit

/// What each step asks for: small, and required only where a rule cannot do without.
enum StepFactsSchema {
    /// The schema of a step's facts.
    static func of(_ step: Int) -> Schema { .object(Self.fields(of: step)) }

    /// How long an extension is, for a correction of it (DV-22).
    static let ofExtension = Schema.object(.required("months", .integer(1...60), "By how many months."))

    /// The same where nothing is required: what another register has of a step may be little.
    static func partial(of step: Int) -> Schema {
        let told = step == DevelopmentStep.conversion ? [Self.probationEndedOn] : []
        return .object(Self.fields(of: step).map { .optional($0.name, $0.schema, $0.description) } + told)
    }

    private static let probationEndedOn = Schema.Field.optional(
        StepFacts.probationEndedOn, .date,
        "The day from which the standing counts (DV-23), where it was not the end of a year's probation.")

    private static let note = Schema.text(1...500)
    private static let approvedBy = Schema.Field.optional(
        "approvedBy", .id,
        "The committee that approved (DV-18: no general branch, leading group or temporary organisation); the nearest one above unless told."
    )
    private static let publicity = Schema.Field.optional(
        "publicity",
        .object(
            .required("from", .date, "The first day of the notice."),
            .required("to", .date, "The last day of the notice.")),
        "The publicity notice (DV-26): this step's own, over before its day; wanted while the rule's publicityDays is above 0."
    )
    private static let ballots: [Schema.Field] = [
        .required("due", .integer(1...100_000), "Full members entitled who should attend (E)."),
        .required("present", .integer(0...100_000), "Those of them who were there."),
        .required("writtenInFavour", .integer(0...100_000), "Written opinions in favour, filed before the meeting."),
        .required("inFavour", .integer(0...100_000), "Ballots in favour."),
        .required("recused", .integer(0...100_000), "Those present who cast no ballot."),
        .optional(
            "countedOut", VoteCount.Stated.schema("How many full members are not counted in due."),
            "Full members who are counted out of due by a local ruling (1.3)."),
        .optional(
            "unregistered", VoteCount.Stated.schema("How many of those due the register lacks."),
            "Full members among those due who are not in the register yet."),
    ]

    private static func fields(of step: Int) -> [Schema.Field] {
        switch step {
        case 1...8: Self.cultivation(step)
        case 9...16: Self.admission(step)
        default: Self.probation(step)
        }
    }

    private static func cultivation(_ step: Int) -> [Schema.Field] {
        switch step {
        case 2:
            [
                .required("talker", .text(1...60), "Who talked with the applicant."),
                .optional("lateReason", Self.note, "Why it came later than DV-02 allows, where it did."),
            ]
        case 3:
            [
                .required("recommendedBy", .enumeration(["members", "massOrganization"]), "Who recommended (DV-03)."),
                .required(
                    "decidedBy", .enumeration(["committee", "meeting"]),
                    "The branch's committee, or its meeting where it has none."),
                .optional("isLeagueMember", .boolean, "Whether the person is of the League (DV-04)."),
            ]
        case 4: [Self.approvedBy]
        case 5: [.required("mentors", .array(.id, 0...10), "One or two full members (DV-06).")]
        case 7:
            [
                .required(
                    "opinionsHeard", .array(.enumeration(["group", "mentors", "members", "public"]), 0...4),
                    "Whose opinions were heard (DV-09): all; group only where the branch has groups."),
                .required(
                    "decidedBy", .enumeration(["committee", "meeting"]),
                    "The branch's committee, or its meeting where it has none."),
                .optional(
                    "papersExamined", .boolean, "True where papers that came from another unit were examined (DV-08)."),
            ]
        case 8: [Self.approvedBy, Self.publicity]
        default: []
        }
    }

    private static func admission(_ step: Int) -> [Schema.Field] {
        switch step {
        case 9: [.required("introducers", .array(.id, 0...10), "Exactly two different full members (DV-10).")]
        case 10:
            [
                .required(
                    "conclusion", .enumeration(["qualified", "unqualified"]),
                    "The conclusion (DV-11); unqualified blocks step 12."),
                .required("text", .text(1...2000), "The conclusion as it was written."),
            ]
        case 11:
            [
                .optional("days", .integer(0...366), "Days of training (DV-12)."),
                .optional("hours", .integer(0...2000), "Study hours of training (DV-12)."),
                .required("level", .enumeration(["grassRoots", "county"]), "Who held it."),
                .required("passed", .boolean, "Whether the person passed."),
                .optional("exception", Self.note, "The documented exception without which short training does not do."),
            ]
        case 12:
            [
                .required("agreed", .boolean, "Whether the branch's committee agreed (DV-13)."),
                .required("collective", .boolean, "Whether it examined collectively (DV-13)."),
            ]
        case 13:
            [
                .required(
                    "result", .enumeration(["qualified", "returned"]), "The result (DV-13); returned blocks step 14."),
                Self.approvedBy, Self.publicity,
                .optional("disciplineConsulted", .boolean, "Whether discipline or law bodies were asked."),
            ]
        case 14:
            [
                .optional("formNumber", .text(1...60), "The number of the 志愿书."),
                .optional("leavingOn", .date, "When the person will leave the unit, where that is known (DV-14)."),
                .optional(
                    "leavesWithin3Months", .boolean,
                    "Whether the person will leave within three months; wanted where leavingOn is not told (DV-14)."),
                .optional("overrideReason", Self.note, "Why the person is taken in all the same (DV-14)."),
            ]
        case 15: Self.ballots
        case 16:
            [
                .required("talker", .text(1...60), "The committee's member or organiser who talked (DV-16)."),
                .required("opinion", .text(1...2000), "The opinion written into the 志愿书 (DV-16)."),
            ]
        default: []
        }
    }

    private static func probation(_ step: Int) -> [Schema.Field] {
        switch step {
        case 17:
            [
                .required("decision", .enumeration(["approve", "refuse"]), "The committee's decision."),
                Self.approvedBy,
                .optional("specialReason", Self.note, "Why it came later than DV-17 normally allows."),
            ]
        case 18: [.optional("filedWith", .text(1...100), "The organisation department that it was filed with.")]
        case 19: [.optional("groupId", .id, "The group of the branch that the member belongs to from then on.")]
        case 20: [.required("organizedBy", .enumeration(["committee", "branch"]), "Who organised the oath (DV-24).")]
        case 22: [.required("written", .boolean, "Whether the person applied in writing (DV-21).")]
        case 23: Self.ballots
        case 24:
            [
                .optional(
                    "decision", .enumeration(["approve", "refuse"]),
                    "The committee's decision (DV-21), approve unless told; after a refusal the branch extends or cancels."
                ),
                Self.approvedBy, Self.publicity,
                .optional("specialReason", Self.note, "Why it came later than DV-23 allows, where it did."),
            ]
        case 25:
            [
                .required(
                    "keptIn", .enumeration(["personnelFile", "committee", "countyDepartment"]),
                    "Where the papers are kept (DV-25)."),
                .optional(
                    "papersComplete", .boolean,
                    "True where the papers that DV-25 names are complete, though not all are attached here."),
            ]
        default: []
        }
    }
}
