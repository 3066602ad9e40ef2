internal import XinglinKit

/// `decoction.care.confirm`
struct ConfirmCare: RPCMethod {
    struct Params: Codable, Sendable {
        let inspectionId: RecordID
    }

    typealias Reply = Params

    static let name = "decoction.care.confirm"
    static let summary = "Confirms a count of precious or toxic pieces as the second person who was there (8.2)."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(.required("inspectionId", .id, "A count that takes two persons."))
    static let reply = Schema.object(.required("inspectionId", .id, "The count, which is done by that."))
    static let faults = [CareFault.secondCounterRequired]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let id = JSONValue.string(params.inspectionId.description)
        guard
            let (persons, account, staff) = try call.db.first(
                CareStore.persons(params.inspectionId, site: act.site), as: (Int, RecordID, RecordID?).self)
        else { throw HostFault.notFound.fault(["inspectionId": id]) }
        guard persons > 1 else {
            throw Fault.invalid("/inspectionId", expected: "a count that takes two persons", zh: "须双人清点的记录")
        }
        guard try !Persons.isCaller(amongst: [Actor(account: account, staff: staff)], call) else {
            throw CareFault.secondCounterRequired.fault(["inspectionId": id])
        }
        try call.db.execute(
            CareStore.confirm(params.inspectionId, by: Signing.own(call), act), expecting: .rows(1),
            otherwise: CareFault.secondCounterRequired.fault(["inspectionId": id]))
        call.note("inspectionId", id)
        return params
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(inspectionId: Sample.document)
        return Examples(full: (params, params), minimal: (params, params))
    }
}
