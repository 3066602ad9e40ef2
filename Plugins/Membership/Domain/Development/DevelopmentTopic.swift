internal import XinglinKit

/// What the development of members says has happened.
enum DevelopmentTopic {
    struct StepRecorded: Codable, Sendable {
        let candidateId: RecordID
        let entryId: RecordID
        let step: Int
        var status: String?
    }
    struct Admitted: Codable, Sendable {
        let memberId: RecordID
        let candidateId: RecordID
        let organizationId: RecordID
        let joinedOn: LocalDate
    }
    struct Converted: Codable, Sendable {
        let memberId: RecordID
        let candidateId: RecordID
        let standingFrom: LocalDate
    }

    private static let candidate = Schema.Field.required("candidateId", .id, "The development.")
    private static let member = Schema.Field.required("memberId", .id, "The member; the event's subject.")

    static let stepRecorded = EventTopic(
        "membership.development.stepRecorded", .init(zh: "发展党员的一步已登记", en: "A step of a development was recorded"),
        access: MembershipAccess.officers,
        body: .object(
            Self.candidate, .required("entryId", .id, "The entry; the event's subject."),
            .required("step", .integer(1...25), "The step."),
            .optional("status", .code(1...40), "The state from then on; absent where it stays.")),
        example: StepRecorded(candidateId: Sample.candidate, entryId: Sample.fact, step: 2, status: "applicant_talked"))
    static let admitted = EventTopic(
        "membership.member.admitted", .init(zh: "接收为预备党员", en: "A probationary member was admitted"),
        access: MembershipAccess.officers,
        body: .object(
            Self.member, Self.candidate, .required("organizationId", .id, "The branch or group."),
            .required("joinedOn", .date, "The day of the branch meeting (DV-19).")),
        example: Admitted(
            memberId: Sample.member, candidateId: Sample.candidate, organizationId: Sample.branch,
            joinedOn: Sample.joined))
    static let converted = EventTopic(
        "membership.member.converted", .init(zh: "预备党员转为正式党员", en: "A probationary member became a full one"),
        access: MembershipAccess.officers,
        body: .object(
            Self.member, Self.candidate,
            .required("standingFrom", .date, "The day from which the standing counts (DV-23).")),
        example: Converted(
            memberId: Sample.member, candidateId: Sample.candidate, standingFrom: Sample.joined.adding(years: 1)))

    static let all = [stepRecorded, admitted, converted]
}
