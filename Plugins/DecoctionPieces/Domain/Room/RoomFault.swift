internal import XinglinKit

/// The reasons of the decoction room: 1160 to 1169.
enum RoomFault {
    static let tooEarly = FaultKind(
        "decoction.tooEarly", code: 1160,
        message: .init(zh: "未到规定时间，不能进入下一步", en: "The step has not lasted as long as it must"),
        hint: .init(
            zh: "details 中的 earliestAt 为最早时间，请到时再操作",
            en: "details.earliestAt is the earliest time; come back then"))
    static let machineExists = FaultKind(
        "decoction.machineExists", code: 1161,
        message: .init(zh: "本机构已有该编号的煎药设备", en: "The site has a machine with this code already"),
        hint: .init(zh: "使用 details 中已有的 machineId，或换一个编号", en: "Use the machineId in details, or another code"))
    static let machineBusy = FaultKind(
        "decoction.machineBusy", code: 1162,
        message: .init(zh: "该煎药设备正在煎药", en: "The machine is at work"),
        hint: .init(
            zh: "用 decoction.machine.list 选择可用的设备，或等 details 中的任务包装完毕",
            en: "Choose one that is ready from decoction.machine.list, or wait until the job in details is packed"))
    static let machineNotClean = FaultKind(
        "decoction.machineNotClean", code: 1163,
        message: .init(zh: "该煎药设备用后尚未清洗", en: "The machine has not been cleaned since it was used"),
        hint: .init(
            zh: "清洗后用 decoction.machine.clean 登记", en: "Clean it, and record that with decoction.machine.clean"))
    static let machineUnsuitable = FaultKind(
        "decoction.machineUnsuitable", code: 1164,
        message: .init(zh: "该煎药设备不能用于此处方", en: "The machine does not take this prescription"),
        hint: .init(
            zh: "details 中的 why：retired 设备已停用，anotherUse 内服、外用、毒性药品须分设备煎煮，须用 use 所列用途的设备",
            en:
                "details.why: retired, or anotherUse: drinking, external use and toxic pieces have machines apart; use is wanted"
        ))
    static let jobExists = FaultKind(
        "decoction.jobExists", code: 1165,
        message: .init(zh: "该处方已有煎药任务", en: "The prescription has a job already"),
        hint: .init(zh: "用 decoction.job.get 查看 details 中的任务", en: "See the job in details with decoction.job.get"))
    static let jobStateConflict = FaultKind(
        "decoction.jobStateConflict", code: 1166,
        message: .init(zh: "煎药任务当前状态不允许此操作", en: "The job is in a state that does not allow this"),
        hint: .init(
            zh: "details 给出当前状态 state 和可进入的下一步 next；各步须依次进行",
            en: "details gives its state and what may come next; steps are taken one after the other"))
    static let dispenseAnew = FaultKind(
        "decoction.dispenseAnew", code: 1167,
        message: .init(
            zh: "该处方上次煎药已报废，须重新调剂", en: "The last decoction was spoilt: the pieces have to be dispensed anew"),
        hint: .init(
            zh: "煎焦、煎干或中断的药不得加水再煎，也不得发出或配送（8.5）；用 decoction.prescription.return（destroyAll）退回销毁，重新审方、调剂",
            en:
                "What was scorched, dried or broken off is never wetted again, handed over or sent (8.5): return it with decoction.prescription.return (destroyAll), then review and dispense it anew"
        ))
    static let reasonRequired = FaultKind(
        "decoction.reasonRequired", code: 1168,
        message: .init(zh: "与规定不符，须说明原因", en: "This is not as the rules want it, and needs a reason"),
        hint: .init(
            zh: "details 中的 deviations 列出不符之处；填写 reason 后再提交",
            en: "details.deviations says what; send it again with a reason"))
    static let machineStateConflict = FaultKind(
        "decoction.machineStateConflict", code: 1169,
        message: .init(zh: "设备当前状态不允许此操作", en: "The machine is in a state that does not allow this"),
        hint: .init(
            zh: "煎药中的设备不能停用或清洗，已停用的设备不能再操作；用 decoction.machine.list 查看",
            en: "A busy machine is neither retired nor cleaned, a retired one not touched; see decoction.machine.list"))

    static let all = [
        tooEarly, machineExists, machineBusy, machineNotClean, machineUnsuitable, jobExists, jobStateConflict,
        dispenseAnew, reasonRequired, machineStateConflict,
    ]

    static let constraints: [String: FaultKind] = [
        "job_machine_taken": machineBusy, "job_prescription_taken": jobExists, "job_step_once": jobStateConflict,
    ]
}
