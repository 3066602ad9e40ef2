/// A queue in an array: the front moves, and the room before it is given back now and then.
struct FIFO<Element> {
    private var storage: [Element?] = []
    private var front = 0

    var count: Int { self.storage.count - self.front }
    var first: Element? { self.front < self.storage.count ? self.storage[self.front] : nil }
    var elements: [Element] { self.storage[self.front...].compactMap(\.self) }

    mutating func append(_ element: Element) {
        self.storage.append(element)
    }

    mutating func popFirst() -> Element? {
        guard self.front < self.storage.count else { return nil }
        let element = self.storage[self.front]
        self.storage[self.front] = nil
        self.front += 1
        if self.front > 64, self.front * 2 > self.storage.count {
            self.storage.removeFirst(self.front)
            self.front = 0
        }
        return element
    }

    mutating func remove(where matches: (Element) -> Bool) -> Element? {
        let position = self.storage[self.front...].firstIndex { $0.map(matches) ?? false }
        return position.flatMap { self.storage.remove(at: $0) }
    }
}
