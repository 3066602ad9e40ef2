/// Writes metrics in Prometheus's text format, version 0.0.4.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var bytes: [UInt8] = []

    init() {
        self.bytes.reserveCapacity(65_536)
    }

    /// Begins a family; its samples follow.
    mutating func begin(_ family: MetricFamily) {
        self.append("# HELP \(family.name) \(Self.escapedHelp(family.help))\n")
        self.append("# TYPE \(family.name) \(family.kind.rawValue)\n")
    }

    mutating func sample(_ family: MetricFamily, _ labels: [String] = [], _ value: Double) {
        self.sample(family.name, family.labels, labels, Self.number(value))
    }

    mutating func sample(_ family: MetricFamily, _ labels: [String] = [], _ value: UInt64) {
        self.sample(family.name, family.labels, labels, String(value))
    }

    /// The samples of one histogram; its labels come before the bucket's own.
    mutating func histogram(_ family: MetricFamily, _ labels: [String] = [], _ histogram: TimeHistogram) {
        let (buckets, sum) = histogram.contents
        var count: UInt64 = 0
        for (place, inBucket) in buckets.enumerated() {
            count += inBucket
            let isLast = place == TimeHistogram.bounds.count
            let end = isLast ? "+Inf" : Self.number(Double(TimeHistogram.bounds[place]) / 1_000_000)
            self.sample("\(family.name)_bucket", family.labels + ["le"], labels + [end], String(count))
        }
        self.sample("\(family.name)_sum", family.labels, labels, Self.number(Double(sum) / 1_000_000))
        self.sample("\(family.name)_count", family.labels, labels, String(count))
    }

    private mutating func sample(_ name: String, _ labels: [String], _ values: [String], _ value: String) {
        self.append(name)
        // A label without a value is the same as none.
        let pairs = zip(labels, values).filter { !$0.1.isEmpty }
        if !pairs.isEmpty {
            let text = pairs.map { "\($0)=\"\(Self.escapedLabel($1))\"" }.joined(separator: ",")
            self.append("{\(text)}")
        }
        self.append(" \(value)\n")
    }

    private mutating func append(_ text: String) {
        self.bytes.append(contentsOf: text.utf8)
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        // A whole number is written as one.
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    static func escapedHelp(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    static func escapedLabel(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
