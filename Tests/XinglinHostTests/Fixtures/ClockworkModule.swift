import XinglinKit
import XinglinTesting

/// A module for the tests of jobs: what its jobs do stands in `clockwork.tick`, and what they are told in `clockwork.order`.
struct ClockworkModule: FeatureModule {
    static let jammed = FaultKind(
        "clockwork.jammed", code: 9901, message: .init(zh: "卡住", en: "Jammed"), hint: .init(zh: "修理", en: "Mend it"))

    static let manifest = ModuleManifest(
        code: "clockwork", version: "1", summary: .init(zh: "钟表", en: "Clockwork"), faults: [jammed],
        migrations: [
            Migration(
                "m0001_create",
                Array(
                    """
                    CREATE TABLE clockwork.tick (
                        site_id uuid NOT NULL, tick_id uuid PRIMARY KEY, job text NOT NULL, at timestamptz NOT NULL);
                    ALTER TABLE clockwork.tick ENABLE ROW LEVEL SECURITY;
                    ALTER TABLE clockwork.tick FORCE ROW LEVEL SECURITY;
                    CREATE POLICY tick_site ON clockwork.tick
                        USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
                    CREATE TABLE clockwork.strike (strike_id uuid PRIMARY KEY, at timestamptz NOT NULL, ticks bigint NOT NULL);
                    CREATE TABLE clockwork.instruction (job text PRIMARY KEY, what text NOT NULL);
                    """.utf8))
        ],
        tables: [.perSite("tick"), .county("strike"), .county("instruction")])

    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [WindUp()] }
    var jobs: [any ScheduledJob] { [TickWrite(), TickSkip(), BellStrike(), Grind()] }
}

struct WindUp: RPCMethod {
    static let name = "clockwork.spring.wind"
    static let summary = "Does nothing."
    static let effect = Effect.read
    static let access = Access.roles([.nurse])
    static let params = Schema.object()
    static let reply = Schema.object()
    static let examples = Examples<Empty, Empty>(full: (Empty(), Empty()), minimal: (Empty(), Empty()))
    func handle(_ params: Empty, _ call: Call) throws -> Empty { Empty() }
}

/// What the jobs share: a tick, and then what the test told the job to do.
enum Clockwork {
    /// 2026-11-22T14:30:00+08:00.
    static let start = Timestamp(microseconds: 1_795_329_000_000_000)

    /// A host whose clock stands at the start: modules are enabled on the machine's clock, which is later, so that nothing
    /// falls due but what a test asks for. On a clock that runs, a test now and then meets a full hour.
    static func standing() async throws -> TestHost {
        let host = try await TestHost.start(ClockworkModule.self)
        host.setClock(Self.start)
        return host
    }

    static func tick(_ job: String, _ call: Call, _ time: Timestamp) throws {
        try call.db.execute(
            """
            INSERT INTO clockwork.tick (site_id, tick_id, job, at) \
            VALUES (\(call.site.id), \(call.newID()), \(job), \(time))
            """)
        try self.obey(job, call)
    }

    static func obey(_ job: String, _ call: Call) throws {
        let what: String? = try call.db.first("SELECT what FROM clockwork.instruction WHERE job = \(job)")
        switch what {
        case "jam": throw ClockworkModule.jammed.fault()
        case "sleep": try call.db.execute("SELECT pg_sleep(300)")
        default: break
        }
    }
}

/// Every hour at each site; three are made up for.
struct TickWrite: ScheduledJob {
    static let name = "clockwork.tickWrite"
    static let summary = LocalizedText(zh: "走时", en: "Ticks")
    static let schedule = "0 * * * *"
    static let missed = MissedRuns.catchUp(atMost: 3)
    static let timeLimit = 2
    static let retries = 2

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        try Clockwork.tick(Self.name, call, scheduledFor)
        return .done(["ticks": 1])
    }
}

/// Every hour at each site; missed ones are passed over.
struct TickSkip: ScheduledJob {
    static let name = "clockwork.tickSkip"
    static let summary = LocalizedText(zh: "走时", en: "Ticks")
    static let schedule = "0 * * * *"
    static let missed = MissedRuns.skip
    static let timeLimit = 600
    static let retries = 0

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        try Clockwork.tick(Self.name, call, scheduledFor)
        return .done(["ticks": 1])
    }
}

/// Once a day for all sites together: it sees the ticks of every site, and nobody calls it.
struct BellStrike: ScheduledJob {
    static let name = "clockwork.bellStrike"
    static let summary = LocalizedText(zh: "敲钟", en: "Strikes")
    static let schedule = "0 12 * * *"
    static let scope = Scope.host

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let ticks: Int? = try call.db.first("SELECT count(*) FROM clockwork.tick")
        try call.db.execute(
            "INSERT INTO clockwork.strike (strike_id, at, ticks) VALUES (\(call.newID()), \(scheduledFor), \(ticks ?? 0))"
        )
        call.note("strike", .string("noted"))
        return .done()
    }
}

/// In portions of one tick, until there are four; told to, it jams at the third.
struct Grind: ScheduledJob {
    static let name = "clockwork.tickGrind"
    static let summary = LocalizedText(zh: "研磨", en: "Grinds")
    static let schedule = "0 3 1 1 *"
    static let retries = 1

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let done: Int? = try call.db.first(
            "SELECT count(*) FROM clockwork.tick WHERE site_id = \(call.site.id) AND job = \(Self.name)")
        if done == 4 { return .done() }
        if done == 2 { try Clockwork.obey(Self.name, call) }
        try call.db.execute(
            """
            INSERT INTO clockwork.tick (site_id, tick_id, job, at) \
            VALUES (\(call.site.id), \(call.newID()), \(Self.name), \(scheduledFor))
            """)
        return .unfinished(["ticks": 1])
    }
}
