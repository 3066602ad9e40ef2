internal import XinglinKit

/// What this module says has happened. The subject is the person; no event says anything of a person but the id.
enum PeopleTopic {
    struct Registered: Codable, Sendable {
        let personId: RecordID
    }
    struct Updated: Codable, Sendable {
        let personId: RecordID
        let version: Int64
        let changed: [String]
    }
    struct Merged: Codable, Sendable {
        let personId: RecordID
        let dropped: RecordID
        let mergeId: RecordID
    }
    struct Unmerged: Codable, Sendable {
        let personId: RecordID
        let restored: RecordID
        let mergeId: RecordID
    }

    private static let person = Schema.Field.required("personId", .id, "The person; the event's subject.")

    static let registered = EventTopic(
        "people.person.registered", .init(zh: "人员建档并在本机构登记", en: "A person was recorded and registered at the site"),
        access: PeopleAccess.events, body: .object(Self.person), example: Registered(personId: Sample.person))
    static let updated = EventTopic(
        "people.person.updated", .init(zh: "人员信息有更改", en: "A person's particulars were changed"),
        access: PeopleAccess.events,
        body: .object(
            Self.person, .required("version", .integer(1...Int64.max), "The version from now on."),
            .required("changed", .array(.code(1...20), 1...6), "The fields that were changed; not what stands in them.")),
        example: Updated(personId: Sample.person, version: 2, changed: ["phone"]))
    static let merged = EventTopic(
        "people.person.merged", .init(zh: "两份人员档案合并", en: "Two records of one person were joined"),
        access: PeopleAccess.events,
        body: .object(
            .required("personId", .id, "The record that stands for both from now on; the event's subject."),
            .required("dropped", .id, "The record that was merged into it."), .required("mergeId", .id, "The merge.")),
        example: Merged(personId: Sample.person, dropped: Sample.other, mergeId: Sample.merge))
    static let unmerged = EventTopic(
        "people.person.unmerged", .init(zh: "人员档案合并已撤销", en: "A merge of two records was taken back"),
        access: PeopleAccess.events,
        body: .object(
            .required("personId", .id, "The record that had stood for both; the event's subject."),
            .required("restored", .id, "The record that stands for itself again."),
            .required("mergeId", .id, "The merge that was taken back.")),
        example: Unmerged(personId: Sample.person, restored: Sample.other, mergeId: Sample.merge))

    static let all = [registered, updated, merged, unmerged]
}
