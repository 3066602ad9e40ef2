internal import XinglinKit

/// What orders between sites and deliveries to villages add to the module.
enum SharedPart {
    /// `supply_order`, `shipment_line` and `shipment_claim` are changed by either side: docs/adr/0020.
    static let tables: [ModuleManifest.Table] = [
        .county("shared_pharmacy"), .perSite("supply_order"), .ledger("supply_order_line"), .perSite("shipment_line"),
        .ledger("shipment_receipt"), .perSite("shipment_claim"), .perSite("delivery"),
    ]

    static var methods: [any RPCMethod] {
        [
            SetSharedPharmacy(), ListSharedPharmacies(), PlaceOrder(), CancelOrder(), AcceptOrder(), RefuseOrder(),
            ShipOrder(), ReceiveOrder(), GetOrder(), ListOrders(), ListTransit(), ListClaims(), SettleClaim(),
            CreateDelivery(), HandOverDelivery(), BringBackDelivery(), ListDeliveries(),
        ]
    }
}
