import Testing

/// A rule that a file breaks. The message teaches: the rule, the file, the way out.
struct Violation: CustomStringConvertible {
    let rule: String
    let file: String
    let wayOut: String

    var description: String { "\(self.rule)\n  file: \(self.file)\n  way out: \(self.wayOut)" }
}

/// Records each violation as an issue of the running test.
func expectNone(_ violations: [Violation]) {
    for violation in violations { Issue.record("\(violation)") }
}

/// A rule that found nothing to look at would pass for ever.
func expectSome<Element>(_ elements: [Element], _ what: Comment) {
    #expect(!elements.isEmpty, what)
}
