internal import XinglinKit

/// What the label and the papers of a batch say beyond its number and dates (PC-01); what nobody has recorded is absent.
struct BatchPapers: Codable, Sendable {
    var spec: String?
    var origin: String?
    var maker: String?
    var certificateNumber: String?

    /// As they are kept.
    var tidied: BatchPapers {
        BatchPapers(
            spec: self.spec.map(PlainText.trimmed), origin: self.origin.map(PlainText.trimmed),
            maker: self.maker.map(PlainText.trimmed), certificateNumber: self.certificateNumber.map(PlainText.number))
    }

    static let fields: [Schema.Field] = [
        .optional("spec", .text(1...60), "The specification on the label, such as slices or a grade (PC-01)."),
        .optional("origin", .text(1...60), "Where the material was grown or gathered (PC-01)."),
        .optional("maker", .text(1...100), "The maker on the label, where it is not the supplier (PC-01)."),
        .optional("certificateNumber", .text(1...60), "The number of the batch's certificate of quality (PC-01)."),
    ]

    static let example = BatchPapers(spec: "段", origin: "内蒙古", maker: "亳州某饮片有限公司", certificateNumber: "JY20260923")
}
