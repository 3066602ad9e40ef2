internal import XinglinKit

/// A transfer as either site sees it.
struct TransferCard: Codable, Sendable {
    let transferId: RecordID
    var direction: String?
    let state: TransferState
    let stateZh: String
    var memberId: RecordID?
    var candidateId: RecordID?
    let name: String
    let reason: String
    let fromOrganizationId: RecordID
    let fromOrganizationNameZh: String
    let toOrganizationId: RecordID
    let toOrganizationNameZh: String
    let requestedOn: LocalDate
    var letterOn: LocalDate?
    var expiresOn: LocalDate?
    var letterNumber: String?
    var receivedOn: LocalDate?
    var intoOrganizationId: RecordID?
    var returnReason: String?

    static let directions = ["in", "out"]

    static let schema = Schema.object(Self.fields)
    static let fields: [Schema.Field] =
        TransferMoved.fields + [
            .optional(
                "direction", .enumeration(Self.directions), "Seen from the acting site; absent to who reads both."),
            .optional("memberId", .id, "The member; absent of a candidate."),
            .optional("candidateId", .id, "The development that goes along."),
            .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
            .required("reason", .text(1...200), "Why it was asked for."),
            .required("fromOrganizationId", .id, "The branch or group at the request."),
            .required("fromOrganizationNameZh", .text(1...100), "What it is called."),
            .required("toOrganizationId", .id, "The branch or group that was asked for."),
            .required("toOrganizationNameZh", .text(1...100), "What it is called."),
            .required("requestedOn", .date, "The day of the request."),
            .optional("letterOn", .date, "The day of issue of the latest letter."),
            .optional("expiresOn", .date, "Its last day."),
            .optional("letterNumber", .text(1...60), "Its number in the national register."),
            .optional("receivedOn", .date, "From which day on the person belongs to the receiving site."),
            .optional("intoOrganizationId", .id, "The branch or group there."),
            .optional("returnReason", .text(1...200), "Why the receiving site sent it back."),
        ]

    private typealias Columns = (
        RecordID, String?, TransferState, RecordID?, RecordID?, SQLBytes, SQLBytes, RecordID, String, RecordID, String,
        LocalDate, LocalDate?, LocalDate?, String?, LocalDate?, RecordID?, SQLBytes?
    )

    /// Reads the rows of `TransferQueries.list`, and records the look.
    static func read(_ rows: Rows, unmask: GetMember.Unmask?, _ call: Call) throws -> [TransferCard] {
        let cards = try rows.decode(as: Columns.self).map { row in
            let name = try call.open(row.5, of: TransferColumns.personName, row: row.0)
            // One by one: the initialiser with all of them is more than the compiler can check.
            var card = TransferCard(
                transferId: row.0, direction: row.1, state: row.2, stateZh: row.2.labelZh,
                name: unmask == nil ? MaskedName.of(name) : name,
                reason: try call.open(row.6, of: TransferColumns.reason, row: row.0), fromOrganizationId: row.7,
                fromOrganizationNameZh: row.8, toOrganizationId: row.9, toOrganizationNameZh: row.10,
                requestedOn: row.11)
            (card.memberId, card.candidateId) = (row.3, row.4)
            (card.letterOn, card.expiresOn, card.letterNumber) = (row.12, row.13, row.14)
            (card.receivedOn, card.intoOrganizationId) = (row.15, row.16)
            card.returnReason = try row.17.map { try call.open($0, of: TransferColumns.returnReason, row: row.0) }
            return card
        }
        call.recordAccess(
            basis: unmask?.purpose.rawValue ?? "view", subjects: cards.compactMap { $0.memberId ?? $0.candidateId })
        if unmask != nil { call.note("unmasked", true) }
        return cards
    }

    static let small = TransferCard(
        transferId: Sample.transfer, state: .requested, stateZh: TransferState.requested.labelZh, name: "张*",
        reason: "调入县中医医院工作", fromOrganizationId: Sample.branch, fromOrganizationNameZh: "某镇中心卫生院党支部",
        toOrganizationId: Sample.other, toOrganizationNameZh: "县中医医院第一党支部", requestedOn: Sample.today)

    static var full: TransferCard {
        var card = Self.small
        card.direction = "in"
        (card.memberId, card.candidateId) = (Sample.member, Sample.candidate)
        (card.letterOn, card.expiresOn) = (Sample.today, Sample.today.adding(days: 90))
        card.letterNumber = "陕党转〔2026〕0012号"
        (card.receivedOn, card.intoOrganizationId) = (Sample.today, Sample.group)
        card.returnReason = "培养考察材料不全"
        return card
    }
}
