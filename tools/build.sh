#!/usr/bin/env bash
# build.sh - configure (once) and compile one of the build folders.
#   tools/build.sh release|dev|fuzz|analyze [TARGET...]
#   release  optimised; links build/tongban      dev      debug, address and undefined sanitizers
#   fuzz     clang, libFuzzer                    analyze  gcc -fanalyzer
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1
shift

case "$kind" in
release) options=(-Dbuildtype=debugoptimized -Doptimization=2) ;;
dev) options=(-Dbuildtype=debug -Db_sanitize=address,undefined -Db_lundef=false) ;;
fuzz)
    export CC=clang
    options=(-Dbuildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=false -Dfuzz=true)
    ;;
analyze) options=(-Dbuildtype=debug '-Dc_args=-fanalyzer') ;;
*) echo "build.sh: no kind '$kind'" >&2; exit 2 ;;
esac

if ! command -v meson >/dev/null || ! command -v ninja >/dev/null; then
    echo "meson or ninja is missing: run 'make deps' first" >&2
    exit 1
fi
loud_if_bad() {
    "$@" >"build/$kind.log" 2>&1 || {
        cat "build/$kind.log" >&2
        exit 1
    }
}

# Some lists of files are made by ls when the folder is configured: a new or missing file means configuring again.
mkdir -p build
files=$(ls web/*.po web/partials/* src/*/*.po src/modules/*/* | sha256sum)
if [ ! -f "build/$kind/build.ninja" ]; then
    loud_if_bad meson setup "build/$kind" "${options[@]}"
elif [ "$files" != "$(cat "build/$kind/.files" 2>/dev/null)" ]; then
    loud_if_bad meson setup --reconfigure "build/$kind"
fi
echo "$files" >"build/$kind/.files"
loud_if_bad ninja -C "build/$kind" ${JOBS:+-j"$JOBS"} --quiet "$@"
grep -E -A5 'warning:' "build/$kind.log" || true
[ "$kind" != release ] || ln -sfn release/src/app/tongban build/tongban
