internal import XinglinKit

/// `decoction.recalled.release`: lets go of what a site has reserved of a lot that its supplier has recalled. The supplier's call blocked the
/// lot; prescriptions are this site's own, and are locked in its own transaction.
struct ReleaseRecalled: EventHandler {
    static let name = "decoction.recalled.release"
    static let topics = [CareTopic.lotRecalledBySupplier.name]

    func handle(_ event: Event, _ call: Call) throws {
        let recalled: CareTopic.LotRecalledBySupplier = try event.decode()
        let act = LotStore.Act(
            site: try call.site.id, account: event.account ?? ReservationStore.nobody, now: call.now)
        try RecallRelease(lot: recalled.lotId, wholeBatch: false, pieceCode: recalled.pieceCode).run(act, call)
        call.note("lotId", .string(recalled.lotId.description))
        call.note("recallId", .string(recalled.recallId.description))
    }
}
