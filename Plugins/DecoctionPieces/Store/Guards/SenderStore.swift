internal import XinglinKit

/// Who sent a shipment, among the suppliers of who receives it.
enum SenderStore {
    /// The supplier with the sender's licence, and whether it is the sender: by its name, or because earlier shipments of the same
    /// site were booked on it, so that a site which changes its name stays the same supplier.
    static func supplier(of order: RecordID, site: RecordID) -> SQL {
        """
        SELECT supplier.supplier_id, supplier.name_zh = placed.supplier_name_zh OR EXISTS (
            SELECT FROM decoction.shipment_receipt AS receipt JOIN decoction.lot USING (site_id, lot_id)
            WHERE receipt.site_id = \(site) AND receipt.supplier_site_id = placed.supplier_site_id
                AND lot.supplier_id = supplier.supplier_id)
        FROM decoction.supply_order AS placed JOIN decoction.supplier
            ON supplier.site_id = placed.site_id AND supplier.licence = placed.licence
        WHERE placed.site_id = \(site) AND placed.order_id = \(order)
        """
    }
}
