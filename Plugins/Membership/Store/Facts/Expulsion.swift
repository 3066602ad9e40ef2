internal import XinglinKit

/// 开除党籍 ends membership: the discipline and the end of the standing are recorded, corrected and withdrawn as one. The member is locked.
struct Expulsion {
    let member: RecordID
    let person: RecordID
    let chain: FactChain
    let call: Call

    /// That it ended is for the register to say; why stands in the discipline alone.
    private static let reason = "membership.member.note"

    /// Membership ends on the day of the decision. One that `membership.member.end` has ended so already stays as it is.
    /// - Throws: `membership.factOutOfOrder`; `membership.memberEnded` where it has ended otherwise.
    func record(on day: LocalDate) throws {
        if let end = self.chain.end {
            guard end.how == .expelled else {
                throw MembershipFault.memberEnded.fault(["memberId": .string(self.member.description)])
            }
            guard end.on == day else { throw MembershipFault.outOfOrder(from: end.on, to: end.on) }
            return
        }
        if let last = self.chain.lastOn, day < last { throw MembershipFault.outOfOrder(from: last, to: nil) }
        let act = try Act(self.call)
        let end = MemberStore.Fact(
            id: self.call.newID(), member: self.member, on: day, change: .ended, status: .ended, how: .expelled,
            reason: Self.reason)
        try self.call.db.batch([
            Statement(MemberStore.record(end, act), .rows(1)),
            Statement(MemberStore.release(self.person, self.member, act), .rows(1)),
        ])
    }

    /// The discipline is another one now, of another day, or none, and the end of membership follows.
    func correct(from old: DisciplineFact, to new: DisciplineFact?) throws {
        let was = old.kind == .expelled
        let day = new.flatMap { $0.kind == .expelled ? $0.from : nil }
        switch (was, day) {
        case (false, nil): return
        case (false, let day?): try self.record(on: day)
        case (true, let day?): try self.move(to: day)
        case (true, nil): try self.undo()
        }
    }

    private func move(to day: LocalDate) throws {
        guard let end = self.chain.end, end.how == .expelled else { return try self.record(on: day) }
        guard end.on != day else { return }
        try self.chain.mustFit(end, on: day)
        try self.replace(end, on: day, isVoid: false)
    }

    /// The person is a member again; nobody else may have claimed them meanwhile, and where they belonged must still exist.
    private func undo() throws {
        guard let end = self.chain.end, end.how == .expelled else { return }
        if let place = self.chain.place(without: end.id, or: nil) {
            _ = try Organizations.living(place, on: self.call.today, self.call)
        }
        try self.replace(end, on: end.on, isVoid: true)
        try Members.mustBeFree(self.person, self.call)
        try self.call.db.execute(
            MemberStore.claim(self.person, as: .member, self.member, Act(self.call)), expecting: .rows(1))
    }

    private func replace(_ end: FactChain.Fact, on day: LocalDate, isVoid: Bool) throws {
        let fact = MemberStore.Fact(
            id: self.call.newID(), member: self.member, on: day, change: end.change, status: end.status, how: end.how,
            reason: "membership.fact.correct", corrects: end.id, isVoid: isVoid)
        try self.call.db.execute(MemberStore.record(fact, Act(self.call)), expecting: .rows(1))
    }

    /// Whether a discipline that holds is what ended the membership of a member.
    static func stands(behind member: RecordID, _ call: Call) throws -> Bool {
        try Discipline.rows(of: [member], call).contains { $0.holds && $0.fact.kind == .expelled }
    }
}
