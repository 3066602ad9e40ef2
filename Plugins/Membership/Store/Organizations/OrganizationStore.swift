internal import XinglinKit

/// The SQL of organisations.
enum OrganizationStore {
    /// The columns of `PartyOrganization`, from `membership.organizations_on`.
    private static let columns: StaticString = """
        organization_id, kept_at, founded_on, version, valid_from, kind, name_zh, parent_id, approves, is_temporary, is_ended
        """

    /// An organisation as it was on a day.
    static func one(_ id: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT \(literal: Self.columns) FROM membership.organizations_on(\(day)) AS one
        WHERE one.organization_id = \(id)
        """
    }

    /// An organisation as it was last changed, whatever the day.
    static func latest(_ id: RecordID) -> SQL {
        """
        SELECT \(literal: Self.columns) FROM membership.organizations_on('9999-12-31') AS one
        WHERE one.organization_id = \(id)
        """
    }

    /// The organisations above one on a day, the nearest first; itself is the first row.
    static func above(_ id: RecordID, on day: LocalDate) -> SQL {
        """
        WITH RECURSIVE chain AS (
            SELECT one.*, 0 AS depth FROM membership.organizations_on(\(day)) AS one WHERE one.organization_id = \(id)
            UNION ALL
            SELECT one.*, chain.depth + 1 FROM chain
            JOIN membership.organizations_on(\(day)) AS one ON one.organization_id = chain.parent_id WHERE chain.depth < 20
        )
        SELECT \(literal: Self.columns) FROM chain ORDER BY depth
        """
    }

    /// The living organisations directly below one on a day.
    static func children(of id: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT \(literal: Self.columns) FROM membership.organizations_on(\(day)) AS one
        WHERE one.parent_id = \(id) AND NOT one.is_ended ORDER BY one.name_zh, one.organization_id
        """
    }

    /// Whoever changes the tree waits for whoever does: two moves may not make a circle together. "xlor".
    static let changing: SQL = "SELECT pg_advisory_xact_lock(2020372338)::text"

    static func found(_ id: RecordID, on day: LocalDate, _ act: Act) -> SQL {
        """
        INSERT INTO membership.organization (organization_id, kept_at, founded_on, recorded_at, recorded_by)
        VALUES (\(id), \(act.site), \(day), \(act.now), \(act.account))
        """
    }

    /// What a change makes of an organisation.
    struct Version {
        let organization: RecordID
        let number: Int
        let validFrom: LocalDate
        let change: OrganizationChange
        let kind: OrganizationKind
        let nameZh: String
        let parent: RecordID?
        let approves: Bool
        let isTemporary: Bool
        let isEnded: Bool
        var other: RecordID?
        var reason = ""
        var document = PaperReference()

        /// The next version of an organisation, as it is but for the change.
        init(
            after one: PartyOrganization, _ change: OrganizationChange, on day: LocalDate,
            kind: OrganizationKind? = nil,
            nameZh: String? = nil, parent: RecordID?, isEnded: Bool = false
        ) {
            let kind = kind ?? one.kind
            self.organization = one.id
            self.number = one.version + 1
            self.validFrom = day
            self.change = change
            self.kind = kind
            self.nameZh = nameZh ?? one.nameZh
            self.parent = parent
            self.approves =
                kind == .committee && (one.kind == .committee ? one.approves : !one.isTemporary)
            self.isTemporary = one.isTemporary
            self.isEnded = isEnded
        }

        init(
            founding organization: RecordID, _ change: OrganizationChange, on day: LocalDate, kind: OrganizationKind,
            nameZh: String, parent: RecordID?, approves: Bool, isTemporary: Bool
        ) {
            self.organization = organization
            self.number = 1
            self.validFrom = day
            self.change = change
            self.kind = kind
            self.nameZh = nameZh
            self.parent = parent
            self.approves = approves
            self.isTemporary = isTemporary
            self.isEnded = false
        }
    }

    static func add(_ version: Version, _ act: Act) -> SQL {
        """
        INSERT INTO membership.organization_version (
            organization_id, version, valid_from, change, kind, name_zh, parent_id, approves, is_temporary, is_ended, other_id,
            reason, document_title, document_file, document_sm3, recorded_at, recorded_by)
        VALUES (\(version.organization), \(version.number), \(version.validFrom), \(version.change), \(version.kind),
            \(version.nameZh), \(version.parent), \(version.approves), \(version.isTemporary), \(version.isEnded),
            \(version.other), \(version.reason), \(version.document.title ?? ""), \(version.document.fileId),
            \(version.document.sm3 ?? ""), \(act.now), \(act.account))
        """
    }

