#!/usr/bin/env bash
# Builds a plugin that lies outside this repository against this checkout's build, in seconds.
#
#     deploy/build-plugin.sh FOLDER [--out FOLDER] [--products FOLDER] [--check]
#
# FOLDER is laid out like those of Plugins/ (docs/third-party-plugins.md): <Stem>Module.swift in it, SQL in Migrations/, large
# files in Data/. The library is written to --out (default: FOLDER/.build). --products names what the host was built into
# (default: .build/debug; .build/release for a release). --check also runs the conformance suite against the plugin: it needs
# `swift build --target XinglinTesting` and PostgreSQL's programs.
set -euo pipefail
cd_to=$PWD
repository=$(cd "$(dirname "$0")/.." && pwd)

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
absolute() { case "$1" in /*) printf '%s' "$1" ;; *) printf '%s' "$cd_to/$1" ;; esac; }

folder='' out='' products=$repository/.build/debug check=no
while [ $# -gt 0 ]; do
    case "$1" in
        --out) out=$(absolute "${2:?--out needs a folder}"); shift 2 ;;
        --products) products=$(absolute "${2:?--products needs a folder}"); shift 2 ;;
        --check) check=yes; shift ;;
        -*) fail "unknown option $1; usage: build-plugin.sh FOLDER [--out FOLDER] [--products FOLDER] [--check]" ;;
        *) [ -z "$folder" ] || fail "name one folder"; folder=$(absolute "${1%/}"); shift ;;
    esac
done
[ -n "$folder" ] || fail "usage: build-plugin.sh FOLDER [--out FOLDER] [--products FOLDER] [--check]"
[ -d "$folder" ] || fail "$folder is no folder"
out=${out:-$folder/.build}

# One file <Stem>Module.swift names the plugin.
manifests=("$folder"/*Module.swift)
[ ${#manifests[@]} -eq 1 ] && [ -f "${manifests[0]}" ] || fail "$folder must hold one file <Stem>Module.swift"
stem=$(basename "${manifests[0]}" Module.swift)
[[ $stem =~ ^[A-Z][A-Za-z0-9]*$ ]] || fail "the stem $stem must begin with a capital and hold letters and digits only"
[ ! -d "$repository/Plugins/$stem" ] || [ "$repository/Plugins/$stem" -ef "$folder" ] \
    || fail "the host ships a plugin of the stem $stem; choose another"

# The Kit that it is compiled against must be the one that the host runs.
for product in Modules/XinglinKit.swiftmodule libXinglinCore.so; do
    [ -e "$products/$product" ] || fail "$products/$product is missing: run swift build in $repository first"
done
grep -qF "$(grep -oE 'XinglinKitABI_[0-9a-f]{16}' "$repository/Sources/Core/XinglinKit/ABI/XinglinKitABI.swift" \
    | head -n 1 | grep -oE '[0-9a-f]{16}')" "$products/libXinglinCore.so" \
    || fail "$products was built from another revision of the Kit than this checkout: run swift build in $repository first"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As SwiftPM's embedInCode writes it: byte for byte, so that a migration has the same checksum either way.
embed() {
    local file name
    echo 'struct PackageResources {'
    for file in "$folder"/Migrations/*.sql; do
        [ -e "$file" ] || continue
        name=$(basename "$file" | tr -c 'A-Za-z0-9\n' _)
        printf 'static let %s: [UInt8] = [%s]\n' "$name" "$(od -An -v -tu1 "$file" | tr -s ' \n' ',' | sed 's/^,//; s/,$//')"
    done
    echo '}'
}
embed > "$work/embedded_resources.swift"

mapfile -d '' sources < <(find "$folder" -name '*.swift' ! -name Package.swift ! -path "$folder/.build/*" -print0 | LC_ALL=C sort -z)
settings=(
    -swift-version 6 -parse-as-library -warnings-as-errors -g
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature NonisolatedNonsendingByDefault
    -enable-upcoming-feature InferIsolatedConformances
    -I "$products/Modules" -L "$products"
)
case "$(basename "$(readlink -f "$products")")" in
    release) settings+=(-O) ;;
    *) settings+=(-Onone -enable-testing) ;;
esac

mkdir -p "$out"
library=lib${stem}Plugin.so
swiftc "${settings[@]}" -module-name "$stem" -emit-library -o "$work/$library" \
    -emit-module -emit-module-path "$work/$stem.swiftmodule" \
    -Xlinker '-rpath=$ORIGIN' -lXinglinCore "${sources[@]}" "$work/embedded_resources.swift"

# In a second image the Kit's types would exist twice, and the host would not know the module (docs/adr/0001-one-dynamic-core.md).
copies=$(nm "$work/$library" | awk '/ [TDR] \$s(7Logging|10XinglinKit)/ { count++ } END { print count + 0 }')
[ "$copies" -eq 0 ] || fail "the plugin holds $copies symbols of the Kit or of swift-log: import XinglinKit and nothing else of ours"
for entry in "xinglin_abi_$stem" "xinglin_plugin_$stem"; do
    nm -D --defined-only "$work/$library" | grep -qw "$entry" || fail "the plugin does not export $entry"
done

if [ "$check" = yes ]; then
    [ -e "$products/Modules/XinglinTesting.swiftmodule" ] \
        || fail "$products has no XinglinTesting: run swift build --target XinglinTesting in $repository first"
    cat > "$work/Conformance.swift" <<SWIFT
import $stem
import Foundation
import XinglinTesting

@main struct Conformance {
    static func main() async {
        do {
            try await ModuleConformance.check(${stem}Module.self, folder: "$folder")
            print("$stem conforms")
        } catch {
            // Thrown out of main it would be a trap, behind which the test cluster stays running.
            FileHandle.standardError.write(Data("\\(error)\\n".utf8))
            exit(1)
        }
    }
}
SWIFT
    # XinglinTesting is built on the whole core, and so its compiler wants to know the core's C libraries.
    maps=()
    while IFS= read -r -d '' map; do
        maps+=(-Xcc "-fmodule-map-file=$map" -Xcc -I -Xcc "$(dirname "$map")")
    done < <(find "$repository/Sources/Core" "$repository/.build/checkouts"/*/Sources -name module.modulemap -print0
        find "$products/" -maxdepth 2 -path '*.build/module.modulemap' -print0)
    read -ra headers <<< "$(pkg-config --cflags libpq libcrypto)"
    swiftc "${settings[@]}" "${maps[@]}" "${headers[@]}" -I "$work" -module-name PluginConformance -emit-executable -o "$work/conformance" \
        "$work/Conformance.swift" "$products"/XinglinTesting.build/*.swift.o "$work/$library" -lXinglinCore \
        -Xlinker "-rpath=$products" -Xlinker "-rpath=$work"
    "$work/conformance"
fi

# Whole or not at all: a host that starts meanwhile must not find half a library.
cp "$work/$library" "$out/.$library.new"
mv "$out/.$library.new" "$out/$library"
if [ -d "$folder/Data" ]; then
    rm -rf "$out/xinglin_$stem.resources"
    mkdir -p "$out/xinglin_$stem.resources"
    cp -R "$folder/Data" "$out/xinglin_$stem.resources/Data"
fi
printf 'built %s\n' "$out/$library"
