internal import XinglinKit

/// The encrypted columns.
enum Sealed {
    static let phone = SealedColumn("person", "phone", key: "person_id")
    static let address = SealedColumn("person", "address", key: "person_id")
    static let document = SealedColumn("document", "number", key: "person_id", index: "number_index")
    static let before = SealedColumn("change", "before", key: "change_id")
    static let mergeReason = SealedColumn("merge", "reason", key: "merge_id")
    static let unmergeReason = SealedColumn("merge", "unmerge_reason", key: "merge_id")

    static let all = [phone, address, document, before, mergeReason, unmergeReason]
}

/// A document as it is stored.
struct SealedDocument {
    let kind: DocumentKind
    let number: SQLBytes
    let index: SQLBytes

    init(kind: DocumentKind, number: SQLBytes, index: SQLBytes) {
        self.kind = kind
        self.number = number
        self.index = index
    }

    init(_ document: IdentityDocument, of person: RecordID, _ call: Call) throws {
        self.kind = document.kind
        self.number = try call.seal(document.number, for: Sealed.document, row: person)
        self.index = try call.blindIndex(document.number, of: Sealed.document)
    }
}
