// Written by deploy/abi-stamp.sh; do not edit. CI fails when it is stale.

/// The revision of the Kit that this was compiled against. The name makes a stale plugin's symbols undefined (debug builds),
/// the inlined text tells it apart where the compiler inlined it (release builds); both halves are needed.
public enum XinglinKitABI_c0bd7be3a9fe7b37 {
    @inlinable public static var stamp: StaticString { "xinglin-kit c0bd7be3a9fe7b37" }
}

public typealias XinglinKitABI = XinglinKitABI_c0bd7be3a9fe7b37
