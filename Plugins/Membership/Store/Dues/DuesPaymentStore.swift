internal import XinglinKit

/// The SQL of payments: those for dues, and the voluntary ones in their own ledger.
enum DuesPaymentStore {
    /// Keeps the months that a member has lines in from being assessed or closed while money is booked; in one order, so that nobody waits
    /// in a ring. All branches' rows of a month: a line may be on its way from one to another.
    static func lockMonths(of member: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.month FROM membership.dues_month AS one
        WHERE one.site_id = \(site) AND one.month IN (
            SELECT line.month FROM membership.dues_line AS line
            WHERE line.site_id = \(site) AND line.member_id = \(member))
        ORDER BY one.month, one.organization_id FOR SHARE
        """
    }

    /// The lines of a member: month, what is still to be paid, whether the month is closed.
    static func lines(of member: RecordID, site: RecordID) -> SQL {
        """
        SELECT line.month, line.due_fen - line.waived_fen - paid.fen, EXISTS (
            SELECT FROM membership.dues_closing AS closing
            WHERE closing.site_id = line.site_id AND closing.organization_id = line.organization_id
                AND closing.month = line.month)
        FROM membership.dues_line AS line \(literal: DuesLineStore.paid)
        WHERE line.site_id = \(site) AND line.member_id = \(member) AND NOT line.is_void
            AND \(literal: DuesLineStore.isLast)
        ORDER BY line.month
        """
    }

    struct Payment {
        let id: RecordID
        let member: RecordID
        let on: LocalDate
        let amountFen: Int64
        let how: PaymentKind
    }

    static func add(_ payment: Payment, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_payment (
            site_id, payment_id, member_id, on_date, amount_fen, how, recorded_at, recorded_by)
        VALUES (\(act.site), \(payment.id), \(payment.member), \(payment.on), \(payment.amountFen), \(payment.how),
            \(act.now), \(act.account))
        """
    }

    static func add(_ parts: [Settlement.Open], closed: Set<CalendarMonth>, of payment: Payment, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_part (site_id, payment_id, month, member_id, amount_fen, is_back)
        SELECT \(act.site)::uuid, \(payment.id)::uuid, one.month, \(payment.member)::uuid, one.fen, one.is_back
        FROM unnest(
            \(parts.map(\.month))::date[], \(parts.map(\.fen))::bigint[], \(parts.map { closed.contains($0.month) })::boolean[]
        ) AS one (month, fen, is_back)
        """
    }

    struct Voluntary {
        let id: RecordID
        let member: RecordID
        let organization: RecordID
        let on: LocalDate
        let amountFen: Int64
        let isForCentre: Bool
        let payment: RecordID?
        let note: String
        let ruleVersion: String
    }

    static func add(_ one: Voluntary, _ act: Act) -> SQL {
        """
        INSERT INTO membership.voluntary_payment (
            site_id, voluntary_id, member_id, organization_id, on_date, amount_fen, for_centre, payment_id, note, rule_version,
            recorded_at, recorded_by)
        VALUES (\(act.site), \(one.id), \(one.member), \(one.organization), \(one.on), \(one.amountFen), \(one.isForCentre),
            \(one.payment), \(one.note), \(one.ruleVersion), \(act.now), \(act.account))
        """
    }

    /// Whose payment, or voluntary payment given by itself, it is, and whether it was reversed.
    static func owner(of record: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.member_id FROM (
            SELECT payment.member_id FROM membership.dues_payment AS payment
            WHERE payment.site_id = \(site) AND payment.payment_id = \(record)
            UNION ALL
            SELECT gift.member_id FROM membership.voluntary_payment AS gift
            WHERE gift.site_id = \(site) AND gift.voluntary_id = \(record) AND gift.payment_id IS NULL
        ) AS one
        """
    }

    /// The months in whose closing a payment counts.
    static func settled(_ payment: RecordID, site: RecordID) -> SQL {
        """
        SELECT part.month FROM membership.dues_part AS part
        WHERE part.site_id = \(site) AND part.payment_id = \(payment) AND NOT part.is_back AND EXISTS (
            SELECT FROM membership.dues_closed_line AS closed
            WHERE closed.site_id = part.site_id AND closed.month = part.month AND closed.member_id = part.member_id)
        ORDER BY part.month
        """
    }

    /// Which of some members paid for a month by a payment that can still be reversed: no part of it stands in a closed month.
    static func reversible(of members: [RecordID], in month: CalendarMonth, site: RecordID) -> SQL {
        """
        SELECT DISTINCT part.member_id FROM membership.dues_part AS part
        WHERE part.site_id = \(site) AND part.month = \(month) AND part.member_id = ANY (\(members))
            AND NOT EXISTS (
                SELECT FROM membership.dues_reversal AS reversal
                WHERE reversal.site_id = part.site_id AND reversal.record_id = part.payment_id)
            AND NOT EXISTS (
                SELECT FROM membership.dues_part AS other
                JOIN membership.dues_closed_line AS closed ON closed.site_id = other.site_id
                    AND closed.month = other.month AND closed.member_id = other.member_id
                WHERE other.site_id = part.site_id AND other.payment_id = part.payment_id AND NOT other.is_back)
        """
    }

    static func reversal(of record: RecordID, site: RecordID) -> SQL {
        "SELECT recorded_at FROM membership.dues_reversal WHERE site_id = \(site) AND record_id = \(record)"
    }

    static func reverse(_ record: RecordID, reason: String, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_reversal (site_id, record_id, reason, recorded_at, recorded_by)
        VALUES (\(act.site), \(record), \(reason), \(act.now), \(act.account))
        """
    }

    /// A member's payments, the latest first.
    static func payments(of member: RecordID, before: RecordID, limit: Int) -> SQL {
        """
        SELECT payment.payment_id, payment.on_date, payment.how, payment.amount_fen,
            coalesce((
                SELECT jsonb_agg(jsonb_build_object(
                    'month', to_char(part.month, 'YYYY-MM'), 'amountFen', part.amount_fen, 'backPayment', part.is_back)
                    ORDER BY part.month)
                FROM membership.dues_part AS part
                WHERE part.site_id = payment.site_id AND part.payment_id = payment.payment_id), '[]'),
            gift.voluntary_id, gift.amount_fen, reversal.recorded_at, reversal.reason, payment.recorded_at
        FROM membership.dues_payment AS payment
        LEFT JOIN membership.voluntary_payment AS gift
            ON gift.site_id = payment.site_id AND gift.payment_id = payment.payment_id
        LEFT JOIN membership.dues_reversal AS reversal
            ON reversal.site_id = payment.site_id AND reversal.record_id = payment.payment_id
        WHERE payment.member_id = \(member) AND payment.payment_id < \(before)
        ORDER BY payment.payment_id DESC LIMIT \(limit)
        """
    }

    static let paymentColumns: [JSONColumn] = [
        .string("paymentId"), .string("on"), .string("how"), .integer("amountFen"), .json("parts"),
        .string("voluntaryId"),
        .integer("voluntaryFen"), .timestamp("reversedAt"), .string("reversalReason"), .timestamp("recordedAt"),
    ]
}

/// How dues came in.
enum PaymentKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case cash, transfer
    /// For the months of a quarter at once, with the branch's consent.
    case quarter
    /// By somebody else, with the branch's consent.
    case proxy

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
