internal import XinglinKit

/// The SQL of shared pharmacies and of the orders to them. An order has two sites (docs/adr/0020): every statement names the side
/// on which it acts, and the policies of the tables hold it to that.
enum OrderStore {
    /// A pharmacy's own entry among those that supply others.
    static func setPharmacy(licence: String, isOpen: Bool, of site: Site, by account: RecordID, at now: Timestamp)
        -> SQL
    {
        """
        INSERT INTO decoction.shared_pharmacy (pharmacy_site_id, code, name_zh, licence, is_open, changed_at, changed_by)
        VALUES (\(site.id), \(site.code), \(site.nameZh), \(licence), \(isOpen), \(now), \(account))
        ON CONFLICT ON CONSTRAINT shared_pharmacy_key DO UPDATE SET code = excluded.code, name_zh = excluded.name_zh,
            licence = excluded.licence, is_open = excluded.is_open, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by
        """
    }

    static func pharmacies(after code: String, limit: Int) -> SQL {
        """
        SELECT code, name_zh, licence, is_open FROM decoction.shared_pharmacy WHERE code > \(code)
        ORDER BY code LIMIT \(limit)
        """
    }

    static let pharmacyColumns: [JSONColumn] = [
        .string("code"), .string("nameZh"), .string("licence"), .boolean("takesOrders"),
    ]

    /// What is ordered.
    struct Line: Codable, Sendable, Equatable {
        let pieceCode: String
        let quantityMg: Int64
    }

    /// An order of the acting site with its lines; no row where the pharmacy takes no orders.
    static func place(
        _ id: RecordID, to supplier: String, lines: [Line], note: String, from site: Site, _ act: LotStore.Act
    ) -> SQL {
        """
        WITH placed AS (
            INSERT INTO decoction.supply_order (
                site_id, supplier_site_id, order_id, site_code, site_name_zh, supplier_code, supplier_name_zh, licence, state,
                note, refusal, placed_at, placed_by)
            SELECT \(act.site)::uuid, pharmacy_site_id, \(id)::uuid, \(site.code)::text, \(site.nameZh)::text, code, name_zh,
                licence, 'placed', \(note)::text, '', \(act.now)::timestamptz, \(act.account)::uuid
            FROM decoction.shared_pharmacy
            WHERE code = \(supplier) AND is_open AND pharmacy_site_id <> \(act.site)::uuid
            RETURNING site_id, supplier_site_id, order_id
        )
        INSERT INTO decoction.supply_order_line (site_id, supplier_site_id, order_id, line_no, piece_code, ordered_mg)
        SELECT site_id, supplier_site_id, order_id, line_no, piece_code, ordered_mg
        FROM placed, unnest(\(lines.map(\.pieceCode))::text[], \(lines.map(\.quantityMg))::bigint[])
            WITH ORDINALITY AS line (piece_code, ordered_mg, line_no)
        """
    }

    /// Takes back an order of the acting site that nobody has decided on.
    static func cancel(_ id: RecordID, reason: String, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.supply_order SET state = 'cancelled', refusal = \(reason), decided_at = \(act.now)
        WHERE order_id = \(id) AND site_id = \(act.site) AND state = 'placed'
        """
    }

    /// The supplier's yes.
    static func accept(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.supply_order SET state = 'accepted', decided_at = \(act.now)
        WHERE order_id = \(id) AND supplier_site_id = \(act.site) AND state = 'placed'
        """
    }

    /// The supplier's no, also to what it had accepted and cannot ship.
    static func refuse(_ id: RecordID, reason: String, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.supply_order SET state = 'refused', refusal = \(reason), decided_at = \(act.now)
        WHERE order_id = \(id) AND supplier_site_id = \(act.site) AND state IN ('placed', 'accepted')
        """
    }

    /// The state of an order that the acting site placed or is to fill.
    static func state(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT state, site_id = \(site)::uuid FROM decoction.supply_order
        WHERE order_id = \(id) AND (site_id = \(site)::uuid OR supplier_site_id = \(site)::uuid)
        """
    }

    /// What a list is narrowed to.
    struct Filter {
        var side: String?
        var state: OrderState?
        var isOverdue = false
        var lot: RecordID?
    }

