internal import XinglinKit

/// A Party organisation as it is on a day.
struct PartyOrganization: Sendable {
    let id: RecordID
    /// The site that keeps its records.
    let keptAt: RecordID
    let foundedOn: LocalDate
    let version: Int
    /// Since when it is as it is.
    let validFrom: LocalDate
    var kind: OrganizationKind
    var nameZh: String
    var parentID: RecordID?
    /// Whether it may approve admissions and conversions (DV-18).
    var approves: Bool
    var isTemporary: Bool
    var isEnded: Bool

    /// Whether it may stand where it is put, by its kind and that of what is above it.
    /// - Throws: `membership.parentUnfit`.
    static func mustFit(_ kind: OrganizationKind, below parent: PartyOrganization?) throws(Fault) {
        guard let parent else {
            guard kind.mayBeTop else { throw MembershipFault.parentUnfit(kind, nil) }
            return
        }
        guard kind.parents.contains(parent.kind) else { throw MembershipFault.parentUnfit(kind, parent.kind) }
    }
}

/// The paper that a decision goes back to.
struct PaperReference: Codable, Sendable {
    var title: String?
    var fileId: RecordID?
    var sm3: String?

    static let schema = Schema.object(
        .optional("title", .text(1...200), "What the paper is, such as 县卫健工委〔2026〕12号批复; or fileId."),
        .optional("fileId", .id, "The scan, a finished file (`files.finish`) of the acting site."),
        .optional("sm3", .code(64...64), "The SM3 of the paper, 64 hexadecimal digits; that of the file unless told."))

    /// A paper has a title or a scan.
    /// - Throws: `host.invalidParams`.
    func check(at pointer: String) throws(Fault) {
        guard self.title != nil || self.fileId != nil else {
            throw Fault.invalid("\(pointer)/title", expected: "a title or a fileId", zh: "标题或文件")
        }
        guard let sm3 = self.sm3 else { return }
        guard sm3.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            throw Fault.invalid("\(pointer)/sm3", expected: "64 lowercase hexadecimal digits", zh: "64 位小写十六进制数")
        }
    }
}
