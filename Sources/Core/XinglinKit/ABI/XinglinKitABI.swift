// Written by deploy/abi-stamp.sh; do not edit. CI fails when it is stale.

/// The revision of the Kit that this was compiled against. The name makes a stale plugin's symbols undefined (debug builds),
/// the inlined text tells it apart where the compiler inlined it (release builds); both halves are needed.
public enum XinglinKitABI_0fb9325e089d1b4d {
    @inlinable public static var stamp: StaticString { "xinglin-kit 0fb9325e089d1b4d" }
}

public typealias XinglinKitABI = XinglinKitABI_0fb9325e089d1b4d
