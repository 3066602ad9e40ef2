internal import XinglinKit

/// The statements of the decoction room, for the conformance suite.
enum RoomStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let now = Timestamp(microseconds: 0)
        let act = LotStore.Act(site: id, account: id, now: now)
        let machine = MachineStore.New(id: id, code: "1", nameZh: "", kind: .pot, use: .internal)
        let job = JobStore.New(
            id: id, step: id, prescription: id, machine: id, plan: Sample.plan, isUrgent: false, dueAt: nil, staff: nil)
        let step = JobStore.Step(id: id, job: id, staff: nil, codes: [], note: nil)
        let advance = JobStore.Advance(
            from: .boiling2, to: .packed, earliest: now, latest: nil, volumeMl: 1, sample: id)
        let supervision = SupervisionStore.New(
            id: id, doneOn: now.localDate, isPassed: true, findings: "", measures: "", months: 3, ruleVersion: "1.0")
        return [
            MachineStore.create(machine, act), MachineStore.find(code: "1", site: id),
            MachineStore.describe(id, site: id), MachineStore.retire(id, act),
            MachineStore.clean(id, way: .washed, act), MachineStore.list(site: id, after: "", limit: 1),
            MachineStore.cleanings(of: id, site: id, before: 1, limit: 1),
            JobStore.start(job, act), JobStore.advance(step, advance, act), JobStore.abort(step, act),
            JobStore.hindrances(id, site: id), JobStore.read(id, site: id), JobStore.plan(id, site: id),
            JobStore.steps(of: id, site: id), JobStore.lockPrescription(id, site: id),
            JobStore.prescription(id, site: id), JobStore.lines(of: id, site: id),
            JobStore.list(.init(), site: id, before: id, limit: 1), JobStore.lots(of: id, site: id),
            JobStore.ofLot(id, site: id, after: id, limit: 1),
            BoardStore.jobs(.init(from: now, to: now, now: now), site: id, limit: 1),
            BoardStore.waiting(site: id, limit: 1),
            SampleStore.list(all: false, dueAt: nil, site: id, now: now, after: .init(), limit: 1),
            SampleStore.discard(id, act), SampleStore.describe(id, site: id),
            SupervisionStore.record(supervision, act),
            SupervisionStore.list(site: id, before: now.localDate, id, limit: 1), SupervisionStore.nextDue(site: id),
        ]
    }
}
