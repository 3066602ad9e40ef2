internal import Glibc

/// One property that must hold for any bytes.
protocol FuzzTarget: Sendable {
    /// Ends the process by `violated` where the property does not hold.
    func check(_ bytes: [UInt8])
    /// Good inputs to start from, by the name of their file.
    func seeds() throws -> [String: [UInt8]]
}

extension FuzzTarget {
    func seeds() throws -> [String: [UInt8]] { [:] }
}

/// The target that XINGLIN_FUZZ_TARGET names.
private let target: any FuzzTarget =
    switch getenv("XINGLIN_FUZZ_TARGET").map({ String(cString: $0) }) {
    case "framer": FramerTarget()
    case "reader": ReaderTarget()
    default: DispatcherTarget()
    }

/// Called once by libFuzzer: lays the target's own seeds where XINGLIN_FUZZ_SEEDS says.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    guard let folder = getenv("XINGLIN_FUZZ_SEEDS").map({ String(cString: $0) }) else { return 0 }
    do {
        for (name, bytes) in try target.seeds() {
            guard let file = fopen("\(folder)/\(name)", "w") else { violated("no seed can be written to \(folder)") }
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }
    } catch {
        violated("no seeds: \(error)")
    }
    return 0
}

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.check(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

/// Says which property does not hold, and ends the process: libFuzzer keeps the input.
func violated(_ property: String) -> Never {
    let line = Array("VIOLATED: \(property)\n".utf8)
    write(STDERR_FILENO, line, line.count)
    abort()
}

func expect(_ condition: Bool, _ property: @autoclosure () -> String) {
    if !condition { violated(property()) }
}
