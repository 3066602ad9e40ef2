internal import XinglinKit

/// `people.person.unmerge`
struct UnmergePerson: RPCMethod {
    struct Params: Codable, Sendable {
        let drop: RecordID
        var keep: RecordID?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let personId: RecordID
        let keptId: RecordID
    }

    static let name = "people.person.unmerge"
    static let summary = """
        Takes a merge back: `drop` stands for itself again exactly as it was, with what had been merged into it before. \
        What was done to the kept record meanwhile stays with the kept record.
        """
    static let effect = Effect.write
    static let access = PeopleAccess.administration
    static let params = Schema.object(
        .required("drop", .id, "The record that was merged into another."),
        .optional("keep", .id, "The record it was merged into; refused where that is another one."),
        .required("reason", .text(1...200), "Why the two are not one person. Kept sealed."))
    static let reply = Schema.object(
        .required("personId", .id, "The record that stands for itself again."),
        .required("keptId", .id, "The record it had been merged into."))
    static let faults = [PeopleFault.notMerged]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        call.note("drop", .string(params.drop.description))
        let results = try call.db.batch([
            Statement(MergeStore.lock), Statement(MergeStore.pair(params.drop, params.drop)),
            Statement(MergeStore.open(of: params.drop)),
        ])
        guard let known = try results[1].first(as: (RecordID, RecordID, Bool).self), known.2 else {
            throw PeopleFault.notFound("drop", params.drop)
        }
        guard let (merge, keep) = try results[2].first(as: (RecordID, RecordID).self),
            params.keep == nil || params.keep == keep
        else { throw PeopleFault.notMerged.fault(["personId": .string(params.drop.description)]) }
        let reason = try call.seal(params.reason, for: Sealed.unmergeReason, row: merge)
        try call.db.batch([
            Statement(MergeStore.part(params.drop), .atLeastOne),
            Statement(MergeStore.takeBack(merge, reason: reason, try PersonStore.Act(call)), .rows(1)),
        ])
        call.note("keep", .string(keep.description))
        try call.publish(
            PeopleTopic.unmerged, subject: keep,
            PeopleTopic.Unmerged(personId: keep, restored: params.drop, mergeId: merge))
        return Reply(personId: params.drop, keptId: keep)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(personId: Sample.other, keptId: Sample.person)
        return Examples(
            full: (Params(drop: Sample.other, keep: Sample.person, reason: "同名同生日的另一人"), reply),
            minimal: (Params(drop: Sample.other, reason: "同名同生日的另一人"), reply))
    }
}
