internal import XinglinKit

/// The SQL of what the decoction room boils in.
enum MachineStore {
    /// A new machine.
    struct New {
        let id: RecordID
        let code: String
        let nameZh: String
        let kind: MachineKind
        let use: MachineUse
    }

    /// No row where the code is taken.
    static func create(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.machine (site_id, machine_id, code, name_zh, kind, usage, state, created_at, created_by)
        VALUES (\(act.site), \(new.id), \(new.code), \(new.nameZh), \(new.kind), \(new.use), 'ready', \(act.now),
            \(act.account))
        ON CONFLICT (site_id, code) DO NOTHING
        """
    }

    static func find(code: String, site: RecordID) -> SQL {
        "SELECT machine_id FROM decoction.machine WHERE site_id = \(site) AND code = \(code)"
    }

    /// Its state, what it is kept for, and the job that it runs.
    static func describe(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT state, usage, (
            SELECT job_id FROM decoction.job
            WHERE job.site_id = machine.site_id AND job.machine_id = machine.machine_id
                AND job.state IN ('received', 'checked', 'soaking', 'boiling1', 'boiling2'))
        FROM decoction.machine WHERE site_id = \(site) AND machine_id = \(id)
        """
    }

    /// No row where it is busy or was retired before.
    static func retire(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.machine SET state = 'retired', retired_at = \(act.now)
        WHERE site_id = \(act.site) AND machine_id = \(id) AND state IN ('ready', 'dirty')
        """
    }

    /// Makes it ready, and says so in its record; no row where it is busy or retired.
    static func clean(_ id: RecordID, way: CleaningWay, _ act: LotStore.Act) -> SQL {
        """
        WITH cleaned AS (
            UPDATE decoction.machine SET state = 'ready'
            WHERE site_id = \(act.site) AND machine_id = \(id) AND state IN ('ready', 'dirty')
            RETURNING site_id, machine_id
        )
        INSERT INTO decoction.machine_cleaning (site_id, machine_id, job_id, way, at, account_id)
        SELECT site_id, machine_id, (
                SELECT job_id FROM decoction.job
                WHERE job.site_id = cleaned.site_id AND job.machine_id = cleaned.machine_id
                ORDER BY received_at DESC, job_id DESC LIMIT 1),
            \(way)::text, \(act.now)::timestamptz, \(act.account)::uuid
        FROM cleaned
        """
    }

    /// The machines of a site by code, with what each runs and when it was last cleaned.
    static func list(site: RecordID, after code: String, limit: Int) -> SQL {
        """
        SELECT code, machine_id, name_zh, kind,
            (\(MachineKind.labelsZh)::text[])[array_position(\(MachineKind.codes)::text[], kind)], usage,
            (\(MachineUse.labelsZh)::text[])[array_position(\(MachineUse.codes)::text[], usage)], state,
            (\(MachineState.labelsZh)::text[])[array_position(\(MachineState.codes)::text[], state)], (
                SELECT job_id FROM decoction.job
                WHERE job.site_id = machine.site_id AND job.machine_id = machine.machine_id
                    AND job.state IN ('received', 'checked', 'soaking', 'boiling1', 'boiling2')), (
                SELECT at FROM decoction.machine_cleaning
                WHERE machine_cleaning.site_id = machine.site_id AND machine_cleaning.machine_id = machine.machine_id
                ORDER BY seq DESC LIMIT 1), retired_at
        FROM decoction.machine WHERE site_id = \(site) AND code > \(code) ORDER BY code LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("code"), .string("machineId"), .string("nameZh"), .string("kind"), .string("kindZh"), .string("use"),
        .string("useZh"), .string("state"), .string("stateZh"), .string("jobId"), .timestamp("cleanedAt"),
        .timestamp("retiredAt"),
    ]

    /// How often and how it was cleaned, the latest first.
    static func cleanings(of id: RecordID, site: RecordID, before last: Int64, limit: Int) -> SQL {
        """
        SELECT seq, way, at, account_id, job_id FROM decoction.machine_cleaning
        WHERE site_id = \(site) AND machine_id = \(id) AND seq < \(last) ORDER BY seq DESC LIMIT \(limit)
        """
    }

    static let cleaningColumns: [JSONColumn] = [
        .integer("seq"), .string("way"), .timestamp("at"), .string("accountId"), .string("jobId"),
    ]

    /// The refusal of what the machine's state does not allow.
    /// - Throws: `host.notFound` where the site has no such machine.
    static func stateConflict(_ id: RecordID, _ call: Call) throws -> Fault {
        let name = JSONValue.string(id.description)
        let row = try call.db.first(
            Self.describe(id, site: call.site.id), as: (MachineState, MachineUse, RecordID?).self)
        guard let row else { throw HostFault.notFound.fault(["machineId": name]) }
        return RoomFault.machineStateConflict.fault(["machineId": name, "state": .string(row.0.rawValue)])
    }
}
