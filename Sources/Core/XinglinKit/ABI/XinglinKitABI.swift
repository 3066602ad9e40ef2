// Written by deploy/abi-stamp.sh; do not edit. CI fails when it is stale.

/// The revision of the Kit that this was compiled against. The name makes a stale plugin's symbols undefined (debug builds),
/// the inlined text tells it apart where the compiler inlined it (release builds); both halves are needed.
public enum XinglinKitABI_607d1b9601a1399e {
    @inlinable public static var stamp: StaticString { "xinglin-kit 607d1b9601a1399e" }
}

public typealias XinglinKitABI = XinglinKitABI_607d1b9601a1399e
