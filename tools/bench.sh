#!/usr/bin/env bash
# bench.sh - measurements, each beside its reference from the same run; writes docs/benchmarks.md. Needs a quiet machine to mean
# anything, and wrk and nginx-light for the pages. What can be chosen is said in test/bench/bench.py.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh release
exec python3 test/bench/bench.py build/release
