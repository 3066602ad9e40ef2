internal import XinglinKit

/// What a place is kept at (domain rule 8.2).
enum StoreClimate: String, PrescriptionCode {
    /// 常温, from 10 to 30 °C as shipped.
    case normal
    /// 阴凉, up to 20 °C.
    case cool
    /// 冷藏, from 2 to 10 °C.
    case cold
    /// Not watched: a box that goes out.
    case none

    var labelZh: String {
        switch self {
        case .normal: "常温"
        case .cool: "阴凉"
        case .cold: "冷藏"
        case .none: "不监测"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// Between which values a place has to be, in tenths of a degree and of a percent.
struct ClimateLimits: Equatable {
    /// Nil where there is no lower one.
    let celsiusMin: Int?
    let celsiusMax: Int
    let humidityMin: Int
    let humidityMax: Int

    /// - Throws: `decoction.ruleUnusable`.
    init(_ climate: StoreClimate, _ rules: RuleBook) throws(Fault) {
        self.celsiusMin =
            switch climate {
            case .normal, .none: Int(try rules.number(.normalMinCelsius)) * 10
            case .cool: nil
            case .cold: Int(try rules.number(.coldMinCelsius)) * 10
            }
        self.celsiusMax =
            switch climate {
            case .normal, .none: Int(try rules.number(.normalMaxCelsius)) * 10
            case .cool: Int(try rules.number(.coolMaxCelsius)) * 10
            case .cold: Int(try rules.number(.coldMaxCelsius)) * 10
            }
        self.humidityMin = Int(try rules.number(.humidityMinPercent)) * 10
        self.humidityMax = Int(try rules.number(.humidityMaxPercent)) * 10
    }

    /// Whether a reading is within them; the limits themselves are.
    func contain(celsius: Int, humidity: Int) -> Bool {
        celsius >= (self.celsiusMin ?? Int.min) && celsius <= self.celsiusMax
            && humidity >= self.humidityMin && humidity <= self.humidityMax
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "celsiusMaxTenths": .integer(Int64(self.celsiusMax)),
            "humidityMinTenths": .integer(Int64(self.humidityMin)),
            "humidityMaxTenths": .integer(Int64(self.humidityMax)),
        ]
        members["celsiusMinTenths"] = self.celsiusMin.map { .integer(Int64($0)) }
        return .object(members)
    }
}
