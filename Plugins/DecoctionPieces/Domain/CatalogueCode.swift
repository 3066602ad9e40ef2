internal import XinglinKit

/// One column of the catalogue that holds a closed set of values: a code on the wire, a label in the data file.
protocol CatalogueCode: RawRepresentable, CaseIterable, Codable, Sendable, SQLBindable where RawValue == String {
    /// How the data file writes it.
    var fileLabel: String { get }
    /// What people read.
    var labelZh: String { get }
}

extension CatalogueCode {
    var labelZh: String { self.fileLabel }

    /// The value that the data file writes so, or nil.
    init?(fileLabel: String) {
        guard let value = Self.allCases.first(where: { $0.fileLabel == fileLabel }) else { return nil }
        self = value
    }

    /// The codes, for a schema.
    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// How strongly a piece acts, in the words of the Pharmacopoeia. It says nothing about control: see `ControlClass`.
enum Toxicity: String, CatalogueCode {
    case none, slight, toxic, severe

    var fileLabel: String {
        switch self {
        case .none: "none"
        case .slight: "小毒"
        case .toxic: "有毒"
        case .severe: "大毒"
        }
    }

    var labelZh: String { self == .none ? "无毒性标注" : self.fileLabel }
}

/// The legal or the house's control over a piece. Any but `none` takes two persons to accept (PC-02).
enum ControlClass: String, CatalogueCode {
    case none, toxic, narcotic, house

    var fileLabel: String {
        switch self {
        case .none: "none"
        case .toxic: "毒性药品"
        case .narcotic: "麻醉药品"
        case .house: "院内加严"
        }
    }

    var labelZh: String { self == .none ? "普通" : self.fileLabel }
}

/// What is known of use in pregnancy; `none` is no known caution, not a proof of safety.
enum Pregnancy: String, CatalogueCode {
    case none, caution, forbidden

    var fileLabel: String {
        switch self {
        case .none: "none"
        case .caution: "慎用"
        case .forbidden: "禁用"
        }
    }

    var labelZh: String { self == .none ? "未见标注" : self.fileLabel }
}

/// How a piece wants to be stored.
enum StorageClass: String, CatalogueCode {
    case normal, mould, volatile, insect, oil, toxic, precious

    var fileLabel: String {
        switch self {
        case .normal: "普通"
        case .mould: "易霉变"
        case .volatile: "易挥发"
        case .insect: "易虫蛀"
        case .oil: "易走油"
        case .toxic: "毒性"
        case .precious: "贵细"
        }
    }
}

/// What is special about boiling a piece.
enum Cooking: String, CatalogueCode {
    case none, first, last, wrapped, separate, melted, withLiquid

    var fileLabel: String {
        switch self {
        case .none: "none"
        case .first: "先煎"
        case .last: "后下"
        case .wrapped: "包煎"
        case .separate: "另煎"
        case .melted: "烊化"
        case .withLiquid: "冲服"
        }
    }

    var labelZh: String { self == .none ? "无特殊煎法" : self.fileLabel }
}

/// How a piece is taken.
enum DoseRoute: String, CatalogueCode {
    case decoct, external, pill, swallow, noOral

    var fileLabel: String {
        switch self {
        case .decoct: "煎服"
        case .external: "外用"
        case .pill: "入丸散"
        case .swallow: "吞服"
        case .noOral: "禁内服"
        }
    }
}

/// How sure we are of a line of the catalogue.
enum Confidence: String, CatalogueCode {
    case high, medium

    var fileLabel: String { self.rawValue }
}
