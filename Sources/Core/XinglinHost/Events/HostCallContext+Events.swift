internal import XinglinKit

extension HostCallContext {
    func publish<Body: Encodable>(_ topic: EventTopic, subject: RecordID, _ body: Body) throws {
        try self.publish(topic, at: self.admission.site?.id, subject: subject, body)
    }

    /// The same at another site: a module's, where the call concerns that one; the host's own methods name it in their params.
    func publish<Body: Encodable>(_ topic: EventTopic, at site: RecordID?, subject: RecordID, _ body: Body) throws {
        guard let frame = self.frame, frame.effect == .write else {
            throw EventRefused(topic: topic.name, why: "a read publishes nothing")
        }
        guard self.services.registry.topics[topic.name]?.module == frame.module else {
            throw EventRefused(topic: topic.name, why: "the manifest of \(frame.module) does not publish it")
        }
        let isOwn = frame.module == Registry.hostCode || site == self.admission.site?.id
        guard isOwn || site.map(self.concernedSites.contains) == true else {
            throw EventRefused(topic: topic.name, why: "the call does not concern that site")
        }
        self.add(
            PublishedEvent(
                id: RecordID.make(at: self.now), topic: topic.name, site: site, subject: subject, at: self.now,
                account: self.admission.principal?.accountID, trace: self.trace,
                body: try PublishedEvent.body(body, of: topic)))
    }

    /// What the closing flush keeps of what was published: nothing where that is nothing.
    var publication: [SQL] { self.events.isEmpty ? [] : [PublishedEvent.insert(self.events)] }

    /// Has the sealer number what was committed.
    func announce() {
        if !self.events.isEmpty { self.services.sealer.wake() }
    }
}
