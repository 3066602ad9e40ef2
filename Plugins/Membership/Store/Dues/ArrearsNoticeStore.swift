internal import XinglinKit

/// The SQL of notices and talks about arrears.
enum ArrearsNoticeStore {
    struct New {
        let id: RecordID
        let member: RecordID
        let stage: ArrearsStage
        let on: LocalDate
        let run: [CalendarMonth]
        let note: String
        let paper: PaperReference
    }

    static func add(_ one: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.arrears_notice (
            site_id, notice_id, member_id, stage, on_date, from_month, until_month, months, note, document_title, document_file,
            document_sm3, recorded_at, recorded_by)
        VALUES (\(act.site), \(one.id), \(one.member), \(one.stage.rawValue), \(one.on), \(one.run.first), \(one.run.last),
            \(one.run.count), \(one.note), \(one.paper.title ?? ""), \(one.paper.fileId), \(one.paper.sm3 ?? ""), \(act.now),
            \(act.account))
        """
    }

    /// Those of some members up to a day that stand, the first first.
    static func standing(of members: [RecordID], through day: LocalDate) -> SQL {
        """
        SELECT one.notice_id, one.member_id, one.stage, one.on_date FROM membership.arrears_notice AS one
        WHERE one.member_id = ANY (\(members)::uuid[]) AND one.on_date <= \(day) AND NOT EXISTS (
            SELECT FROM membership.dues_reversal AS reversal
            WHERE reversal.site_id = one.site_id AND reversal.record_id = one.notice_id)
        ORDER BY one.on_date, one.notice_id
        """
    }

    /// Whose notice it is.
    static func owner(of notice: RecordID, site: RecordID) -> SQL {
        "SELECT member_id FROM membership.arrears_notice WHERE site_id = \(site) AND notice_id = \(notice)"
    }

    /// By member.
    static func notices(
        of members: [RecordID], through day: LocalDate, _ call: Call
    ) throws -> [RecordID: [ArrearsNotice]] {
        let rows = try call.db.query(
            Self.standing(of: members, through: day), as: (RecordID, RecordID, ArrearsStage, LocalDate).self)
        return Dictionary(grouping: rows, by: \.1)
            .mapValues { $0.map { ArrearsNotice(noticeId: $0.0, stage: $0.2, on: $0.3) } }
    }
}
