internal import Foundation

/// Random numbers that a seed repeats (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    public let seed: UInt64
    private var state: UInt64

    public init(seed: UInt64) {
        self.seed = seed
        self.state = seed
    }

    /// A generator whose seed is printed, or is XINGLIN_SEED's where a run is repeated.
    public static func printed(_ what: String) -> SeededGenerator {
        let seed =
            ProcessInfo.processInfo.environment["XINGLIN_SEED"].flatMap(UInt64.init)
            ?? UInt64.random(in: 0...UInt64(Int64.max))
        print("\(what): XINGLIN_SEED=\(seed)")
        return SeededGenerator(seed: seed)
    }

    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
