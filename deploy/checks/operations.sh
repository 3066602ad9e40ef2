#!/usr/bin/env bash
# Checks what is shipped for operating a host: alerts and their cases, dashboard, scrape example, systemd unit.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

fetch_promtool
install_packages systemd python3 python3-yaml

say "alerts"
"$promtool" check rules deploy/prometheus/xinglin.rules.yaml
"$promtool" test rules deploy/prometheus/xinglin.rules.test.yaml
"$promtool" check config --syntax-only deploy/prometheus/prometheus.example.yaml

say "alerts, dashboard and docs/operations.md agree"
/usr/bin/python3 deploy/checks/operations.py "$promtool"

say "the systemd unit"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
# Verified where the program is not installed: any program stands for it.
sed 's#^ExecStart=/opt/xinglin/lib/xinglin #ExecStart=/bin/true #' deploy/systemd/xinglin.service > "$work/xinglin.service"
check_unit() {
    local said
    said=$(systemd-analyze verify --man=no "$work/$1" 2>&1) || fail "$said"
    [ -z "$said" ] || fail "$said"
    case "$1" in *.timer) return ;; esac
    # Whole numbers: 20 stands for an exposure of 2.0, beyond which it is no longer "OK".
    systemd-analyze security --offline=true --threshold=20 --no-pager "$work/$1" | tail -n 1
}
check_unit xinglin.service
cp -r deploy/systemd/xinglin.service.d "$work/xinglin.service.d"
say "the same with the example of a drop-in"
check_unit xinglin.service
say "the nightly backup"
cp deploy/systemd/xinglin-backup.service deploy/systemd/xinglin-backup.timer "$work/"
check_unit xinglin-backup.service
check_unit xinglin-backup.timer
systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$work/xinglin-backup.timer")" >/dev/null || fail "the timer has no time"
mkdir "$work/etc"
for part in sysusers tmpfiles; do
    "systemd-$part" --help >/dev/null || fail "systemd-$part is missing"
done
systemd-sysusers --root="$work" "$PWD/deploy/systemd/xinglin.sysusers.conf"
grep -q '^xinglin:' "$work/etc/passwd" || fail "deploy/systemd/xinglin.sysusers.conf makes no user"
systemd-tmpfiles --root="$work" --create "$PWD/deploy/systemd/xinglin.tmpfiles.conf"
[ -d "$work/var/lib/xinglin" ] && [ -d "$work/etc/xinglin" ] || fail "deploy/systemd/xinglin.tmpfiles.conf makes no folders"
say "all sound"
