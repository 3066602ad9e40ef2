internal import XinglinKit

/// What `membership.development.timeline` answers.
enum TimelineSchema {
    static let reply = Schema.object(
        .required("candidateId", .id, "The development."),
        .required("personId", .id, "The person (`people.person.get`)."),
        .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
        .required("status", .code(1...40), "The state today."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .optional("statusSince", .date, "Since when."), .optional("organizationId", .id, "The branch or group."),
        .required("imported", .boolean, "Whether it was taken over from another register."),
        .optional("memberId", .id, "The member that it has led to."),
        .optional("probationFrom", .date, "The day of the branch meeting (DV-19)."),
        .optional("probationTo", .date, "The day on which probation ends, with its extension (DV-22)."),
        MemberEnd.field,
        .required(
            "entries", .array(Self.entry, 0...10_000), "Every entry, corrected ones too, in the order of their days."),
        .required("votes", .array(Self.vote, 0...1000), "Every vote, passed or not, corrected ones too."),
        .required("approvals", .array(Self.approval, 0...1000), "Approvals of late records (DV-27)."))

    private static let entry = Schema.object(
        .required("entryId", .id, "The entry."), .required("on", .date, "The day."),
        .required("kind", .enumeration(EntryKind.codes), "What it is."),
        .required("kindZh", .text(1...20), "The same in Chinese."),
        .optional("step", .integer(1...25), "The step, where it is one."),
        .optional("nameZh", .text(1...60), "The step's name."),
        .optional("status", .code(1...40), "The state from then on; absent where it stays."),
        .optional("organizationId", .id, "The branch or group from then on; absent where it stays."),
        .required("facts", .any, "What was recorded of it."),
        .required("documents", .array(PaperReference.schema, 0...100), "Its papers."),
        .required("ruleVersions", .any, "The versions of the rules that it was judged by, by rule."),
        .required("imported", .boolean, "Whether it was taken over without having been judged here."),
        .optional("backdatingId", .id, "The approval for recording it late."),
        .optional("reason", .text(1...500), "Why."),
        .optional("corrects", .id, "The entry whose place it takes."),
        .optional("correctedBy", .id, "The entry that has taken its place."),
        .optional("void", .boolean, "true: it says no more than that the corrected entry was none."),
        .required("recordedAt", .timestamp, "When it was recorded."),
        .required("recordedBy", .id, "The account that did."))

    private static let vote = Schema.object(
        .required("voteId", .id, "The vote."), .required("on", .date, "The day of the meeting."),
        .required("purpose", .enumeration(VotePurpose.codes), "What about."),
        .required("due", .integer(1...100_000), "Who should attend (E)."),
        .required("present", .integer(0...100_000), "Who was there."),
        .required("writtenInFavour", .integer(0...100_000), "Written opinions in favour."),
        .required("inFavour", .integer(0...100_000), "Ballots in favour."),
        .required("recused", .integer(0...100_000), "Who was there and cast no ballot."),
        .optional("registered", .integer(0...100_000), "Full members with a vote, by the register of that time (1.3)."),
        .optional("countedOut", .integer(1...100_000), "How many of them were not counted in due."),
        .optional("countedOutReason", .text(1...500), "Why."),
        .optional("unregistered", .integer(1...100_000), "How many of those due the register did not have."),
        .optional("unregisteredReason", .text(1...500), "Why."),
        .required("valid", .boolean, "Whether enough were present."),
        .required("passed", .boolean, "Whether it passed."),
        .required("ruleVersion", .code(1...40), "The version of DV-15."),
        .optional("entryId", .id, "The entry of the step that it took."),
        .optional("reason", .text(1...500), "Of a correction, why."),
        .optional("corrects", .id, "The vote whose place it takes."),
        .optional("correctedBy", .id, "The vote that has taken its place."),
        .optional("void", .boolean, "true: it says no more than that there was no such vote."),
        .required("recordedAt", .timestamp, "When it was recorded."),
        .required("recordedBy", .id, "The account that did."))

    private static let approval = Schema.object(
        .required("backdatingId", .id, "The approval."), .required("step", .integer(1...25), "Of which step."),
        .required("on", .date, "Of which day."), .required("approvedBy", .id, "The account that approved."))
}
