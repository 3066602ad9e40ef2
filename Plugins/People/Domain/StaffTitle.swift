internal import XinglinKit

/// Professional titles (GB/T 8561, ranks assistant to chief). PC-02 judges acceptance by the TCM pharmacists' ranks.
enum StaffTitle: String, LabelledCode {
    case assistantTcmPharmacist, tcmPharmacist, tcmPharmacistInCharge, associateChiefTcmPharmacist, chiefTcmPharmacist
    case assistantPharmacist, pharmacist, pharmacistInCharge, associateChiefPharmacist, chiefPharmacist
    case assistantPhysician, physician, attendingPhysician, associateChiefPhysician, chiefPhysician
    case assistantTcmPhysician, tcmPhysician, attendingTcmPhysician, associateChiefTcmPhysician, chiefTcmPhysician
    case publicHealthPhysician, villageDoctor
    case assistantNurse, nurse, nurseInCharge, associateChiefNurse, chiefNurse
    case assistantTechnician, technician, technicianInCharge, associateChiefTechnician, chiefTechnician
    case administrator, driver, supportWorker, other

    var labelZh: String {
        self.pharmacyZh ?? self.physicianZh ?? self.nursingZh ?? self.technicianZh ?? self.otherZh
    }

    private var pharmacyZh: String? {
        switch self {
        case .assistantTcmPharmacist: "中药士"
        case .tcmPharmacist: "中药师"
        case .tcmPharmacistInCharge: "主管中药师"
        case .associateChiefTcmPharmacist: "副主任中药师"
        case .chiefTcmPharmacist: "主任中药师"
        case .assistantPharmacist: "药士"
        case .pharmacist: "药师"
        case .pharmacistInCharge: "主管药师"
        case .associateChiefPharmacist: "副主任药师"
        case .chiefPharmacist: "主任药师"
        default: nil
        }
    }

    private var physicianZh: String? {
        switch self {
        case .assistantPhysician: "医士"
        case .physician: "医师"
        case .attendingPhysician: "主治医师"
        case .associateChiefPhysician: "副主任医师"
        case .chiefPhysician: "主任医师"
        case .assistantTcmPhysician: "中医士"
        case .tcmPhysician: "中医师"
        case .attendingTcmPhysician: "主治中医师"
        case .associateChiefTcmPhysician: "副主任中医师"
        case .chiefTcmPhysician: "主任中医师"
        case .publicHealthPhysician: "公共卫生医师"
        case .villageDoctor: "乡村医生"
        default: nil
        }
    }

    private var nursingZh: String? {
        switch self {
        case .assistantNurse: "护士"
        case .nurse: "护师"
        case .nurseInCharge: "主管护师"
        case .associateChiefNurse: "副主任护师"
        case .chiefNurse: "主任护师"
        default: nil
        }
    }

    private var technicianZh: String? {
        switch self {
        case .assistantTechnician: "技士"
        case .technician: "技师"
        case .technicianInCharge: "主管技师"
        case .associateChiefTechnician: "副主任技师"
        case .chiefTechnician: "主任技师"
        default: nil
        }
    }

    private var otherZh: String {
        switch self {
        case .administrator: "管理人员"
        case .driver: "驾驶员"
        case .supportWorker: "工勤人员"
        default: "其他"
        }
    }
}
