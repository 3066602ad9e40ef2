# Sourced by run.sh and test.sh: checks the toolchain and installs what a fresh Debian 12 lacks.
# shellcheck shell=bash

say() { printf '==> %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs a command as root: directly, or by sudo. Without a terminal sudo must not ask.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Installs the packages that are missing; does nothing where there are none.
install_packages() {
    local missing=() package
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        fail "these packages are missing, and you are neither root nor is there sudo: ask an administrator for
    apt-get install ${missing[*]}"
    fi
    say "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null
    if printf '%s\n' "${missing[@]}" | grep -qx postgresql-15; then
        keep_debian_from_making_a_cluster
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" </dev/null
}

# Debian's package creates and starts a cluster of its own; the host runs its own and needs only the programs.
keep_debian_from_making_a_cluster() {
    local settings=/etc/postgresql-common/createcluster.conf
    [ ! -e "$settings" ] || return 0
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql-common </dev/null
    as_root sed -i -E 's/^#?create_main_cluster *=.*/create_main_cluster = false/' "$settings"
}

check_toolchain() {
    command -v swift >/dev/null || fail "there is no Swift toolchain on the PATH: install Swift 6.3 or later from swift.org"
    local version
    version=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9]+\.[0-9]+$')
    [ "$(printf '%s\n' 6.3 "$version" | sort -V | head -n 1)" = 6.3 ] \
        || fail "Swift $version is too old: install Swift 6.3 or later from swift.org"
}

check_system() {
    command -v dpkg-query >/dev/null || fail "this script is for Debian 12 and its kin; see README.md for what is needed elsewhere"
}

# What building and running needs: the C libraries, PostgreSQL's programs, and what SwiftPM itself calls.
install_for_running() {
    check_system
    install_packages libpq-dev libssl-dev postgresql-15 pkg-config git ca-certificates
    check_toolchain
}

# Sets `promtool`: that of the PATH, or the one of Debian's package, unpacked here so that no Prometheus is installed or started.
fetch_promtool() {
    promtool=$(command -v promtool) && return
    promtool=$PWD/.build/tools/usr/bin/promtool
    [ ! -x "$promtool" ] || return 0
    say "fetching promtool"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null
    mkdir -p .build/tools
    (cd .build/tools && apt-get -qq download prometheus </dev/null && dpkg-deb -x prometheus_*.deb .)
}

# What the tests of two hosts and of failover need besides: HAProxy, Patroni, etcd. Only their programs: nothing is to start by itself.
install_for_failover() {
    check_system
    local program
    for program in haproxy patroni etcd; do
        # A service that is masked before its package comes is never started by it; one that is there already is left alone.
        if command -v systemctl >/dev/null && [ -d /run/systemd/system ] && ! systemctl cat "$program.service" >/dev/null 2>&1; then
            as_root systemctl mask "$program.service"
        fi
    done
    install_packages haproxy patroni etcd-server etcd-client
}
