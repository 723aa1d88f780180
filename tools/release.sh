#!/usr/bin/env bash
# release.sh - build/tongban-VERSION-ARCH.tar.gz: the program without symbols, licence and manual.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh release
version=$(sed -n "s/^ *version: '\([^']*\)'.*/\1/p" meson.build | head -1)
name="tongban-$version-$(uname -m)"
rm -rf "build/$name"
mkdir -p "build/$name/docs"
strip -o "build/$name/tongban" build/release/src/app/tongban
cp LICENSE README.md "build/$name/"
cp docs/operate.md "build/$name/docs/"
tar -C build --owner=0 --group=0 --sort=name --mtime="@$(git log -1 --format=%ct)" -czf "build/$name.tar.gz" "$name"
rm -rf "build/$name"
(cd build && sha256sum "$name.tar.gz")
