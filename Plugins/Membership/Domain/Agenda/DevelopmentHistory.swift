internal import XinglinKit

/// What a development asked for in days that are over: its entries, taken one after the other, show what was open when, and what did it.
extension DevelopmentAgenda {
    /// The lines that were due in some days and have been done since, each with the day.
    func done(
        _ candidate: RecordID, at organization: RecordID, _ entries: [DevelopmentEntry],
        from first: LocalDate, to last: LocalDate, _ table: StepTable
    ) -> [AgendaLine] {
        let entries = entries.sorted(by: DevelopmentEntry.isOrdered)
        var found: [AgendaLine] = []
        var open: [AgendaLine] = []
        var progress = Progress()
        for (place, entry) in entries.enumerated() {
            found += open.filter { $0.task.isDone(by: entry) && (first...last).contains($0.dueOn) }
                .map { $0.done(on: entry.on) }
            progress = progress.asOf(entry.on, self.values, table)
            progress.take(entry)
            let course = Course(
                candidate: candidate, organization: organization, entries: Array(entries.prefix(place + 1)),
                progress: progress)
            let now = self.lines(course)
            found.removeAll { line in now.contains { $0.place == line.place } }
            open = now
        }
        return found
    }
}
