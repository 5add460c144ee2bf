#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# GCC's analyzer over the sources of core, command line and extension: analyze.sh [FILE …]
# A file passes when nothing is found in it; what may be uninitialized, the builds with -O2 tell better. The last
# line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit
LIMIT_S=900 # for one file, on a machine that does much else
JOBS=${JOBS:-$(nproc)}
if [ $# -gt 0 ]; then files=("$@"); else
    mapfile -t files < <(cat core/sources.list ext/sources.list && ls core/cli/*.c)
fi
read -ra found < <(pkg-config --cflags libuv libarchive libcrypto libcurl jansson libutf8proc zlib libzstd)
read -ra php < <(php-config --includes)
flags=(-std=gnu11 -O1 -Wall -Wextra -Wno-unused-parameter -fno-strict-aliasing -Wno-maybe-uninitialized -fanalyzer -D_GNU_SOURCE
    -DZEND_ENABLE_STATIC_TSRMLS_CACHE=1 -DCOMPILE_DL_ARCHIVIST -Icore/include -Icore/src -Icore/cli -Iext "${found[@]}")
pkg-config --exists libdeflate && flags+=(-DARV_HAVE_LIBDEFLATE)
pkg-config --exists libisal && flags+=(-DARV_HAVE_ISAL)
for folder in "${php[@]}"; do flags+=(-isystem "${folder#-I}"); done # PHP's own headers are not judged
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export out LIMIT_S
# shellcheck disable=SC2016 # it is the inner shell's
printf '%s\0' "${files[@]}" | xargs -0 -r -P "$JOBS" -I{} bash -c '
    log=$out/${1//\//_}
    timeout "$LIMIT_S" gcc "${@:2}" -c -o /dev/null "$1" >"$log" 2>&1
    status=$?
    if [ $status = 0 ] && [ ! -s "$log" ]; then
        echo "ok $1" >"$log.end"
    else
        [ $status != 124 ] || echo "not done within $LIMIT_S s" >>"$log"
        echo "FAILED $1" | cat - "$log" >"$log.end"
    fi
    flock "$out" cat "$log.end"' _ {} "${flags[@]}"
passed=$(cat "$out"/*.end | grep -c '^ok ')
echo "$passed passed, $((${#files[@]} - passed)) failed, 0 skipped"
[ "$passed" = ${#files[@]} ]
