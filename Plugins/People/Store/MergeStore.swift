internal import XinglinKit

/// The SQL of merging records and taking it back.
enum MergeStore {
    /// One merge at a time in the county: they are rare, and chains of them must not change under each other.
    static let lock: SQL = "SELECT pg_advisory_xact_lock(7306349185562913)"

    /// The two records, locked in one order, so that no update slips in between. Gives id, what it stands for, and whether
    /// the readable sites know it.
    static func pair(_ first: RecordID, _ second: RecordID) -> SQL {
        """
        SELECT asked.person_id, asked.current_id,
            EXISTS (SELECT FROM people.person AS m JOIN people.registration AS r ON r.person_id = m.person_id
                WHERE m.current_id = asked.current_id AND r.site_id = ANY (host.readable_sites()))
        FROM people.person AS asked WHERE asked.person_id = ANY (\([first, second])::uuid[])
        ORDER BY asked.person_id FOR UPDATE OF asked
        """
    }

    /// Whether both have a document, and not the same.
    static func documentsDiffer(_ keep: RecordID, _ drop: RecordID) -> SQL {
        """
        SELECT count(*) > 1 FROM people.document AS d JOIN people.person AS m ON m.person_id = d.person_id
        WHERE m.current_id = ANY (\([keep, drop])::uuid[])
        """
    }

    /// `keep` stands for `drop` and for whatever was merged into it. Nothing else of the two records changes.
    static func join(_ drop: RecordID, to keep: RecordID) -> SQL {
        """
        UPDATE people.person
        SET current_id = \(keep), merged_into = CASE WHEN person_id = \(drop) THEN \(keep)::uuid ELSE merged_into END
        WHERE current_id = \(drop)
        """
    }

    /// `drop` stands for itself again, and for what had been merged into it.
    static func part(_ drop: RecordID) -> SQL {
        """
        WITH RECURSIVE part AS (
            SELECT person_id FROM people.person WHERE person_id = \(drop) AND merged_into IS NOT NULL
            UNION ALL
            SELECT p.person_id FROM people.person AS p JOIN part ON p.merged_into = part.person_id
        )
        UPDATE people.person
        SET current_id = \(drop), merged_into = CASE WHEN person_id = \(drop) THEN NULL ELSE merged_into END
        WHERE person_id IN (SELECT person_id FROM part)
        """
    }

    static func record(
        _ id: RecordID, keep: RecordID, drop: RecordID, reason: SQLBytes, _ act: PersonStore.Act
    ) -> SQL {
        """
        INSERT INTO people.merge (merge_id, keep_id, drop_id, reason, merged_at, merged_by)
        VALUES (\(id), \(keep), \(drop), \(reason), \(act.now), \(act.account))
        """
    }

    /// The merge that made a record stand for another.
    static func open(of drop: RecordID) -> SQL {
        "SELECT merge_id, keep_id FROM people.merge WHERE drop_id = \(drop) AND unmerged_at IS NULL"
    }

    static func takeBack(_ id: RecordID, reason: SQLBytes, _ act: PersonStore.Act) -> SQL {
        """
        UPDATE people.merge
        SET unmerge_reason = \(reason), unmerged_at = \(act.now), unmerged_by = \(act.account)
        WHERE merge_id = \(id) AND unmerged_at IS NULL
        """
    }
}
