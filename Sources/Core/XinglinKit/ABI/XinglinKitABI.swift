// Written by deploy/abi-stamp.sh; do not edit. CI fails when it is stale.

/// The revision of the Kit that this was compiled against. The name makes a stale plugin's symbols undefined (debug builds),
/// the inlined text tells it apart where the compiler inlined it (release builds); both halves are needed.
public enum XinglinKitABI_845b1aa4296f5b88 {
    @inlinable public static var stamp: StaticString { "xinglin-kit 845b1aa4296f5b88" }
}

public typealias XinglinKitABI = XinglinKitABI_845b1aa4296f5b88
