// Written by deploy/abi-stamp.sh; do not edit. CI fails when it is stale.

/// The revision of the Kit that this was compiled against. The name makes a stale plugin's symbols undefined (debug builds),
/// the inlined text tells it apart where the compiler inlined it (release builds); both halves are needed.
public enum XinglinKitABI_8becf1f94abb3a35 {
    @inlinable public static var stamp: StaticString { "xinglin-kit 8becf1f94abb3a35" }
}

public typealias XinglinKitABI = XinglinKitABI_8becf1f94abb3a35
