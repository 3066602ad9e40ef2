import Testing
import XinglinKit

@testable import XinglinHost

@Suite("Errors of the database as refusals")
struct FaultMappingTests {
    @Test("a full disk is said as such, may be tried again, and is logged as the host's own failure")
    func fullDisk() {
        let error = DatabaseError(
            kind: .other, sqlState: "53100", message: "could not extend file: No space left on device")
        let (fault, isFailure) = FaultMapping.fault(error, manifest: nil, wasCancelled: false)
        #expect(fault.kind == HostFault.storageFull)
        #expect(fault.retryable)
        #expect(isFailure)
    }

    @Test("what nobody expects is an internal failure")
    func other() {
        let error = DatabaseError(kind: .other, sqlState: "XX000", message: "")
        #expect(FaultMapping.fault(error, manifest: nil, wasCancelled: false).fault.kind == HostFault.internal)
    }
}
