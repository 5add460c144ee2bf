# SPDX-License-Identifier: Apache-2.0
# Where Moodle comes from, and where its labs lie. Sourced by ../dev, demo.sh and test.sh.
# shellcheck shell=bash

moodle_is_tree() { # DIR
    [ -f "$1/lib/moodlelib.php" ] || [ -f "$1/public/lib/moodlelib.php" ]
}

moodle_branch() { # TREE: 405, 500, 501
    local code=$1
    [ ! -d "$1/public/lib" ] || code=$1/public
    sed -n "s/^\$branch *= *'\([0-9]*\)'.*/\1/p" "$code/version.php"
}

moodle_label() { # TREE: 45, 50, 51; names its suite and its lab
    local branch
    branch=$(moodle_branch "$1")
    echo "$((branch / 100))$((branch % 100))"
}

# moodle_trees: the Moodle trees at hand, one a line. MOODLE_DIR, else each tree in the cache.
moodle_trees() {
    local dir
    if [ -n "${MOODLE_DIR:-}" ]; then
        moodle_is_tree "$MOODLE_DIR" || {
            echo "MOODLE_DIR names $MOODLE_DIR, which holds no Moodle; name the unpacked source tree of one." >&2
            return 1
        }
        (cd "$MOODLE_DIR" && pwd)
        return
    fi
    for dir in "$CACHE"/moodle/*/; do
        moodle_is_tree "${dir%/}" && echo "${dir%/}"
    done
    return 0
}

# moodle_fetch: when no tree is at hand, asks Composer for one into the cache. Not every package server
# has Moodle, so that a failure is no error; moodle_absent tells people what to do.
moodle_fetch() {
    local version part log=$BUILD/log/moodle-fetch
    [ -z "$(moodle_trees)" ] && [ -z "${MOODLE_DIR:-}" ] || return 0
    command -v composer >/dev/null || return 0
    mkdir -p "$CACHE/moodle" "$BUILD/log"
    part=$(mktemp -d "$CACHE/moodle-part.XXXXXX")
    echo "No Moodle is at hand: asking Composer for one …"
    for version in 4.5 5.0 5.1; do
        telling "asking Composer for Moodle $version" moodle_from_composer "$part/$version" "$version" "$log" || break
        moodle_is_tree "$part/$version" && mv "$part/$version" "$CACHE/moodle/$version"
    done
    rm -rf "$part"
}

moodle_from_composer() { # FOLDER VERSION LOG
    COMPOSER_ALLOW_SUPERUSER=1 timeout 300 composer create-project --no-interaction --no-install --no-scripts \
        --prefer-dist moodle/moodle "$1" "$2.*" </dev/null >"$3" 2>&1
}

moodle_absent() { # the one sentence when there is none
    echo "No Moodle is at hand, and Composer has none: set MOODLE_DIR to an unpacked source tree of Moodle 4.5 or later, or put one below $CACHE/moodle/."
}

# moodle_labs: the folder of all labs of this checkout. Servers that have dropped root's rights cannot
# enter root's home; the labs then lie in the system's cache.
moodle_labs() {
    local dir=$BUILD/moodle
    mkdir -p "$dir"
    if [ "$(id -u)" = 0 ] && ! setpriv --reuid=www-data --regid=www-data --clear-groups test -x "$dir" 2>/dev/null; then
        dir=/var/cache/archivist/$(basename "$BUILD")
        mkdir -p "$dir"
    fi
    echo "$dir"
}

moodle_stop() { # what the labs of this checkout started
    local lab
    for lab in "$(moodle_labs)"/*/; do
        [ ! -d "$lab/run" ] || LAB=${lab%/} tests/moodle/lab.sh stop
    done
}
