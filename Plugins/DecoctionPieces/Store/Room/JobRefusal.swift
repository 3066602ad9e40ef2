internal import XinglinKit

/// Why a job did not begin: the first of the reasons that holds.
struct JobRefusal {
    let prescription: RecordID
    let machine: RecordID
    let use: MachineUse

    func fault(_ call: Call) throws -> Fault {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(JobStore.hindrances(self.prescription, site: site)),
            Statement(MachineStore.describe(self.machine, site: site)),
        ])
        let of = JSONValue.string(self.prescription.description)
        if let hindrance = try results[0].first(as: (RecordID?, Bool).self) {
            if let job = hindrance.0 {
                return RoomFault.jobExists.fault(["prescriptionId": of, "jobId": .string(job.description)])
            }
            if let fault = try Hindrance.fault(of: self.prescription, call) { return fault }
        }
        let name = JSONValue.string(self.machine.description)
        guard let found = try results[1].first(as: (MachineState, MachineUse, RecordID?).self) else {
            return HostFault.notFound.fault(["machineId": name])
        }
        return self.refusal(of: name, state: found.0, use: found.1, job: found.2)
    }

    private func refusal(of name: JSONValue, state: MachineState, use: MachineUse, job: RecordID?) -> Fault {
        if state == .retired {
            return RoomFault.machineUnsuitable.fault([
                "machineId": name, "why": "retired", "use": .string(self.use.rawValue),
            ])
        }
        if use != self.use {
            return RoomFault.machineUnsuitable.fault([
                "machineId": name, "why": "anotherUse", "use": .string(self.use.rawValue),
            ])
        }
        if state == .dirty { return RoomFault.machineNotClean.fault(["machineId": name]) }
        var details: [String: JSONValue] = ["machineId": name]
        details["jobId"] = job.map { .string($0.description) }
        // It may have become free meanwhile: then the caller tries again.
        return state == .busy ? RoomFault.machineBusy.fault(.object(details)) : HostFault.conflict.fault()
    }
}
