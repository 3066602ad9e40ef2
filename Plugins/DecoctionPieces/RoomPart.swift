internal import XinglinKit

/// What the decoction room adds to the module (domain rules 8.5).
enum RoomPart {
    static let tables: [ModuleManifest.Table] = [
        .perSite("machine"), .perSite("job"), .ledger("job_step"), .ledger("machine_cleaning"),
        .perSite("sample"), .ledger("supervision"),
    ]

    static var methods: [any RPCMethod] {
        [
            CreateMachine(), ListMachines(), RetireMachine(), CleanMachine(), ListCleanings(), StartJob(), AdvanceJob(),
            AbortJob(),
            GetJob(), ListJobs(), JobInstructions(), TraceJob(), FindJobsByLot(), GetBoard(), ListSamples(),
            DiscardSample(), RecordSupervision(), ListSupervisions(),
        ]
    }
}
