internal import XinglinKit

/// Why what was dispensed or issued may not leave, as its refusal says it.
enum Hindrance {
    /// The refusal where a lot of it was recalled, or its pieces were spoilt in the decoction room; nil where nothing is amiss.
    static func fault(of prescription: RecordID?, document: RecordID? = nil, _ call: Call) throws -> Fault? {
        if let fault = try Self.recalled(prescription, document: document, call) { return fault }
        guard let prescription else { return nil }
        let found = try call.db.first(
            JobStore.hindrances(prescription, site: call.site.id), as: (RecordID?, Bool).self)
        return found?.1 == true ? Self.spoilt(prescription) : nil
    }

    /// The refusal where a lot of it was recalled.
    static func recalled(_ prescription: RecordID?, document: RecordID? = nil, _ call: Call) throws -> Fault? {
        let lots = try call.db.query(
            HindranceStore.recalled(prescription, document, site: call.site.id),
            as: (RecordID, String, String).self)
        guard !lots.isEmpty else { return nil }
        var details: [String: JSONValue] = [
            "rule": "PC-02",
            "lots": .array(
                lots.map {
                    [
                        "lotId": .string($0.0.description), "pieceCode": .string($0.1), "batchNumber": .string($0.2),
                    ]
                }),
        ]
        details["prescriptionId"] = prescription.map { .string($0.description) }
        details["documentId"] = document.map { .string($0.description) }
        return GuardFault.lotRecalled.fault(.object(details))
    }

    /// The refusal of what was scorched, dried or otherwise given up after it got wet.
    static func spoilt(_ prescription: RecordID) -> Fault {
        RoomFault.dispenseAnew.fault(["prescriptionId": .string(prescription.description), "rule": "8.5"])
    }

    /// The refusal where a document is on its way or was signed for.
    static func delivered(_ document: RecordID, _ call: Call) throws -> Fault? {
        let found = try call.db.first(
            HindranceStore.delivery(of: document, site: call.site.id), as: RecordID.self)
        return found.map { delivery in
            SharedFault.deliveryExists.fault([
                "documentId": .string(document.description), "deliveryId": .string(delivery.description),
            ])
        }
    }

    /// Why a document cannot be sent out: `why` is `dispensing` or `reversed`.
    static func undeliverable(_ document: RecordID, _ call: Call) throws -> Fault {
        var details: [String: JSONValue] = ["documentId": .string(document.description)]
        if let (isDispensing, isReversed) = try call.db.first(
            HindranceStore.issue(document, site: call.site.id), as: (Bool, Bool).self)
        {
            details["why"] = isDispensing ? "dispensing" : isReversed ? "reversed" : nil
        }
        return SharedFault.notDeliverable.fault(.object(details))
    }
}
