import Testing

@testable import XinglinPostgres

@Suite("Who is woken for a call")
struct WorkerRosterTests {
    private func roster(_ workers: Int, limit: Int) -> WorkerRoster {
        var roster = WorkerRoster(0..<workers, limit: limit)
        for worker in 0..<workers { roster.park(worker) }
        return roster
    }

    @Test("no more are woken than are enough, and the last to park goes first")
    func limit() {
        var roster = self.roster(8, limit: 2)
        #expect([roster.wake(), roster.wake(), roster.wake()] == [7, 6, nil])
        roster.park(6)
        #expect(roster.wake() == 6)
    }

    @Test("one that waits for its server makes room for another, and may come back beyond the limit")
    func away() {
        var roster = self.roster(4, limit: 2)
        #expect([roster.wake(), roster.wake()] == [3, 2])
        roster.leave(3)
        #expect(roster.wake() == 1)
        roster.comeBack(3)
        #expect(roster.wake() == nil)
        roster.park(3)
        roster.park(2)
        #expect(roster.wake() == 2)
    }

    @Test("a call that has waited too long is given whoever is left")
    func anyway() {
        var roster = self.roster(3, limit: 1)
        #expect(roster.wake() == 2)
        #expect(roster.wake() == nil)
        #expect([roster.wakeAnyway(), roster.wakeAnyway(), roster.wakeAnyway()] == [1, 0, nil])
    }

    @Test("a worker that woke by itself is not woken again")
    func timeOut() {
        var roster = self.roster(2, limit: 2)
        roster.comeBack(1)
        #expect([roster.wake(), roster.wake()] == [0, nil])
        roster.park(1)
        roster.park(1)
        #expect([roster.wake(), roster.wake()] == [1, nil])
    }
}
