#!/usr/bin/env bash
# fuzz.sh - run every libFuzzer target for SECONDS (default 60). What makes one crash is kept in build/fuzz/found/.
#   tools/fuzz.sh SECONDS [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
tools/build.sh fuzz fuzz_targets
if [ $# -gt 0 ]; then
    targets=("$@")
else
    mapfile -t targets < <(cd test/fuzz && ls fuzz_*.c | sed 's/\.c$//')
fi
failed=()
for target in "${targets[@]}"; do
    name=${target#fuzz_}
    mkdir -p "build/fuzz/grown/$name" "build/fuzz/found"
    echo "== $target, $seconds s"
    "build/fuzz/test/fuzz/$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="build/fuzz/found/$name-" -print_final_stats=1 "build/fuzz/grown/$name" "test/fuzz/corpus/$name" \
        >"build/fuzz/$name.log" 2>&1 || { failed+=("$target"); tail -40 "build/fuzz/$name.log"; }
    grep -E '^stat::(number_of_executed_units|average_exec_per_sec)' "build/fuzz/$name.log" || true
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "crashed: ${failed[*]} (input in build/fuzz/found/)" >&2
    exit 1
fi
echo "no crash in ${#targets[@]} targets"
