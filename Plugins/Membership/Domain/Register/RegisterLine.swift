internal import XinglinKit

/// A line of the register as it can be read: what stands in its fields, and what is wrong with them one by one and together.
struct RegisterLine: Sendable {
    var status: EnrolMember.Enrolled?
    var joinedOn: LocalDate?
    var probationEndedOn: LocalDate?
    var since: LocalDate?
    /// Birth date where the file has the column; a citizen number says it better.
    var birthDate: LocalDate?
    private(set) var faults: [ImportFault] = []

    /// The values of the rule table that lines are judged by.
    struct Rules: Sendable {
        /// DV-01.
        let ageFrom: Int64
        /// DV-19.
        let probationYears: Int64

        init(_ book: RuleBook) throws(Fault) {
            self.ageFrom = try book.number(RuleKey("DV-01", "ageFrom"))
            self.probationYears = try book.number(RuleKey("DV-19", "probationYears"))
        }
    }

    static let longest = 400

    /// Reads the fields; what is missing or unreadable is a fault of its own.
    init(_ line: ImportLine) {
        for column in ["nameZh", "documentNumber", "organization", "status", "joinedOn"] where line[column] == nil {
            self.add(column, RegisterText.missing)
        }
        for column in RegisterImport.columns.map(\.code)
        where (line[column]?.unicodeScalars.count ?? 0) > Self.longest {
            self.add(column, RegisterText.tooLong)
        }
        if let text = line["status"] {
            self.status = Self.status(text)
            if self.status == nil { self.add("status", RegisterText.status) }
        }
        self.joinedOn = self.date(line, "joinedOn")
        self.probationEndedOn = self.date(line, "probationEndedOn")
        self.since = self.date(line, "since")
        self.birthDate = self.date(line, "birthDate")
    }

    mutating func add(_ field: String?, _ text: LocalizedText) {
        self.faults.append(ImportFault(field, text))
    }

    private mutating func date(_ line: ImportLine, _ column: String) -> LocalDate? {
        guard let text = line[column] else { return nil }
        do throws(WrittenDate.Trouble) {
            return try WrittenDate.read(text)
        } catch {
            self.add(column, error.text)
            return nil
        }
    }

    static func status(_ text: String) -> EnrolMember.Enrolled? {
        switch HalfWidth.of(text).lowercased() {
        case "正式党员", "正式", "中共党员", EnrolMember.Enrolled.full.rawValue: .full
        case "预备党员", "预备", "中共预备党员", EnrolMember.Enrolled.probationary.rawValue: .probationary
        default: nil
        }
    }

    /// Judges the dates against each other, the rules, the person's birth and the organisation's founding.
    mutating func judge(born: LocalDate?, founded: LocalDate?, _ rules: Rules, today: LocalDate) {
        for (column, day) in [
            ("joinedOn", self.joinedOn), ("probationEndedOn", self.probationEndedOn), ("since", self.since),
        ] {
            if let day, day > today { self.add(column, RegisterText.future) }
        }
        guard let joinedOn = self.joinedOn, joinedOn <= today else { return }
        // Who was too young to apply was too young to join (DV-01).
        if let born, born.years(on: joinedOn) < rules.ageFrom {
            self.add("joinedOn", RegisterText.tooYoung(rules.ageFrom))
        }
        self.judgeProbation(joinedOn, rules, today: today)
        guard let since = self.since, since <= today else { return }
        if since < joinedOn {
            self.add("since", RegisterText.sinceBeforeJoining)
        } else if let founded, since < founded {
            self.add("since", RegisterText.sinceBeforeFounding)
        }
    }

    /// The probation lasts a year from joining (DV-19).
    private mutating func judgeProbation(_ joinedOn: LocalDate, _ rules: Rules, today: LocalDate) {
        let least = joinedOn.adding(years: Int(rules.probationYears))
        switch (self.status, self.probationEndedOn) {
        case (.probationary, .some): self.add("probationEndedOn", RegisterText.noEndOfProbation)
        case (_, .some(let end)) where end < joinedOn: self.add("probationEndedOn", RegisterText.endedBeforeJoining)
        case (_, .some(let end)) where end <= today && end < least:
            self.add("probationEndedOn", RegisterText.probationShort(rules.probationYears))
        case (.full, nil) where least > today: self.add("status", RegisterText.probationGoesOn)
        default: break
        }
    }
}
