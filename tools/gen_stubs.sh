#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes ext/**/*_arginfo.h from the stubs with PHP's own generator. `--check` changes nothing and
# fails when a committed file differs. Needs php-dev and Composer (for the generator's parser).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/archivist
PARSER=4.15.1
work=$CACHE/gen_stub

prepare() {
    local build
    build=$(php-config --extension-dir)/build
    [ -f "$build/gen_stub.php" ] || build=$(php-config --prefix)/lib/php/build
    [ -f "$build/gen_stub.php" ] || build=/usr/lib/php/$(php-config --phpapi)/build
    mkdir -p "$work"
    cp "$build/gen_stub.php" "$work/"
    [ -d "$work/PHP-Parser-$PARSER/lib" ] && return
    rm -rf "$work/composer" && mkdir -p "$work/composer"
    composer --working-dir="$work/composer" --no-interaction -q require "nikic/php-parser:$PARSER"
    rm -rf "$work/PHP-Parser-$PARSER"
    mv "$work/composer/vendor/nikic/php-parser" "$work/PHP-Parser-$PARSER"
}

prepare
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
git ls-files --cached --others --exclude-standard -- 'ext/*.stub.php' | while IFS= read -r stub; do
    mkdir -p "$out/$(dirname "$stub")"
    cp "$stub" "$out/$stub"
done
php "$work/gen_stub.php" -f "$out/ext" >"$out/log" || { cat "$out/log" >&2; exit 1; }
status=0
while IFS= read -r made; do
    file=${made#"$out"/}
    if cmp -s "$made" "$file"; then
        continue
    elif [ "${1:-}" = --check ]; then
        echo "FAILED $file differs from its stub: run tools/gen_stubs.sh"
        status=1
    else
        cp "$made" "$file"
        echo "$file"
    fi
done < <(find "$out/ext" -name '*_arginfo.h')
exit $status
