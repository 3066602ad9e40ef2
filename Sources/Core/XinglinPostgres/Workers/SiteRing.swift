internal import XinglinKit

/// The sites that have something waiting, taking turns.
struct SiteRing<Element> {
    /// What a site may be given at its turn.
    enum Admission {
        case nothing
        case interactive
        case any
    }

    private struct Waiting {
        let element: Element
        let isBatch: Bool
        let arrival: UInt64
    }

    private struct Bucket {
        var interactive = FIFO<Waiting>()
        var batch = FIFO<Waiting>()

        var count: Int { self.interactive.count + self.batch.count }

        mutating func take(_ admission: Admission) -> Waiting? {
            switch admission {
            case .nothing: return nil
            case .interactive: return self.interactive.popFirst()
            case .any:
                guard let batch = self.batch.first else { return self.interactive.popFirst() }
                guard let interactive = self.interactive.first, interactive.arrival < batch.arrival else {
                    return self.batch.popFirst()
                }
                return self.interactive.popFirst()
            }
        }
    }

    private var buckets: [RecordID?: Bucket] = [:]
    /// Every site with something waiting, once; whose turn it is stands first.
    private var turns: [RecordID?] = []
    private(set) var count = 0

    func count(of site: RecordID?) -> Int { self.buckets[site]?.count ?? 0 }

    mutating func append(_ element: Element, site: RecordID?, isBatch: Bool, arrival: UInt64) {
        let waiting = Waiting(element: element, isBatch: isBatch, arrival: arrival)
        if self.buckets[site] == nil { self.turns.append(site) }
        if isBatch {
            self.buckets[site, default: Bucket()].batch.append(waiting)
        } else {
            self.buckets[site, default: Bucket()].interactive.append(waiting)
        }
        self.count += 1
    }

    /// The first element of the first site in turn that may be given one; the site then goes to the end of the line.
    mutating func take(
        _ admission: (RecordID?) -> Admission
    ) -> (element: Element, site: RecordID?, isBatch: Bool)? {
        for (position, site) in self.turns.enumerated() {
            guard let waiting = self.buckets[site]?.take(admission(site)) else { continue }
            self.count -= 1
            self.turns.remove(at: position)
            self.keepTurn(of: site)
            return (waiting.element, site, waiting.isBatch)
        }
        return nil
    }

    mutating func remove(site: RecordID?, where matches: (Element) -> Bool) -> Element? {
        guard
            let removed = self.buckets[site]?.interactive.remove(where: { matches($0.element) })
                ?? self.buckets[site]?.batch.remove(where: { matches($0.element) })
        else { return nil }
        self.count -= 1
        if self.buckets[site]?.count == 0, let position = self.turns.firstIndex(of: site) {
            self.turns.remove(at: position)
            self.buckets[site] = nil
        }
        return removed.element
    }

    var inOrderOfArrival: [Element] {
        let all = self.buckets.values.flatMap { $0.interactive.elements + $0.batch.elements }
        return all.sorted { $0.arrival < $1.arrival }.map(\.element)
    }

    private mutating func keepTurn(of site: RecordID?) {
        if self.buckets[site]?.count == 0 {
            self.buckets[site] = nil
        } else {
            self.turns.append(site)
        }
    }
}
