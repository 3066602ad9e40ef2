internal import XinglinKit

/// When and how one piece is handled, counted from the start of the first boiling.
struct BoilingInstruction: Codable, Sendable, Equatable {
    /// Where it happens.
    enum Phase: String, PrescriptionCode {
        case boiling1
        /// In a pot of its own, mixed in at the end.
        case apart
        /// In the hot liquid of both boilings.
        case afterBoiling2
        /// By the patient.
        case atTaking
    }

    let pieceCode: String
    let nameZh: String
    let quantityMg: Int64
    let cooking: Cooking
    let cookingZh: String
    let phase: Phase
    var minute: Int?
    var untilMinute: Int?
    var at: Timestamp?
    let textZh: String
    let textEn: String
    var notesZh: String?

    static let schema = Schema.object(
        .required("pieceCode", .code(1...20), "The piece."),
        .required("nameZh", .text(1...30), "Its name."),
        .required("quantityMg", .integer(1...1_000_000_000_000), "All doses together, in milligrams."),
        .required("cooking", .enumeration(Cooking.codes), "How it is boiled."),
        .required("cookingZh", .text(1...20), "The same in Chinese."),
        .required("phase", .enumeration(Phase.codes), "In the pot, apart, in the hot liquid, or by the patient."),
        .optional("minute", .integer(0...100_000), "At which minute from the start of boiling1; none at taking."),
        .optional("untilMinute", .integer(0...100_000), "The last minute at which it may go in."),
        .optional("at", .timestamp, "The same as an instant, once the start is known or can be told."),
        .required("textZh", .text(1...300), "What to do, in Chinese."),
        .required("textEn", .text(1...300), "What to do."),
        .optional("notesZh", .text(1...60), "What the catalogue says of it besides."))
}

/// Works the instructions out, in the order in which they fall due.
struct BoilingInstructions {
    let prescription: BoiledPrescription
    let plan: BoilingPlan
    let rules: RuleBook
    /// The start of the first boiling, as it was or will be at the earliest; nil where it cannot be told yet.
    let start: Timestamp?

    func all() throws(Fault) -> [BoilingInstruction] {
        var found: [(order: Int, index: Int, instruction: BoilingInstruction)] = []
        for (index, line) in self.prescription.lines.enumerated() {
            let instruction = try self.instruction(line)
            found.append((instruction.minute ?? Int.max, index, instruction))
        }
        return found.sorted { ($0.order, $0.index) < ($1.order, $1.index) }.map(\.instruction)
    }

    private func instruction(_ line: BoiledPrescription.Line) throws(Fault) -> BoilingInstruction {
        let (lead, name) = (self.plan.leadMinutes, line.nameZh)
        switch line.cooking {
        case .none:
            return self.of(
                line, .boiling1, lead, zh: "\(Self.zh(lead))放入\(name)", en: "\(Self.en(lead)): put in \(name)")
        case .first:
            let own = try line.leadMinutes(self.rules)
            return self.of(
                line, .boiling1, lead - own, zh: "\(Self.zh(lead - own))放入\(name)，先煎\(own)分钟后再放其他药",
                en: "\(Self.en(lead - own)): put in \(name), \(own) minutes before the others")
        case .last:
            let end = lead + self.plan.firstMinMinutes
            let (least, most) = (
                Int(try self.rules.number(.lastMinMinutes)), Int(try self.rules.number(.lastMaxMinutes))
            )
            let (from, to) = (max(lead, end - most), max(lead, end - least))
            return self.of(
                line, .boiling1, from, until: to, zh: "第\(from)至\(to)分钟后下\(name)，煎\(least)至\(most)分钟",
                en: "Between minute \(from) and \(to): put in \(name), to boil for \(least) to \(most) minutes")
        case .wrapped:
            return self.of(
                line, .boiling1, lead, zh: "\(Self.zh(lead))将\(name)装入布袋扎口后放入",
                en: "\(Self.en(lead)): put in \(name), tied up in a cloth bag")
        case .separate:
            return self.of(
                line, .apart, lead, zh: "\(name)另锅单煎，煎液在包装前兑入",
                en: "Boil \(name) in a pot of its own; mix its liquid in before packing")
        case .melted:
            return self.of(
                line, .afterBoiling2, lead + self.plan.firstMinMinutes + self.plan.secondMinMinutes,
                zh: "两煎药液合并滤过后，趁热加入\(name)搅拌烊化", en: "Dissolve \(name) in the hot, filtered liquid of both boilings")
        case .withLiquid:
            return self.of(
                line, .atTaking, nil, zh: "\(name)不入煎，随袋交患者，服药时以药液冲服",
                en: "Do not boil \(name): the patient gets it with the bags, and takes it with the liquid")
        }
    }

    private func of(
        _ line: BoiledPrescription.Line, _ phase: BoilingInstruction.Phase, _ minute: Int?, until: Int? = nil,
        zh: String, en: String
    ) -> BoilingInstruction {
        let at = minute.flatMap { minute in self.start?.adding(seconds: Int64(minute) * 60) }
        return BoilingInstruction(
            pieceCode: line.code, nameZh: line.nameZh,
            quantityMg: line.perDoseMg * Int64(self.prescription.doses), cooking: line.cooking,
            cookingZh: line.cooking.labelZh, phase: phase, minute: minute, untilMinute: until, at: at, textZh: zh,
            textEn: en, notesZh: line.notes.isEmpty ? nil : line.notes)
    }

    private static func zh(_ minute: Int) -> String { minute == 0 ? "开始煎煮时" : "第\(minute)分钟" }
    private static func en(_ minute: Int) -> String { minute == 0 ? "At the start" : "At minute \(minute)" }
}
