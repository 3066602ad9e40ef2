internal import XinglinKit

/// A calendar as other programs read it (RFC 5545): days without times, one event for each line of work.
struct ICalendar {
    struct Event {
        /// Stays the same while the work stays the same, so that a program which reads the calendar again does not show it twice.
        let uid: String
        let on: LocalDate
        let summary: String
        let description: String
        let category: String
    }

    let name: String
    let events: [Event]
    let madeAt: Timestamp

    var text: String {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Xinglin//membership.agenda//ZH", "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH", "X-WR-CALNAME:\(Self.escaped(self.name))", "X-WR-TIMEZONE:Asia/Shanghai",
        ]
        for event in self.events {
            lines += [
                "BEGIN:VEVENT", "UID:\(event.uid)@xinglin", "DTSTAMP:\(Self.utc(self.madeAt))",
                "DTSTART;VALUE=DATE:\(Self.day(event.on))", "DTEND;VALUE=DATE:\(Self.day(event.on.adding(days: 1)))",
                "SUMMARY:\(Self.escaped(event.summary))", "DESCRIPTION:\(Self.escaped(event.description))",
                "CATEGORIES:\(Self.escaped(event.category))", "TRANSP:TRANSPARENT", "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    /// Commas, semicolons, backslashes and line ends are written with a backslash (3.3.11).
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\", ";", ",": result += "\\\(character)"
            case "\n", "\r\n", "\r": result += "\\n"
            default: result.append(character)
            }
        }
    }

    /// No line is longer than 75 octets; the rest follows behind a blank, and no character is cut (3.1).
    static func folded(_ line: String) -> String {
        var result = ""
        var octets = 0
        for scalar in line.unicodeScalars {
            let width = String(scalar).utf8.count
            if octets + width > 75 {
                result += "\r\n "
                octets = 1
            }
            result.unicodeScalars.append(scalar)
            octets += width
        }
        return result
    }

    static func day(_ day: LocalDate) -> String { day.description.replacing("-", with: "") }

    /// `20261122T063000Z`.
    static func utc(_ instant: Timestamp) -> String {
        let seconds = instant.microseconds / 1_000_000
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let inDay = seconds - days * 86_400
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return Self.day(LocalDate(daysSince1970: Int(days)))
            + "T\(two(inDay / 3600))\(two(inDay / 60 % 60))\(two(inDay % 60))Z"
    }
}
