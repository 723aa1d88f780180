#!/bin/sh
# pg.sh - one throw-away PostgreSQL cluster for a test run. Fast, not durable: fsync is off.
#   TONGBAN_TEST_PG=$(tools/pg.sh start)   start it (or find it running) and print the URL of its maintenance database
#   tools/pg.sh url                        print the URL, or fail if none runs
#   tools/pg.sh stop                       stop and delete it
# One cluster per user and working copy; TONGBAN_PG_STATE names another file to remember it in, TONGBAN_PG_DURABLE=1 leaves fsync on.
set -eu
export LC_ALL=C.UTF-8

copy=$(cd "$(dirname "$0")" && pwd | cksum | cut -d ' ' -f 1)
state=${TONGBAN_PG_STATE:-${TMPDIR:-/tmp}/tongban-pg-$(id -u)-$copy}

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

bin_dir() {
    if command -v pg_config >/dev/null && [ -x "$(pg_config --bindir)/initdb" ]; then
        pg_config --bindir
        return
    fi
    for dir in /usr/lib/postgresql/*/bin; do
        [ -x "$dir/initdb" ] && found=$dir
    done
    [ -n "${found:-}" ] || { echo "pg.sh: PostgreSQL is not installed" >&2; exit 1; }
    echo "$found"
}

# The folder of the running cluster; empty if none runs.
running() {
    [ -f "$state" ] || return 0
    dir=$(cat "$state")
    as_postgres "$(bin_dir)/pg_ctl" -D "$dir/data" status >/dev/null 2>&1 && echo "$dir" || true
}

print_url() {
    echo "postgresql://postgres@/postgres?host=$1"
}

start() {
    dir=$(running)
    if [ -z "$dir" ]; then
        bin=$(bin_dir)
        dir=$(mktemp -d /tmp/tpg.XXXXXX) # short: a socket's path has at most 107 bytes
        fast="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        [ -z "${TONGBAN_PG_DURABLE:-}" ] || fast=
        [ "$(id -u)" != 0 ] || chown postgres "$dir"
        cd /
        as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir.log" 2>&1 &&
            as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -c listen_addresses= $fast -c max_connections=200 -c shared_buffers=64MB" start >>"$dir.log" 2>&1 || {
            cat "$dir.log" >&2
            rm -rf "$dir" "$dir.log"
            exit 1
        }
        rm -f "$dir.log"
        echo "$dir" >"$state"
    fi
    print_url "$dir"
}

stop() {
    dir=$(running)
    [ -z "$dir" ] || as_postgres "$(bin_dir)/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null
    [ -f "$state" ] || return 0
    case $(cat "$state") in
    /tmp/tpg.*) rm -rf "$(cat "$state")" ;;
    esac
    rm -f "$state"
}

case "${1:-}" in
start) start ;;
stop) stop ;;
url)
    dir=$(running)
    [ -n "$dir" ] || { echo "pg.sh: no cluster runs" >&2; exit 1; }
    print_url "$dir"
    ;;
*)
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
