#!/usr/bin/env bash
# Writes the Kit's revision into Sources/Core/XinglinKit/ABI/XinglinKitABI.swift, or with --check says whether it is stale.
# The revision is the SHA-256 of all Kit sources, the compiler's version and the versions of the packages the Kit re-exports.
set -euo pipefail
cd "$(dirname "$0")/.."
kit=Sources/Core/XinglinKit
stamp=$kit/ABI/XinglinKitABI.swift

revision=$({
    find "$kit" -name '*.swift' ! -path "$stamp" -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    swift --version 2>/dev/null | head -n 1
    grep -o 'apple/swift-log", exact: "[^"]*"' Sources/Core/Package.swift
} | sha256sum | cut -c 1-16)

wanted=$(cat <<SWIFT
// Written by deploy/abi-stamp.sh; do not edit. CI fails when it is stale.

/// The revision of the Kit that this was compiled against. The name makes a stale plugin's symbols undefined (debug builds),
/// the inlined text tells it apart where the compiler inlined it (release builds); both halves are needed.
public enum XinglinKitABI_$revision {
    @inlinable public static var stamp: StaticString { "xinglin-kit $revision" }
}

public typealias XinglinKitABI = XinglinKitABI_$revision
SWIFT
)

if [ "${1:-}" = --check ]; then
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] || { echo "The Kit's stamp is stale: run deploy/abi-stamp.sh" >&2; exit 1; }
    exit 0
fi
mkdir -p "$(dirname "$stamp")"
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] || printf '%s\n' "$wanted" > "$stamp"
