internal import XinglinKit

/// `people.person.merge`
struct MergePersons: RPCMethod {
    struct Params: Codable, Sendable {
        let keep: RecordID
        let drop: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let personId: RecordID
        let mergeId: RecordID
        let documentsDiffer: Bool
    }

    static let name = "people.person.merge"
    static let summary = """
        Joins two records of one person: `keep` stands for both from now on, and the id of `drop` gives it. Both records \
        stay as they are, so that people.person.unmerge restores them.
        """
    static let effect = Effect.write
    static let access = PeopleAccess.administration
    static let params = Schema.object(
        .required("keep", .id, "The record that stands for both. Not one that was merged."),
        .required("drop", .id, "The record that is merged into it. Not one that was merged."),
        .required("reason", .text(1...200), "Why the two are one person. Kept sealed."))
    static let reply = Schema.object(
        .required("personId", .id, "The record that is kept."),
        .required("mergeId", .id, "The merge."),
        .required(
            "documentsDiffer", .boolean, "Whether the two have different documents: then look once more."))
    static let faults = [PeopleFault.mergeWithItself, PeopleFault.personMerged]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.keep != params.drop else {
            throw PeopleFault.mergeWithItself.fault(["personId": .string(params.keep.description)])
        }
        call.note("keep", .string(params.keep.description))
        call.note("drop", .string(params.drop.description))
        let results = try call.db.batch([
            Statement(MergeStore.lock), Statement(MergeStore.pair(params.keep, params.drop)),
        ])
        try Self.judge(try results[1].decode(as: (RecordID, RecordID, Bool).self), params)
        let act = try PersonStore.Act(call)
        let merge = call.newID()
        let reason = try call.seal(params.reason, for: Sealed.mergeReason, row: merge)
        let done = try call.db.batch([
            Statement(MergeStore.documentsDiffer(params.keep, params.drop)),
            Statement(MergeStore.join(params.drop, to: params.keep), .atLeastOne),
            Statement(MergeStore.record(merge, keep: params.keep, drop: params.drop, reason: reason, act), .rows(1)),
        ])
        let differ = try done[0].first(as: Bool.self) ?? false
        call.note("documentsDiffer", .bool(differ))
        try call.publish(
            PeopleTopic.merged, subject: params.keep,
            PeopleTopic.Merged(personId: params.keep, dropped: params.drop, mergeId: merge))
        return Reply(personId: params.keep, mergeId: merge, documentsDiffer: differ)
    }

    /// Both must be known here, and neither merged already: of merges that race, the first one wins.
    private static func judge(_ rows: [(RecordID, RecordID, Bool)], _ params: Params) throws {
        for (member, id) in [("keep", params.keep), ("drop", params.drop)] {
            guard let row = rows.first(where: { $0.0 == id }), row.2 else { throw PeopleFault.notFound(member, id) }
            guard row.1 == id else { throw PeopleFault.merged(into: row.1) }
        }
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(keep: Sample.person, drop: Sample.other, reason: "急诊无名氏，家属到院后确认身份"),
            reply: Reply(personId: Sample.person, mergeId: Sample.merge, documentsDiffer: false)
        )
        return Examples(full: example, minimal: example)
    }
}
