internal import XinglinKit

/// The statements of recalls, care and climate, for the conformance suite.
enum CareStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let found = CareStore.Found(
            id: id, lot: id, location: id, kind: "inspection", finding: .good, note: "", countedMg: nil,
            preciousPersons: 2, toxicPersons: 2, ruleVersion: "1.0",
            staff: nil)
        let reading = ClimateStore.Reading(
            id: id, location: id, climate: .normal, celsiusTenths: 200, humidityTenths: 500, isOutside: false,
            action: "",
            ruleVersion: "1.0", readAt: act.now, logsPerDay: 2)
        return [
            RecallStore.recall(id, wholeBatch: false, as: id, reason: "r", act),
            RecallStore.patients([id], site: id, after: (id, id), limit: 1), RecallStore.elsewhere([id], site: id),
            RecallStore.reopened([id], site: id), RecallStore.tell([id], .example, site: id, on: act.now.localDate),
            RecallStore.ofLot(id, site: id), RecallStore.recalled(among: [id], site: id),
            RecallStore.list(site: id, before: (act.now, id), limit: 1),
            RecallStore.forwarded([id], site: id), RecallStore.descended([id], site: id),
            RecallStore.batch("1", piece: nil, after: id, limit: 1),
            CareStore.due(by: today, .init(), site: id, after: .init(), limit: 1),
            CareStore.record(found, act), CareStore.withhold(id, site: id),
            CareStore.release(id, as: id, reason: "r", by: nil, act), CareStore.confirm(id, by: nil, act),
            CareStore.persons(id, site: id), CareStore.list(lot: nil, site: id, before: (act.now, id), limit: 1),
            ClimateStore.watch(id, at: .normal, act), ClimateStore.climate(of: id, site: id),
            ClimateStore.record(reading, act),
            ClimateStore.list(at: nil, outsideOnly: false, site: id, before: (act.now, id), limit: 1),
            ClimateStore.missing([(today, 2)], site: id, after: today, id, limit: 1),
        ]
    }
}
