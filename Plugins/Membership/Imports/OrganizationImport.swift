internal import XinglinKit

/// `membership.organizations`: Party organisations that the acting site keeps. A parent may stand in the same file before; a file of up to
/// 1,000 lines is judged as a whole. What is recorded just so already is good and does nothing.
struct OrganizationImport: BulkImport {
    static let kind = "membership.organizations"
    static let summary = LocalizedText(zh: "党组织：每行一个党组织", en: "Organisations: each line is a Party organisation")
    static let access = MembershipAccess.administration
    static let columns: [ImportColumn] = [
        ImportColumn(
            "nameZh", .init(zh: "名称", en: "name"), required: true,
            .init(zh: "至多 100 个字，如 某镇中心卫生院党支部", en: "at most 100 characters")),
        ImportColumn(
            "kind", .init(zh: "类别", en: "kind"), required: true,
            .init(
                zh: OrganizationKind.allCases.map(\.labelZh).joined(separator: "、"), en: "committee, generalBranch, …")),
        ImportColumn(
            "parent", .init(zh: "上级组织", en: "parent"), required: false,
            .init(zh: "名称或编号，已登记或在本文件前面；空为最上级", en: "name or id, recorded or before in the file; none at the top")),
        ImportColumn(
            "foundedOn", .init(zh: "成立日期", en: "founded on"), required: true,
            .init(zh: "如 2010-07-01", en: "such as 2010-07-01")),
    ]

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let known = try RegisterBench.organizations(call.db.rows(RegisterStore.organizations))
        var desk = OrganizationDesk(known, site: try call.site.id, today: call.today)
        return lines.map { desk.verdict($0, id: call.newID()) }
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        try call.db.execute(OrganizationStore.changing)
        let known = try RegisterBench.organizations(call.db.rows(RegisterStore.organizations))
        var living = Set(known.byID.values.filter { !$0.isEnded }.map(\.id))
        var faults: [Int: [ImportFault]] = [:]
        var foundings: [RegisterStore.Founding] = []
        for line in lines {
            guard let founding = try PreparedOrganization.read(line.content) else { continue }
            // Since the check it may have ended, or its own line was left out.
            if let parent = founding.parent, !living.contains(parent) {
                faults[line.number] = [ImportFault("parent", RegisterText.parentFaulty)]
                continue
            }
            let twin = known.find(founding.nameZh) { $0.parentID == founding.parent && !$0.isEnded }
            guard case .none = twin else {
                faults[line.number] = [ImportFault("nameZh", RegisterText.exists)]
                continue
            }
            living.insert(founding.id)
            foundings.append(founding)
        }
        guard !foundings.isEmpty else { return faults }
        try call.db.batch(
            RegisterStore.found(foundings, Act(call)).map { Statement($0, .rows(foundings.count)) })
        return faults
    }
}

/// A good line of organisations between check and apply.
enum PreparedOrganization {
    private static let separator: Character = "\u{1F}"

    static func content(_ founding: RegisterStore.Founding) -> [UInt8] {
        let fields = [
            founding.id.description, founding.kind.rawValue, founding.nameZh, founding.parent?.description ?? "",
            founding.foundedOn.description,
        ]
        return Array(fields.joined(separator: String(Self.separator)).utf8)
    }

    /// Nil for a line that changes nothing.
    static func read(_ bytes: [UInt8]) throws -> RegisterStore.Founding? {
        guard bytes != PreparedMember.unchanged else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self)
            .split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 5, let id = RecordID(fields[0]), let kind = OrganizationKind(rawValue: fields[1]),
            let founded = LocalDate(fields[4])
        else { throw HostFault.internal.fault() }
        return RegisterStore.Founding(
            id: id, kind: kind, nameZh: fields[2], parent: RecordID(fields[3]), foundedOn: founded)
    }
}
