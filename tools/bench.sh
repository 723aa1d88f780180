#!/usr/bin/env bash
# bench.sh - measurements, each beside its reference from the same run. Needs a quiet machine to mean anything.
#   BENCH_DIR  folder on the disk to measure (default: a temporary one)
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh release
folder=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/tongban-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
echo "== statutory clock"
build/release/src/modules/calendar/bench_clock
echo "== group commit against a bare loop, 32 clients, 3 s"
build/release/src/db/bench_db "$folder" 32 3
echo "== ledger entries"
build/release/src/ledger/bench_ledger "$folder"