    /// The orders that the site placed and those that it is to fill, the newest first.
    static func list(_ filter: Filter, site: RecordID, today: LocalDate, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.head),
            (\(OrderState.labelsZh)::text[])[array_position(\(OrderState.codes)::text[], state)],
            state = 'shipped' AND due_on < \(today)
        FROM (
            (SELECT 'placed' AS side, * FROM decoction.supply_order
            WHERE site_id = \(site) AND order_id < \(last) AND coalesce(\(filter.side)::text, 'placed') = 'placed'
                AND (\(filter.state)::text IS NULL OR state = \(filter.state)::text)
                AND (NOT \(filter.isOverdue)::boolean OR (state = 'shipped' AND due_on < \(today)))
                AND (\(filter.lot)::uuid IS NULL OR order_id IN (
                    SELECT order_id FROM decoction.shipment_line WHERE lot_id = \(filter.lot)::uuid))
            ORDER BY order_id DESC LIMIT \(limit))
            UNION ALL
            (SELECT 'toFill', * FROM decoction.supply_order
            WHERE supplier_site_id = \(site) AND order_id < \(last) AND coalesce(\(filter.side)::text, 'toFill') = 'toFill'
                AND (\(filter.state)::text IS NULL OR state = \(filter.state)::text)
                AND (NOT \(filter.isOverdue)::boolean OR (state = 'shipped' AND due_on < \(today)))
                AND (\(filter.lot)::uuid IS NULL OR order_id IN (
                    SELECT order_id FROM decoction.shipment_line WHERE lot_id = \(filter.lot)::uuid))
            ORDER BY order_id DESC LIMIT \(limit))
        ) AS supply_order
        ORDER BY order_id DESC LIMIT \(limit)
        """
    }

    /// One order of either side.
    static func head(of id: RecordID, site: RecordID, today: LocalDate) -> SQL {
        """
        SELECT \(literal: Self.head),
            (\(OrderState.labelsZh)::text[])[array_position(\(OrderState.codes)::text[], state)],
            state = 'shipped' AND due_on < \(today)
        FROM (
            SELECT CASE WHEN site_id = \(site)::uuid THEN 'placed' ELSE 'toFill' END AS side, * FROM decoction.supply_order
            WHERE order_id = \(id) AND (site_id = \(site)::uuid OR supplier_site_id = \(site)::uuid)
        ) AS supply_order
        """
    }

    private static let head: StaticString = """
        order_id, side, site_code, site_name_zh, supplier_code, supplier_name_zh, nullif(note, ''), nullif(refusal, ''),
        placed_at, decided_at, shipped_at, document_id, due_on, rule_version, received_at, (
            SELECT coalesce(sum(in_transit_mg), 0)::bigint FROM decoction.shipment_line
            WHERE shipment_line.order_id = supply_order.order_id), (
            SELECT count(*) FROM decoction.shipment_claim AS claim
            WHERE claim.order_id = supply_order.order_id AND claim.state = 'open'), state
        """

    static let columns: [JSONColumn] = [
        .string("orderId"), .string("side"), .string("siteCode"), .string("siteNameZh"), .string("supplierCode"),
        .string("supplierNameZh"), .string("note"), .string("refusal"), .timestamp("placedAt"),
        .timestamp("decidedAt"), .timestamp("shippedAt"), .string("documentId"), .string("dueOn"),
        .string("ruleVersion"), .timestamp("receivedAt"), .integer("inTransitMg"), .integer("openClaims"),
        .string("state"), .string("stateZh"), .boolean("overdue"),
    ]

    /// What was ordered, shipped and became of it, line by line.
    static func lines(of id: RecordID) -> SQL {
        """
        SELECT line.line_no, line.piece_code, name_zh, ordered_mg, coalesce(sum(shipped_mg), 0)::bigint,
            coalesce(sum(received_mg), 0)::bigint, coalesce(sum(claimed_mg), 0)::bigint,
            coalesce(sum(in_transit_mg), 0)::bigint
        FROM decoction.supply_order_line AS line JOIN decoction.piece ON piece.code = line.piece_code
            LEFT JOIN decoction.shipment_line AS sent ON sent.order_id = line.order_id AND sent.line_no = line.line_no
        WHERE line.order_id = \(id)
        GROUP BY line.line_no, line.piece_code, name_zh, ordered_mg ORDER BY line.line_no
        """
    }

    static let lineColumns: [JSONColumn] = [
        .integer("lineNo"), .string("pieceCode"), .string("nameZh"), .integer("orderedMg"), .integer("shippedMg"),
        .integer("receivedMg"), .integer("claimedMg"), .integer("inTransitMg"),
    ]

    /// What was ordered, for the supplier who ships it.
    static func ordered(_ id: RecordID) -> SQL {
        "SELECT line_no, piece_code, ordered_mg FROM decoction.supply_order_line WHERE order_id = \(id) ORDER BY line_no"
    }
}
