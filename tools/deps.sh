#!/usr/bin/env bash
# deps.sh - install the Debian packages and npm packages that are missing. Does nothing, quickly, when all are there.
#   tools/deps.sh           what building and running needs
#   tools/deps.sh --test    also what the tests and checks need
set -euo pipefail
cd "$(dirname "$0")/.."

build=(gcc libc6-dev make meson ninja-build pkgconf python3 ca-certificates
    fonts-wqy-zenhei libargon2-dev libcairo2-dev libcmocka-dev libicu-dev libjansson-dev libmicrohttpd-dev libpango1.0-dev
    libpq-dev libqrencode-dev libsqlite3-dev libssl-dev zlib1g-dev)
test=(chromium clang clang-format clang-tidy curl git libclang-rt-14-dev poppler-utils postgresql universal-ctags)

wanted=("${build[@]}")
[ "${1:-}" != --test ] || wanted+=("${test[@]}")
command -v node >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "deps.sh: these packages are missing and need root to install: ${missing[*]}" >&2
        exit 1
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
missing=()
for package in "${wanted[@]}"; do
    grep -qxF "$package" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "installing: ${missing[*]}"
    apt_install </dev/null || { # the package lists may be old or absent
        as_root apt-get update -q </dev/null
        apt_install </dev/null
    }
fi

# npm writes node_modules/.package-lock.json last.
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --no-audit --no-fund </dev/null
    touch node_modules/.package-lock.json
fi
