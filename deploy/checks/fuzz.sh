#!/usr/bin/env bash
# Fuzzes framer, JSON reader and dispatcher with libFuzzer and the address sanitizer (docs/hardening.md).
#
#     deploy/checks/fuzz.sh [SECONDS per target, 30 without] [TARGET …]
#
# Targets: framer, reader, dispatcher. They run one after another on each of two lanes. What was found goes to
# .build-fuzz/found/TARGET; the exit code says whether anything was.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-30}
[ $# -gt 0 ] && shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(dispatcher reader framer)
out=.build-fuzz
mkdir -p "$out"

say() { printf '==> %s\n' "$*"; }

# Only what the targets need is compiled, straight by the compiler: a whole build with the sanitizers takes half an hour.
# The packages are those that the last `swift build` resolved.
checkouts=.build/checkouts
[ -d "$checkouts/swift-log" ] || swift package resolve
features=(ExistentialAny MemberImportVisibility InternalImportsByDefault NonisolatedNonsendingByDefault InferIsolatedConformances)
strict=(-swift-version 6 -package-name core)
for feature in "${features[@]}"; do strict+=(-enable-upcoming-feature "$feature"); done
# What is fuzzed most is optimised; the rest is compiled as fast as possible.
fast=(-O)
quick=(-Onone)
common=(-wmo -enable-testing -parse-as-library -I "$out" -I Sources/Core/CLibPQ -I Sources/Core/CLibCrypto)
for flag in $(pkg-config --cflags libpq libcrypto); do common+=(-Xcc "$flag"); done

# module NAME FLAG… -- FILE…: compiles a module, unless nothing is newer than its object.
module() {
    local name=$1 flags=() object=$out/$1.o
    shift
    while [ "$1" != -- ]; do flags+=("$1"); shift; done
    shift
    local file fresh=1
    for file in "$0" "$@" ${done[@]+"${done[@]}"}; do [ "$object" -nt "$file" ] || fresh=0; done
    [ $fresh -eq 0 ] || return 0
    say "compiling $name"
    swiftc "${common[@]}" "${flags[@]}" -module-name "$name" -emit-module -emit-module-path "$out/$name.swiftmodule" -c "$@" -o "$object"
}
# together NAME…: waits for the modules under way, on which those that follow stand.
done=()
together() {
    local name
    for name in "${lanes[@]}"; do wait "$name"; done
    lanes=()
    for name in "$@"; do done+=("$out/$name.o"); done
}
lanes=()
later() { "$@" & lanes+=($!); }
sources() { find "$@" -name '*.swift' | sort; }
# The migrations that SwiftPM embeds; no target runs one.
migrations() {
    local file=$out/Migrations-$1.swift content
    content="struct PackageResources {
$(find "$2" -name '*.sql' -printf '    static let %f: [UInt8] = []\n' | sort | sed 's/\.sql/_sql/')
}"
    [ "$content" = "$(cat "$file" 2>/dev/null)" ] || printf '%s\n' "$content" > "$file"
    echo "$file"
}

watched=(-sanitize=fuzzer,address)
later module Logging "${fast[@]}" -swift-version 6 -package-name swift-log -- $(sources $checkouts/swift-log/Sources/Logging)
later module SwiftCSV "${quick[@]}" -swift-version 5 -suppress-warnings -- $(sources $checkouts/SwiftCSV/SwiftCSV)
together Logging SwiftCSV
later module XinglinKit "${fast[@]}" "${strict[@]}" "${watched[@]}" -- $(sources Sources/Core/XinglinKit)
later module XinglinCrypto "${quick[@]}" "${strict[@]}" -- $(sources Sources/Core/XinglinCrypto)
together XinglinKit XinglinCrypto
# What of the wire knows nothing of sockets.
later module XinglinRPC "${fast[@]}" "${strict[@]}" "${watched[@]}" -- \
    $(sources Sources/Core/XinglinRPC/JSON Sources/Core/XinglinRPC/Envelope Sources/Core/XinglinRPC/Service) \
    Sources/Core/XinglinRPC/Server/{LineFramer,ConnectionGate,TrafficCounters}.swift
later module XinglinPostgres "${quick[@]}" "${strict[@]}" -- $(sources Sources/Core/XinglinPostgres)
together XinglinRPC XinglinPostgres
later module XinglinHost "${quick[@]}" "${strict[@]}" "${watched[@]}" -- \
    $(sources Sources/Core/XinglinHost | grep -Ev 'Runtime/HostRuntime|Metrics/MetricsPage') "$(migrations XinglinHost Sources/Core/XinglinHost/Migrations)"
plugins() {
    local plugin
    for plugin in People DecoctionPieces Membership Example; do
        module $plugin "${quick[@]}" "${strict[@]}" -- $(sources Plugins/$plugin) "$(migrations $plugin Plugins/$plugin/Migrations)"
        # Where a plugin looks for its data files: beside its library.
        [ ! -d "Plugins/$plugin/Data" ] || ln -sfn "$PWD/Plugins/$plugin" "$out/xinglin_$plugin.resources"
    done
}
later plugins
together XinglinHost People DecoctionPieces Membership Example
later module XinglinFuzz "${fast[@]}" "${strict[@]}" "${watched[@]}" -- $(sources Tests/Fuzz/Sources)
together XinglinFuzz
if [ ! "$out/fuzz" -nt "$out/XinglinFuzz.o" ]; then
    say "linking"
    swiftc "${watched[@]}" -use-ld=lld "${done[@]}" $(pkg-config --libs libpq libcrypto) -o "$out/fuzz"
fi

# run TARGET: starts from the corpus here and what earlier runs have found to lead somewhere.
run() {
    local target=$1 work=$out/corpus/$1 found=$out/found/$1 log=$out/$1.log
    mkdir -p "$work" "$found"
    # What Swift keeps for the process's life looks leaked, for its pointers carry flags; growth is seen by the limit on memory.
    ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no XINGLIN_FUZZ_TARGET=$target XINGLIN_FUZZ_SEEDS=$work "$out/fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 \
        -max_len=8192 -dict=Tests/Fuzz/json.dict -artifact_prefix="$found/" -print_final_stats=1 \
        "$work" "Tests/Fuzz/corpus/$target" >"$log" 2>&1 && code=0 || code=$?
    say "$target: exit code $code; $(grep -E 'cov: ' "$log" | tail -n 1 | tr -s ' ')"
    sed -n '/^stat::number_of_executed_units/p; /^stat::peak_rss_mb/p' "$log"
    [ $code -eq 0 ] || { tail -n 40 "$log"; return 1; }
}

say "fuzzing ${targets[*]} for $seconds s each"
failed=0
lanes=()
for target in "${targets[@]}"; do
    run "$target" & lanes+=($!)
    if [ ${#lanes[@]} -ge "$(nproc)" ]; then wait "${lanes[0]}" || failed=1; lanes=("${lanes[@]:1}"); fi
done
for lane in ${lanes[@]+"${lanes[@]}"}; do wait "$lane" || failed=1; done
exit $failed
