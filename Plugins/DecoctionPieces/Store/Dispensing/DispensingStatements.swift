internal import XinglinKit

/// The statements of review and dispensing, for the conformance suite.
enum DispensingStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let wanted = ReservationStore.Wanted(pieceCode: "XLYP0001", quantityMg: 1)
        let review = ReviewStore.New(
            id: id, prescription: id, check: 1, decision: .approve, note: nil, staff: nil, title: nil, ruleVersion: "")
        let calibration = ScaleStore.Calibration(
            scale: id, calibratedOn: today, validUntil: today, hasPassed: true, certificateNumber: "")
        let dispensing = DispensingStore.New(
            document: id, prescription: id, review: 1, dispenser: nil, checker: id, prescribedMg: 1, weighedMg: 1,
            ruleVersion: "")
        let returned = ReturnStore.New(
            document: id, dispensing: id, disposal: nil, prescription: id, reason: SQLBytes([]), checker: nil)
        let handOver = ReturnStore.HandOver(
            id: id, prescription: id, receivedBy: .patient, receiverName: nil, counselling: nil, staff: nil)
        let spotCheck = SpotCheckStore.New(
            id: id, document: id, hasPassed: true, reweighedMg: nil, note: nil, ruleVersion: "")
        return [
            ReservationStore.reserve(wanted, for: id, review: 1, act),
            ReservationStore.release([id], as: .lapsed, site: id, at: act.now),
            ReservationStore.open(id, site: id), ReservationStore.lockLots([], act),
            ReservationStore.lock([id], act), ReservationStore.lost(id, act),
            ReservationStore.lapsed(at: act.now, site: id, limit: 1),
            ReservationStore.reopen([id], site: id, by: id, at: act.now),
            ReviewStore.decide(review, keptFor: 1, act), ReviewStore.latest(of: id, site: id),
            ScaleStore.create(id, code: "", nameZh: "", act), ScaleStore.find(code: "", site: id),
            ScaleStore.calibrate(calibration, act), ScaleStore.usable([id], on: today, site: id),
            ScaleStore.list(site: id, on: today, after: "", limit: 1),
            WeighingStore.pieces(of: id, site: id), WeighingStore.add([], to: id, review: 1, by: nil, act),
            WeighingStore.latest(of: id, review: 1, site: id), WeighingStore.validity(of: id, site: id),
            WeighingStore.begin(id, keptFor: 1, act),
            DispensingStore.take(wanted, for: id, review: 1, document: id, line: 1, act),
            DispensingStore.finish(dispensing, act), DispensingStore.latest(of: id, site: id),
            DispensingStore.isNoDispensing(id, site: id),
            ReturnStore.destroy(id, all: true, disposal: id, act), ReturnStore.add(returned, act),
            ReturnStore.handOver(handOver, act),
            QueueStore.list(state: nil, site: id, at: act.now, after: .init(), limit: 1),
            QueueStore.waiting(from: today, to: today, site: id),
            SpotCheckStore.add(spotCheck, act), SpotCheckStore.counts(today, site: id),
        ]
    }
}
