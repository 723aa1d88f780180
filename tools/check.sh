#!/usr/bin/env bash
# check.sh - everything a machine can say about the source. Each check runs even if one before it failed.
#   ALL=1      clang-tidy on every file, not only on what changed
#   ANALYZE=1  also a build with gcc -fanalyzer
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

check() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

# Long reports only when something is wrong.
quiet() {
    local out
    out=$("$@" 2>&1) || { echo "$out"; return 1; }
}

check format python3 tools/check_format.py
check includes python3 tools/check_includes.py
check banned python3 tools/check_banned.py
check messages python3 tools/check_messages.py
check sizes python3 tools/check_sizes.py
check data quiet python3 tools/county.py --check
check tidy python3 tools/tidy.py
[ -z "${ANALYZE:-}" ] || check analyze tools/build.sh analyze

if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}" >&2
    exit 1
fi
echo "all checks passed"
