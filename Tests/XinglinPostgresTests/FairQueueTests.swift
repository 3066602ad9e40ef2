import Testing
import XinglinKit
import XinglinTesting

@testable import XinglinPostgres

@Suite("The fair queue")
struct FairQueueTests {
    private func site(_ number: UInt64) -> RecordID { RecordID(high: 0, low: number) }

    @Test("Within a site the first come is the first served; sites take turns")
    func turns() {
        var queue = FairQueue<String>(workers: 8, bound: 100)
        for name in ["a1", "a2", "a3"] { verify(queue.push(name, site: self.site(1), lane: .interactive)) }
        for name in ["b1", "b2"] { verify(queue.push(name, site: self.site(2), lane: .interactive)) }
        verify(queue.push("n1", site: nil, lane: .interactive))
        var served: [String] = []
        while let next = queue.next(for: .general) { served.append(next) }
        #expect(served == ["a1", "b1", "n1", "a2", "b2", "a3"])
    }

    @Test("A site holds at most W−2 workers, calls without one W−1, batch a quarter", arguments: [1, 2, 3, 4, 8, 16])
    func caps(workers: Int) {
        func served(_ site: RecordID?, _ lane: Lane) -> Int {
            var queue = FairQueue<Int>(workers: workers, bound: 1000)
            for number in 0..<100 { verify(queue.push(number, site: site, lane: lane)) }
            var count = 0
            while queue.next(for: .general) != nil { count += 1 }
            return count
        }
        #expect(served(self.site(1), .interactive) == max(1, workers - 2))
        #expect(served(nil, .interactive) == max(1, workers - 1))
        #expect(served(nil, .batch) == max(1, workers / 4))
    }

    @Test("A finished call gives its place to the next of its site")
    func finished() {
        var queue = FairQueue<Int>(workers: 3, bound: 10)
        for number in 0..<3 { verify(queue.push(number, site: self.site(1), lane: .interactive)) }
        verify(queue.next(for: .general) == 0)
        verify(queue.next(for: .general) == nil)
        queue.finished(site: self.site(1), lane: .interactive)
        verify(queue.next(for: .general) == 1)
    }

    @Test("Credential calls wait for their own workers, and ordinary ones never for those")
    func credentials() {
        var queue = FairQueue<String>(workers: 8, bound: 100)
        verify(queue.push("login", site: nil, lane: .credential))
        verify(queue.push("list", site: nil, lane: .interactive))
        verify(queue.next(for: .credential) == "login")
        verify(queue.next(for: .credential) == nil)
        verify(queue.next(for: .general) == "list")
    }

    @Test("The queue is bounded, and neither one site nor logins can fill it alone, nor one source the logins")
    func bound() {
        var queue = FairQueue<Int>(workers: 8, bound: 100)
        let fromOne = (0..<200).filter { queue.push($0, site: self.site(1), lane: .interactive) }.count
        #expect(fromOne == 75)
        verify((0..<200).filter { queue.push($0, site: self.site(1), lane: .credential) }.count == 6)
        let fromMany = (0..<200).filter { queue.push($0, site: self.site(UInt64($0)), lane: .credential) }.count
        #expect(fromMany == 19)
        verify(!queue.push(0, site: self.site(2), lane: .interactive))
        #expect(queue.count == 100)
        verify(queue.next(for: .credential) != nil)
        verify(queue.push(0, site: self.site(2), lane: .interactive))
    }

    @Test("A waiting call can be taken out, and the rest drained in order of arrival")
    func removal() {
        var queue = FairQueue<Int>(workers: 8, bound: 100)
        for number in 0..<6 {
            verify(queue.push(number, site: self.site(UInt64(number % 3)), lane: number == 4 ? .batch : .interactive))
        }
        verify(queue.remove(site: self.site(1), lane: .batch) { $0 == 4 } == 4)
        verify(queue.remove(site: self.site(1), lane: .interactive) { $0 == 4 } == nil)
        verify(queue.remove(site: self.site(1), lane: .interactive) { $0 == 1 } == 1)
        verify(queue.drain(.general) == [0, 2, 3, 5])
        #expect(queue.isEmpty && queue.next(for: .general) == nil)
    }

    @Test(
        "Whatever comes and goes: nothing is lost or doubled, every cap holds, and each site keeps its order",
        arguments: [1, 2, 3, 5, 8, 12] as [UInt64])
    func property(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        print("fair queue seed \(seed)")
        let workers = Int.random(in: 1...10, using: &random)
        var queue = FairQueue<Call>(workers: workers, bound: 60)
        var (waiting, running): ([Call], [Call]) = ([], [])
        for number in 0..<4000 {
            if Bool.random(using: &random) {
                let draw = UInt64.random(in: 0...4, using: &random)
                let lane = try #require(Lane.allCases.randomElement(using: &random))
                let call = Call(number: number, site: draw == 0 ? nil : self.site(draw), lane: lane)
                let isAccepted = queue.push(call, site: call.site, lane: lane)
                #expect(isAccepted || waiting.count == 60 || self.isOverShare(call, waiting))
                if isAccepted { waiting.append(call) }
            } else if Bool.random(using: &random), running.filter({ $0.lane != .credential }).count < workers {
                let group: FairQueue<Call>.Group = Int.random(in: 0...3, using: &random) == 0 ? .credential : .general
                let eligible = self.eligible(waiting, running, group, workers)
                guard let next = queue.next(for: group) else {
                    #expect(eligible.isEmpty, "seed \(seed)")
                    continue
                }
                #expect(eligible.contains(next), "seed \(seed)")
                waiting.removeAll { $0 == next }
                running.append(next)
            } else if let done = running.randomElement(using: &random) {
                queue.finished(site: done.site, lane: done.lane)
                running.removeAll { $0 == done }
            }
            #expect(queue.count == waiting.count, "seed \(seed)")
        }
    }

    private struct Call: Equatable {
        let number: Int
        let site: RecordID?
        let lane: Lane
    }

    private func isOverShare(_ call: Call, _ waiting: [Call]) -> Bool {
        let mine = waiting.filter { ($0.lane == .credential) == (call.lane == .credential) }
        let ofItsSite = mine.filter { $0.site == call.site }.count
        return call.lane == .credential ? mine.count >= 15 || ofItsSite >= 3 : ofItsSite >= 45
    }

    /// What the rules allow next: the first of each site, or the first that is not batch where batch is full.
    private func eligible(
        _ waiting: [Call], _ running: [Call], _ group: FairQueue<Call>.Group, _ workers: Int
    ) -> [Call] {
        let mine = waiting.filter { FairQueue<Call>.Group($0.lane) == group }
        let general = running.filter { $0.lane != .credential }
        let batchIsFull = general.filter { $0.lane == .batch }.count >= max(1, workers / 4)
        return Set(mine.map(\.site)).compactMap { site in
            let limit = max(1, site == nil ? workers - 1 : workers - 2)
            if group == .general, general.filter({ $0.site == site }).count >= limit { return nil }
            return mine.first { $0.site == site && !(batchIsFull && $0.lane == .batch) }
        }
    }
}

/// `#expect` cannot hold a call that changes what it is called on.
private func verify(_ holds: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(holds, sourceLocation: sourceLocation)
}
