public import XinglinKit

/// The log of every test: warnings and worse, bootstrapped once for the process.
public enum TestLog {
    /// Lines go to standard error; tests print no call by call log.
    public static let logger: Logger = {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .error
            return handler
        }
        return Logger(label: "xinglin.tests")
    }()
}
