internal import Logging
internal import Synchronization
internal import XinglinKit

/// Logs to stderr: one JSON object per line, or text where a person watches.
struct StderrLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let isText: Bool

    /// Whether the process's log is text.
    static let standardIsText = Atomic(LogFormat.ofEnvironment.isText)

    /// The process's log where it is JSON.
    static var json: StderrLog? {
        guard !Self.standardIsText.load(ordering: .relaxed) else { return nil }
        return StderrLog(label: "xinglin", level: .info, isText: false)
    }

    init(label: String, level: Logger.Level, isText: Bool) {
        self.label = label
        self.logLevel = level
        self.isText = isText
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        LogWriter.standard.write(self.line(event, at: HostClock.system.now))
    }

    /// Writes a line past the logging system, which may not have been set up yet.
    func write(_ message: Logger.Message, at level: Logger.Level, _ metadata: Logger.Metadata) {
        self.log(
            event: LogEvent(
                level: level, message: message, error: nil, metadata: metadata, source: nil, file: #fileID,
                function: #function, line: #line))
    }

    /// The line that stands for those that were dropped.
    static func dropped(_ count: Int, at now: Timestamp) -> [UInt8] {
        let handler = StderrLog(label: "xinglin", level: .info, isText: Self.standardIsText.load(ordering: .relaxed))
        let event = LogEvent(
            level: .warning, message: "log lines dropped: the log is not read fast enough, or its disk was full",
            error: nil,
            metadata: ["count": .stringConvertible(count)], source: nil, file: #fileID, function: #function, line: #line
        )
        return handler.line(event, at: now)
    }

    func line(_ event: LogEvent, at now: Timestamp) -> [UInt8] {
        var metadata = event.metadata ?? [:]
        if let provider = self.metadataProvider { metadata.merge(provider.get()) { mine, _ in mine } }
        if !self.metadata.isEmpty { metadata.merge(self.metadata) { mine, _ in mine } }
        if let error = event.error { metadata["error"] = .string(String(describing: error)) }
        return self.isText ? self.text(event, metadata, now) : self.json(event, metadata, now)
    }

    private func json(_ event: LogEvent, _ metadata: Logger.Metadata, _ now: Timestamp) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"ts":"#)
        writer.string(now.description)
        writer.raw(#","level":"#)
        writer.string(event.level.rawValue)
        writer.raw(#","label":"#)
        writer.string(self.label)
        writer.raw(#","msg":"#)
        writer.string(event.message.description)
        if !metadata.isEmpty {
            writer.raw(#","metadata":"#)
            Self.write(metadata, to: &writer)
        }
        writer.raw("}")
        return writer.bytes
    }

    private func text(_ event: LogEvent, _ metadata: Logger.Metadata, _ now: Timestamp) -> [UInt8] {
        let colour: Colour =
            switch event.level {
            case .trace, .debug: .grey
            case .info: .green
            case .notice: .blue
            case .warning: .yellow
            case .error, .critical: .red
            }
        let level = event.level.rawValue
        let time = now.description.dropFirst(11).prefix(8)
        var line = "\(Colour.grey(String(time), true)) \(colour(level, true))"
        line += String(repeating: " ", count: max(1, 9 - level.count)) + event.message.description
        for key in metadata.keys.sorted() {
            line += " " + Colour.grey("\(key)=", true) + (metadata[key]?.description ?? "")
        }
        // A line break in a value must not pass for a line of its own.
        return Array(line.replacing("\n", with: "⏎").utf8)
    }

    private static func write(_ members: Logger.Metadata, to writer: inout JSONWriter) {
        writer.raw("{")
        for (index, (name, value)) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            writer.name(name, first: index == 0)
            self.write(value, to: &writer)
        }
        writer.raw("}")
    }

    private static func write(_ value: Logger.Metadata.Value, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.string(text)
        case .stringConvertible(let value):
            // Numbers stay numbers, so that a log can be searched by size.
            if let number = value as? Int64 {
                writer.integer(number)
            } else if let number = (value as? any BinaryInteger).flatMap({ Int64(exactly: $0) }) {
                writer.integer(number)
            } else {
                writer.string(value.description)
            }
        case .array(let values):
            writer.raw("[")
            for (index, value) in values.enumerated() {
                if index > 0 { writer.raw(",") }
                self.write(value, to: &writer)
            }
            writer.raw("]")
        case .dictionary(let members): self.write(members, to: &writer)
        }
    }
}
