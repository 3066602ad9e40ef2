internal import CLibPQ
public import XinglinKit

/// The fields of an error that libpq hands out. Its header gives them as character literals, which Swift cannot import.
private enum DiagnosticField {
    static let sqlState = Int32(UInt8(ascii: "C"))
    static let primaryMessage = Int32(UInt8(ascii: "M"))
    static let constraint = Int32(UInt8(ascii: "n"))
    static let sourceFunction = Int32(UInt8(ascii: "R"))
}

extension DatabaseError {
    /// What a failed result says.
    init(result: OpaquePointer, connectionLost: Bool) {
        func field(_ code: Int32) -> String? {
            PQresultErrorField(result, code).map { String(cString: $0) }
        }
        guard let state = field(DiagnosticField.sqlState) else {
            // Errors that libpq makes itself have no SQLSTATE; they speak of the connection, never of values.
            let message = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
            self.init(kind: connectionLost ? .unavailable : .other, message: Self.oneLine(message))
            return
        }
        let isStalePlan = state == "26000" || field(DiagnosticField.sourceFunction) == "RevalidateCachedQuery"
        let kind: Kind = isStalePlan && !connectionLost ? .retry : Self.kind(sqlState: state)
        self.init(
            kind: kind, sqlState: state, constraint: field(DiagnosticField.constraint),
            message: Self.safeMessage(sqlState: state, field(DiagnosticField.primaryMessage) ?? ""))
    }

    /// What a connection that could not be made, or broke, says.
    static func unavailable(_ connection: OpaquePointer?) -> DatabaseError {
        let message = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        return DatabaseError(kind: .unavailable, message: Self.oneLine(message))
    }

    /// The server is a standby.
    static let standby = DatabaseError(
        kind: .unavailable, sqlState: Self.readOnlyState, message: "the server is a standby and takes no writes")

    /// A write where only reads are taken: the database is read-only, or a method that is declared a read writes.
    public static let readOnlyState = "25006"

    /// The same for one of the host's own statements, which never write in a read-only transaction of their own making: so the
    /// database does not take writes.
    var ofHost: DatabaseError {
        guard self.sqlState == Self.readOnlyState, self.kind == .other else { return self }
        return DatabaseError(kind: .unavailable, sqlState: self.sqlState, message: self.message)
    }

    /// Whether the statements prepared on the connection no longer fit the schema.
    var isStalePlan: Bool { self.kind == .retry && (self.sqlState == "26000" || self.sqlState == "0A000") }

    static func kind(sqlState: String) -> Kind {
        switch sqlState {
        case "57P01", "57P02", "57P03", "57P05", "53300", "25P03": .unavailable
        case "40001", "40P01": .retry
        case "55P03": .lockTimeout
        case "57014": .cancelled
        case "42501": .privilege
        default:
            switch sqlState.prefix(2) {
            case "08": .unavailable
            case "23": .constraint
            default: .other
            }
        }
    }

    /// The classes whose primary messages speak of names and states, never of values. Class 22 and 23 quote values,
    /// and what a trigger raises (P0001) is anybody's guess.
    private static let safeClasses: Set<String> = [
        "08", "0A", "0L", "0P", "21", "25", "26", "28", "2B", "34", "3B", "3D", "3F", "40", "42", "53", "54", "55",
        "57", "58", "XG", "XX",
    ]

    static func safeMessage(sqlState: String, _ message: String) -> String {
        Self.safeClasses.contains(String(sqlState.prefix(2))) ? message : "the server refused with SQLSTATE \(sqlState)"
    }

    private static func oneLine(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