    /// Which organisations a list shows.
    struct Filter {
        var root: RecordID?
        var kind: OrganizationKind?
        var includesEnded = false
        var keptAt: RecordID?
    }

    /// Organisations on a day by id, with how many members each has itself in the readable sites.
    static func list(_ filter: Filter, on day: LocalDate, after: RecordID, limit: Int) -> SQL {
        """
        WITH counted AS MATERIALIZED (
            SELECT standing.organization_id, count(*) FILTER (WHERE standing.status = 'full') AS full_members,
                count(*) FILTER (WHERE standing.status = 'probationary') AS probationary
            FROM membership.standings_on(\(day)) AS standing GROUP BY standing.organization_id
        )
        SELECT one.organization_id, one.kind, one.name_zh, one.parent_id, one.founded_on, one.approves, one.is_temporary,
            one.is_ended, CASE WHEN one.is_ended THEN one.valid_from END, one.version,
            coalesce(counted.full_members, 0), coalesce(counted.probationary, 0)
        FROM membership.organizations_on(\(day)) AS one
        LEFT JOIN counted ON counted.organization_id = one.organization_id
        WHERE one.organization_id > \(after) AND (\(filter.kind)::text IS NULL OR one.kind = \(filter.kind)::text)
            AND (\(filter.includesEnded)::boolean OR NOT one.is_ended)
            AND (\(filter.keptAt)::uuid IS NULL OR one.kept_at = \(filter.keptAt)::uuid)
            AND (\(filter.root)::uuid IS NULL OR one.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(filter.root)::uuid, \(day)) AS tree))
        ORDER BY one.organization_id LIMIT \(limit)
        """
    }

    /// The columns of `list`, as members of the reply.
    static let listColumns: [JSONColumn] = [
        .string("organizationId"), .string("kind"), .string("nameZh"), .string("parentId"), .string("foundedOn"),
        .boolean("approves"), .boolean("temporary"), .boolean("ended"), .string("endedOn"), .integer("version"),
        .integer("full"), .integer("probationary"),
    ]

    /// Every change of an organisation, the oldest first.
    static func history(_ id: RecordID) -> SQL {
        """
        SELECT version, valid_from, change, kind, name_zh, parent_id, other_id, nullif(reason, ''),
            nullif(document_title, ''), document_file, nullif(document_sm3, ''), recorded_at
        FROM membership.organization_version WHERE organization_id = \(id) ORDER BY version
        """
    }

    static let historyColumns: [JSONColumn] = [
        .integer("version"), .string("on"), .string("change"), .string("kind"), .string("nameZh"), .string("parentId"),
        .string("otherId"), .string("reason"), .string("documentTitle"), .string("fileId"), .string("sm3"),
        .timestamp("recordedAt"),
    ]

    /// How many members, open candidates and living organisations hang on an organisation on a day: what a dissolution would leave
    /// without a place.
    static func dependants(of id: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT (SELECT count(*) FROM membership.standings_on(\(day)) AS standing
                WHERE standing.organization_id = \(id) AND standing.status <> 'ended'),
            (SELECT count(*) FROM membership.organizations_on('9999-12-31') AS one
             WHERE one.parent_id = \(id) AND NOT one.is_ended)
        """
    }

    /// Everybody whose branch or group is this one, or will be by a fact of a later day, with the latest day of such a fact.
    static func members(of id: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT standing.member_id FROM membership.standings_on(\(day)) AS standing
        WHERE standing.organization_id = \(id) AND standing.status <> 'ended' ORDER BY standing.member_id
        """
    }

    /// Whether a readable site keeps an organisation.
    static func isReadable(_ id: RecordID) -> SQL {
        """
        SELECT kept_at = ANY (host.readable_sites()) FROM membership.organization WHERE organization_id = \(id)
        """
    }

    /// The last day of anything that puts somebody or something into an organisation.
    static func lastTouch(_ id: RecordID) -> SQL {
        """
        SELECT greatest(
            (SELECT max(one.on_date) FROM membership.standing AS one
             WHERE one.organization_id = \(id) AND NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.standing AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)),
            (SELECT max(one.valid_from) FROM membership.organization_version AS one WHERE one.parent_id = \(id)))
        """
    }
}
