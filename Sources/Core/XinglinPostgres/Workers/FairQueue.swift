public import XinglinKit

/// Who is served next. Pure state: no threads, no clock.
///
/// First come, first served within a site; sites take turns. One site holds at most W−2 workers at once, calls
/// without a site together at most W−1, the batch lane at most a quarter; the credential lane has workers of its own.
public struct FairQueue<Element> {
    /// The workers that serve interactive and batch calls, or those that check passwords.
    public enum Group: Int, Sendable, CaseIterable {
        case general
        case credential

        public init(_ lane: Lane) {
            self = lane == .credential ? .credential : .general
        }
    }

    private let workers: Int
    private let bound: Int
    private var rings = [SiteRing<Element>(), SiteRing<Element>()]
    private var held: [RecordID?: Int] = [:]
    private var heldByBatch = 0
    private var arrivals: UInt64 = 0
    /// How many have been taken out to be served.
    private(set) var served: UInt64 = 0

    /// - Parameters:
    ///   - workers: W, the workers of the general group.
    ///   - bound: how many may wait. A site may take three quarters of it and the credential lane one quarter, of which
    ///     one source of logins may take a quarter, so that none keeps the others out.
    public init(workers: Int, bound: Int) {
        self.workers = max(1, workers)
        self.bound = max(1, bound)
    }

    /// How many wait.
    public var count: Int { self.rings[0].count + self.rings[1].count }
    public var isEmpty: Bool { self.count == 0 }

    public func count(in group: Group) -> Int { self.rings[group.rawValue].count }

    /// Takes an element in, or refuses it because the queue is full.
    public mutating func push(_ element: Element, site: RecordID?, lane: Lane) -> Bool {
        let group = Group(lane).rawValue
        guard self.count < self.bound else { return false }
        if lane == .credential {
            guard self.rings[group].count < max(1, self.bound / 4),
                self.rings[group].count(of: site) < max(1, self.bound / 16)
            else { return false }
        } else {
            guard self.rings[group].count(of: site) < self.bound - self.bound / 4 else { return false }
        }
        self.arrivals += 1
        self.rings[group].append(element, site: site, isBatch: lane == .batch, arrival: self.arrivals)
        return true
    }

    /// The next one to serve, or nil where nothing may be served now. Whoever takes it says `finished` afterwards.
    public mutating func next(for group: Group) -> Element? {
        guard group == .general else {
            guard let taken = self.rings[group.rawValue].take({ _ in .any }) else { return nil }
            self.served += 1
            return taken.element
        }
        let (held, workers, batchIsFull) = (self.held, self.workers, self.heldByBatch >= self.batchLimit)
        let taken = self.rings[group.rawValue].take { site in
            let limit = max(1, site == nil ? workers - 1 : workers - 2)
            guard held[site, default: 0] < limit else { return .nothing }
            return batchIsFull ? .interactive : .any
        }
        guard let taken else { return nil }
        self.served += 1
        self.held[taken.site, default: 0] += 1
        if taken.isBatch { self.heldByBatch += 1 }
        return taken.element
    }

    /// Gives a served element's place free.
    public mutating func finished(site: RecordID?, lane: Lane) {
        guard lane != .credential, let count = self.held[site] else { return }
        self.held[site] = count > 1 ? count - 1 : nil
        if lane == .batch { self.heldByBatch -= 1 }
    }

    /// Takes out the first waiting element that matches.
    public mutating func remove(site: RecordID?, lane: Lane, where matches: (Element) -> Bool) -> Element? {
        self.rings[Group(lane).rawValue].remove(site: site, where: matches)
    }

    /// Empties a group, in order of arrival.
    public mutating func drain(_ group: Group) -> [Element] {
        defer { self.rings[group.rawValue] = SiteRing() }
        return self.rings[group.rawValue].inOrderOfArrival
    }

    private var batchLimit: Int { max(1, self.workers / 4) }
}
