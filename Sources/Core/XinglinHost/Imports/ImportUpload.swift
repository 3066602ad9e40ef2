internal import XinglinKit

/// Takes a piece of a file: reads it, has its lines checked, and keeps what is good and what is wrong.
struct ImportUpload {
    /// What became of a piece.
    struct Outcome {
        var lines = 0
        var good = 0
        var faulty = 0
    }

    let record: ImportRecord
    let kind: ImportKind
    let readable: [RecordID]
    let context: HostCallContext
    let call: Call
    let store: ImportChunkStore

    /// Lines of one import.
    static let mostLines: Int64 = 1_000_000

    init(_ record: ImportRecord, _ kind: ImportKind, readable: [RecordID], _ call: Call) throws {
        self.record = record
        self.kind = kind
        self.readable = readable
        self.call = call
        self.context = try call.hosted
        self.store = ImportChunkStore(cipher: try call.hosted.services.cipher)
    }

    /// - Throws: `host.importFileMalformed`, or what the module's check throws; nothing is kept then.
    func take(_ csv: String) throws -> Outcome {
        let records = try ImportText.records(
            csv, firstLine: Int(self.record.nextLine), self.record.form.delimiter)
        guard self.record.lines + Int64(records.count) <= Self.mostLines else {
            throw ImportRefusal.malformed(
                line: Int(Self.mostLines) + 1,
                .init(
                    zh: "一次导入至多 \(Self.mostLines) 行；请把文件分成几份",
                    en: "one import has at most \(Self.mostLines) lines; divide the file"))
        }
        var outcome = Outcome(lines: records.count)
        var start = 0
        while start < records.count {
            let end = min(records.count, start + self.kind.chunk)
            try self.take(records[start..<end], &outcome)
            start = end
        }
        try self.call.db.execute(
            ImportStore.uploaded(
                self.record.id, lines: outcome.lines, good: outcome.good, faulty: outcome.faulty),
            expecting: .rows(1))
        return outcome
    }

    /// Takes as many records as the module wants at once.
    private func take(_ records: ArraySlice<CSVRecord>, _ outcome: inout Outcome) throws {
        var faults: [LineFault] = []
        var lines: [ImportLine] = []
        for (index, record) in zip(records.indices, records) where !record.isBlank {
            let number = Int(self.record.nextLine) + index
            if let fault = self.fault(of: record) {
                faults += LineFault.number([fault], of: number)
                outcome.faulty += 1
            } else {
                lines.append(self.line(number, record))
            }
        }
        let judged = try self.judge(lines)
        outcome.good += judged.good.count
        outcome.faulty += judged.faulty.count
        faults += judged.faulty.flatMap { LineFault.number($0.faults, of: $0.line) }
        var statements: [Statement] = []
        if let first = judged.good.first {
            self.context.willSeal()
            statements.append(
                Statement(
                    try self.store.add(
                        judged.good, firstLine: first.number, to: self.record.id, as: self.call.newID()),
                    .rows(1)))
        }
        if !faults.isEmpty {
            statements.append(Statement(ImportStore.add(faults, to: self.record.id, stage: .check)))
        }
        if !statements.isEmpty { try self.call.db.batch(statements) }
    }

    private func line(_ number: Int, _ record: CSVRecord) -> ImportLine {
        var values: [String: String] = [:]
        for (column, value) in zip(self.record.columns, record.fields) where !value.isEmpty { values[column] = value }
        return ImportLine(number: number, values: values)
    }

    /// What is wrong with a record whatever its columns mean.
    private func fault(of record: CSVRecord) -> ImportFault? {
        if record.hasStrayQuote {
            return ImportFault(
                nil,
                .init(
                    zh: "引号位置不对：含引号的字段须整个加引号，其中的引号写两次",
                    en: "a quotation mark is misplaced: quote the whole field, and double the marks in it"))
        }
        let columns = self.record.columns.count
        guard record.fields.count != columns else { return nil }
        return ImportFault(
            nil,
            .init(
                zh: "这一行有 \(record.fields.count) 个字段，表头有 \(columns) 个",
                en: "the line has \(record.fields.count) fields, the header \(columns)"))
    }
}

// MARK: - The module's verdicts

extension ImportUpload {
    private struct FaultyLine {
        let line: Int
        let faults: [ImportFault]
    }
    private struct Judged {
        var good: [PreparedLine] = []
        var faulty: [FaultyLine] = []
    }

    /// What the module says of lines, and what must not come twice in one file is faulty where it comes again.
    private func judge(_ lines: [ImportLine]) throws -> Judged {
        if lines.isEmpty { return Judged() }
        let verdicts = try self.context.judging(self.kind, readable: self.readable) {
            try self.kind.work.check(lines, $0)
        }
        guard verdicts.count == lines.count else { throw VerdictsMissing(kind: self.kind.name) }
        let twins = ImportTwins(store: self.store, record: self.record, kind: self.kind, call: self.call)
        let earlier = try twins.earlier(
            zip(lines, verdicts).map { line, verdict in
                switch verdict {
                case .good(_, let unique): .init(line: line, unique: unique, isGood: true)
                case .faulty: .init(line: line, unique: nil, isGood: false)
                }
            })
        var judged = Judged()
        for (line, verdict) in zip(lines, verdicts) {
            let twin = earlier[line.number].map { line in
                ImportFault(nil, .init(zh: "与第 \(line) 行重复", en: "the same as line \(line)"))
            }
            switch (verdict, twin) {
            case (.good(let prepared, _), nil):
                judged.good.append(PreparedLine(number: line.number, content: prepared))
            case (.good, .some(let twin)): judged.faulty.append(FaultyLine(line: line.number, faults: [twin]))
            case (.faulty(let faults), _):
                judged.faulty.append(FaultyLine(line: line.number, faults: faults + [twin].compactMap(\.self)))
            }
        }
        return judged
    }
}

/// A module's check gave more or fewer verdicts than it got lines: a fault of the program.
struct VerdictsMissing: Error, CustomStringConvertible {
    let kind: String
    var description: String { "the check of \(self.kind) did not give one verdict for each line" }
}
