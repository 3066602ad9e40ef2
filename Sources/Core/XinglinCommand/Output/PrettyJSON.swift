/// Lays out JSON for people: two spaces per level, members in the order in which they came.
struct PrettyJSON {
    private var output: [UInt8] = []
    private var depth = 0
    private let coloured: Bool

    private init(coloured: Bool) {
        self.coloured = coloured
    }

    /// - Parameter json: One valid JSON value.
    static func format(_ json: [UInt8], coloured: Bool) -> [UInt8] {
        var printer = PrettyJSON(coloured: coloured)
        var position = 0
        while position < json.count { position = printer.token(json, position) }
        return printer.output
    }

    private mutating func token(_ json: [UInt8], _ start: Int) -> Int {
        switch json[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return self.open(json, start)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            self.depth -= 1
            self.breakLine()
            self.output.append(json[start])
        case UInt8(ascii: ","):
            self.output.append(json[start])
            self.breakLine()
        case UInt8(ascii: ":"): self.output.append(contentsOf: ": ".utf8)
        case UInt8(ascii: "\""): return self.string(json, start)
        case let byte where Self.isSpace(byte): break
        default: return self.scalar(json, start)
        }
        return start + 1
    }

    private mutating func open(_ json: [UInt8], _ start: Int) -> Int {
        self.output.append(json[start])
        let next = Self.skipSpace(json, start + 1)
        // What is empty stays on its line.
        if next < json.count, json[next] == json[start] + 2 {
            self.output.append(json[next])
            return next + 1
        }
        self.depth += 1
        self.breakLine()
        return start + 1
    }

    private mutating func string(_ json: [UInt8], _ start: Int) -> Int {
        var end = start + 1
        while end < json.count, json[end] != UInt8(ascii: "\"") { end += json[end] == UInt8(ascii: "\\") ? 2 : 1 }
        end = min(end + 1, json.count)
        let after = Self.skipSpace(json, end)
        let isName = after < json.count && json[after] == UInt8(ascii: ":")
        self.coloured(json[start..<end], isName ? .blue : .green)
        return end
    }

    private mutating func scalar(_ json: [UInt8], _ start: Int) -> Int {
        let end = json[start...].firstIndex { Self.isSpace($0) || [0x2C, 0x5D, 0x7D].contains($0) } ?? json.count
        self.coloured(json[start..<end], json[start] == UInt8(ascii: "n") ? .grey : .yellow)
        return end
    }

    private mutating func coloured(_ token: ArraySlice<UInt8>, _ colour: Colour) {
        guard self.coloured else { return self.output.append(contentsOf: token) }
        self.output.append(contentsOf: colour(String(decoding: token, as: UTF8.self), true).utf8)
    }

    private mutating func breakLine() {
        self.output.append(0x0A)
        self.output.append(contentsOf: repeatElement(0x20, count: max(0, self.depth) * 2))
    }

    private static func skipSpace(_ json: [UInt8], _ start: Int) -> Int {
        json[min(start, json.count)...].firstIndex { !self.isSpace($0) } ?? json.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
