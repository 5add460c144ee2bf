#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Each command of ./dev that no suite runs anyway, at its smallest scale: check_commands.sh [moodle]
# With "moodle" those that need one. The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit
BUILD=${BUILD:?start it by ./dev test}
work=$(mktemp -d)
passed=0 failed=0
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM

# does NAME COMMAND …: it must end well; what it said is in $work/out.
does() {
    local name=$1
    shift
    if "$@" >"$work/now" 2>&1 </dev/null; then
        passed=$((passed + 1))
        echo "ok $name"
        [ ! -s "$work/now" ] || mv "$work/now" "$work/out"
    else
        tail -n 40 "$work/now"
        failed=$((failed + 1))
        echo "FAILED $name"
        return 1
    fi
}

says() { grep -qE "$1" "$work/out" || { cat "$work/out" && false; }; } # the last one that said something
elsewhere() { ARCHIVIST_BUILD=$work/build ./dev "$@"; }

without_moodle() {
    does "./dev help" ./dev help && does "help names every command" says '^  photograph FOLDER'
    does "./dev suites" ./dev suites && does "house is a quick suite" says '^house +quick'
    does "./dev build" ./dev build &&
        does "what was built is there" test -x "$(sed -n 's/^archivist: *//p' "$work/out")" -a -f "$(sed -n 's/^extension: *//p' "$work/out")"
    mkdir -p "$work/build"
    does "./dev stop" elsewhere stop
    does "./dev clean" elsewhere clean && does "nothing is left of it" test ! -e "$work/build"
    does "./dev demo without a Moodle" tools/demo.sh 20 && {
        # What it tells anybody to do to check the archive, as it stands.
        sed -n 's/^  \(unzip\|cd\|sha256sum\) /\1 /p' "$work/out" >"$work/lines"
        does "its archive is checked with public tools" bash -e "$work/lines" && does "all is intact" says '^intact$'
    }
    does "./dev bench --quick" ./dev bench --quick --rounds 1 --no-warm-up --data "$work/bench" &&
        does "every row was measured" says '^\| D cold \| tar '
}

with_moodle() {
    does "./dev demo" ./dev demo && does "its archive is valid" says '^valid ' &&
        if command -v chromium >/dev/null; then
            does "./dev photograph" ./dev photograph "$work/shots" 390 && does "pages were photographed" test -s "$work/shots/job-completed-390-en.png"
        fi
    # ./dev stop would end the servers of suites that run beside this one.
    does "the demo's servers stop" env "LAB=$(. tools/moodle.sh && moodle_labs)/demo" tests/moodle/lab.sh stop
    does "./dev bench --moodle" ./dev bench --moodle 4 64 && does "every way was measured" says '^\| course backup \|'
}

if [ "${1:-}" = moodle ]; then with_moodle; else without_moodle; fi
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
