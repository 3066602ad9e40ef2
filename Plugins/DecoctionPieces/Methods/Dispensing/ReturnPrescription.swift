internal import XinglinKit

/// `decoction.prescription.return`
struct ReturnPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let reason: String
        var destroyAll: Bool?
        var checkedByStaffId: RecordID?
    }

    struct Reply: Codable, Sendable {
        let documentId: RecordID
        var disposalId: RecordID?
        let state: PrescriptionState
    }

    static let name = "decoction.prescription.return"
    static let summary = """
        Takes a dispensing back before it is handed over: a linked reversal puts the pieces where they lay. Toxic and narcotic pieces that left \
        the scale do not go back: they are destroyed before two persons, as is all of it where the doses were mixed, got wet, or have something of a recalled lot. Nothing comes back \
        after the hand-over.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is dispensed and not handed over."),
        .required("reason", .text(1...200), "Why. It is kept encrypted."),
        .optional(
            "destroyAll", .boolean, "Whether the pieces were mixed, so that none can be put back; not unless told."),
        .optional("checkedByStaffId", .id, "The second person; needed where toxic or narcotic pieces are destroyed."))
    static let reply = Schema.object(
        .required("documentId", .id, "The document that takes the dispensing back."),
        .optional("disposalId", .id, "The document of what was destroyed."),
        .required(
            "state", .enumeration(PrescriptionState.codes), "readyForReview: it may be reviewed again, or withdrawn."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, DispensingFault.handedOver, DispensingFault.staffNotEntitled,
        LedgerFault.movedOn, RoomFault.jobExists, SharedFault.deliveryExists,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        let act = try LotStore.Act(call)
        let results = try call.db.batch([
            Statement(PharmacyRules.table.valid(on: call.today, site: act.site)),
            Statement(WeighingStore.pieces(of: stored.id, site: act.site)),
            Statement(DispensingStore.latest(of: stored.id, site: act.site)),
        ])
        let rules = try PharmacyRules.book(results[0])
        if stored.state == .handedOver { throw try Self.handedOver(rules) }
        let dispensed = try results[2].first(as: (RecordID, RecordID?, RecordID, RecordID, Timestamp).self)
        guard stored.state == .dispensed, let document = dispensed?.0 else { throw stored.stateConflict }
        try Self.checkMayComeBack(stored, document, isDestroyed: params.destroyAll ?? false, call)
        let pieces = try WeighingStore.pieces(results[1])
        let isControlled = pieces.contains(where: \.isControlled)
        if isControlled { try PharmacyStaff(call: call).checkTwoPersons(params.checkedByStaffId, rules) }
        let destroysAll = params.destroyAll ?? false
        let (reversal, disposal) = (call.newID(), isControlled || destroysAll ? call.newID() : nil)
        var statements = [
            Statement(
                TransferStore.reverse(document, by: reversal, reason: ReturnStore.reason, act), .atLeastOne)
        ]
        if let disposal {
            statements.append(
                Statement(ReturnStore.destroy(document, all: destroysAll, disposal: disposal, act), .atLeastOne))
        }
        let returned = ReturnStore.New(
            document: reversal, dispensing: document, disposal: disposal, prescription: stored.id,
            reason: try call.seal(
                PlainText.trimmed(params.reason), for: DispensingColumns.returnReason, row: reversal),
            checker: isControlled ? params.checkedByStaffId : nil)
        statements += [
            Statement(ReturnStore.add(returned, act), .rows(1)),
            Statement(ReservationStore.reopen([stored.id], site: act.site, by: act.account, at: act.now), .rows(1)),
        ]
        try call.db.batch(statements)
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        call.note("documentId", .string(reversal.description))
        try call.publish(
            DispensingTopic.returned, subject: stored.id,
            PrescriptionTopic.Moved(prescriptionId: stored.id, state: .readyForReview))
        try stored.tellOrigin(.readyForReview, call)
        return Reply(documentId: reversal, disposalId: disposal, state: .readyForReview)
    }

    /// It is neither in the room nor on its way, and goes back to use only where it is fit for it.
    private static func checkMayComeBack(
        _ stored: StoredPrescription, _ document: RecordID, isDestroyed: Bool, _ call: Call
    ) throws {
        let room = try RoomWork(stored.id, call)
        try room.requireNoJob()
        try DeliveryStep.requireNone(of: stored.id, call)
        if let fault = try Hindrance.delivered(document, call) { throw fault }
        let isRecalled = try Hindrance.recalled(stored.id, call) != nil
        guard !isRecalled || isDestroyed else {
            throw Fault.invalid(
                "/destroyAll", expected: "true: a lot of it was recalled, and nothing of it goes back to use",
                zh: "true：所用批次已召回，不得再用，只能销毁")
        }
        guard !room.isSpoilt || isDestroyed else {
            throw Fault.invalid(
                "/destroyAll", expected: "true: the pieces have been wet in the decoction room",
                zh: "true：饮片已入煎药室浸湿，只能销毁")
        }
    }

    private static func handedOver(_ rules: RuleBook) throws -> Fault {
        let key = RuleKey.noReturnAfterHandOver
        var details: [String: JSONValue] = ["rule": .string(key.rule), "parameter": .string(key.parameter)]
        details["ruleVersion"] = rules.version(of: key.rule).map { .string($0) }
        return DispensingFault.handedOver.fault(.object(details))
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    prescriptionId: Sample.prescription, reason: "患者未取药", destroyAll: true,
                    checkedByStaffId: Sample.checker),
                Reply(documentId: Sample.document, disposalId: Sample.disposal, state: .readyForReview)
            ),
            minimal: (
                Params(prescriptionId: Sample.prescription, reason: "患者未取药"),
                Reply(documentId: Sample.document, state: .readyForReview)
            ))
    }
}
