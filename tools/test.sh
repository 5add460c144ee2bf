#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# ./dev test: the quick suites, all of them, or those that are named. Two at a time where a suite keeps only one
# core busy. A suite that prints no "N passed, N failed, N skipped", runs no test or takes longer than its limit
# has failed. One that needs what cannot be had here returns 77 and says why in its last line; it counts as one
# skipped test, and its name is told. tools/suites.sh has the table.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit
# shellcheck source=tools/suites.sh
. tools/suites.sh

# Samples of faults rotate with the clock; CI takes the same one each time, so that it is red for a change.
[ "${CI:-}" != true ] || export ARCHIVIST_SEED=${ARCHIVIST_SEED:-20261125}
FULL=0 ALL=0 LIST=0 NAMED=()
[ "${CI:-}" != true ] || ALL=1
for word in "$@"; do
    case $word in
    --full) FULL=1 ALL=1 ;;
    --all) ALL=1 ;;
    --list) LIST=1 ;;
    -*) echo "./dev test: unknown option $word; see ./dev --help" >&2 && exit 2 ;;
    *) NAMED+=("$word") ;;
    esac
done
export FULL
[ $LIST = 1 ] || moodle_wanted $ALL "${NAMED[@]}" || exit

declare -A WHEN EXPECTED CORES
NAMES=()
while read -r name when seconds cores; do
    NAMES+=("$name")
    [ "$cores" != all ] || cores=$JOBS
    WHEN[$name]=$when CORES[$name]=$cores
    EXPECTED[$name]=$(cat "$BUILD/seconds/$name" 2>/dev/null || echo $((seconds * 2 / (JOBS < 2 ? 1 : 2))))
done < <(suite_table)
if [ $LIST = 1 ]; then
    for name in "${NAMES[@]}"; do
        printf '%-14s %-6s about %s\n' "$name" "${WHEN[$name]}" "$(span "${EXPECTED[$name]}")"
    done
    exit
fi
WANTED=() LEFT=()
for name in "${NAMED[@]}"; do
    [ -n "${WHEN[$name]:-}" ] || { echo "./dev test: there is no suite $name; ./dev suites names them" >&2 && exit 2; }
    WANTED+=("$name")
done
if [ ${#NAMED[@]} = 0 ]; then
    for name in "${NAMES[@]}"; do
        if [ $ALL = 1 ] || [ "${WHEN[$name]}" = quick ]; then WANTED+=("$name"); else LEFT+=("$name"); fi
    done
fi
mkdir -p "$BUILD/log" "$BUILD/seconds"

# ---- running -------------------------------------------------------------------------------------------------

# A limit is for what hangs: it holds on a machine that does much else.
limit_of() { echo $((FULL == 1 ? 86400 : 2400 + 10 * ${EXPECTED[$1]})); }

declare -A SESSION BEGUN # by suite that runs
busy=0
WAITING=("${WANTED[@]}")
exec {ENDS}<> <(:) # each suite writes its name and status here when it is done

start() { # SUITE
    setsid tools/run_suite.sh "$1" "$(limit_of "$1")" "$BUILD/log/suite-$1" "$ENDS" &
    SESSION[$1]=$! BEGUN[$1]=$SECONDS
    busy=$((busy + CORES[$1]))
}

start_what_fits() { # in the order of the list, but a suite for one core may go before one that needs them all
    local at name
    for at in "${!WAITING[@]}"; do
        name=${WAITING[at]}
        if [ $((busy + CORES[$name])) -le "$JOBS" ]; then
            unset "WAITING[$at]"
            start "$name"
        fi
    done
}

# finished NAME STATUS SECONDS: its line, and what is to be read of its log.
passed=0 failed=0 skipped=0 absent=0 done=0 bad=() left_out=()
finished() {
    local name=$1 status=$2 seconds=$3 log=$BUILD/log/suite-$1 line p f s
    done=$((done + 1))
    if [ "$status" = 77 ] && may_be_absent "$name"; then
        absent=$((absent + 1)) p=0 f=0 s=1
        left_out+=("$name: $(tail -n 1 "$log")")
    else
        line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
        read -r p _ f _ s _ <<<"${line:-0 passed, 0 failed, 0 skipped}"
        if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ -z "$line" ] || [ "$p" -eq 0 ]; }; then
            f=1
        fi
        [ "$f" -gt 0 ] || [ $FULL = 1 ] || echo "$seconds" >"$BUILD/seconds/$name"
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-14s %5d passed %4d failed %4d skipped %5d s\n' "$name" "$p" "$f" "$s" "$seconds"
    if [ "$f" -gt 0 ] || { [ "$s" -gt 0 ] && [ "$status" != 77 ]; }; then
        bad+=("$name")
        grep -aE '^(FAILED|FAIL|skip|SKIP|# |.*: error:)' "$log" | head -n 50 | grep . || tail -n 25 "$log"
        echo "(whole output: $log)"
    fi
}

# seconds_left: what waits and what runs, by what it took last time.
seconds_left() {
    local alone=0 beside=0 most=0 left name
    for name in "${WAITING[@]}" "${!SESSION[@]}"; do
        left=$((${EXPECTED[$name]} - (SECONDS - ${BEGUN[$name]:-SECONDS})))
        [ $left -gt 0 ] || left=10
        if [ "${CORES[$name]}" -gt 1 ]; then
            alone=$((alone + left))
        else
            beside=$((beside + left))
            [ $left -le $most ] || most=$left
        fi
    done
    beside=$((beside / JOBS))
    echo $((alone + (beside > most ? beside : most)))
}

interrupted() {
    trap - INT TERM
    kill -TERM "${SESSION[@]}" 2>/dev/null
    echo "./dev test: interrupted; $done of ${#WANTED[@]} suites were done" >&2
    wait
    exit 130
}
trap interrupted INT TERM

echo "${#WANTED[@]} of ${#NAMES[@]} suites, in about $(span "$(seconds_left)")$(
    [ -n "$(ls "$BUILD/seconds")" ] || echo ' (a guess; the next run knows what this one took)'
). Built in $BUILD."
while start_what_fits && [ ${#SESSION[@]} -gt 0 ]; do
    if ! read -rt $TELL_EVERY_S -u "$ENDS" name status; then
        now= left="about $(span "$(seconds_left)") left"
        for name in "${!SESSION[@]}"; do
            took=$((SECONDS - BEGUN[$name]))
            now+="${now:+, }$name ($took s)"
            [ $took -le "${EXPECTED[$name]}" ] || left="longer than thought"
            # One that was killed with all it had cannot tell its end.
            kill -0 "${SESSION[$name]}" 2>/dev/null || echo "$name 137" >&"$ENDS"
        done
        echo "  … $done of ${#WANTED[@]} done; now $now; $left"
        continue
    fi
    [ -n "${SESSION[$name]:-}" ] || continue
    took=$((SECONDS - BEGUN[$name]))
    unset "SESSION[$name]" "BEGUN[$name]"
    busy=$((busy - CORES[$name]))
    finished "$name" "$status" $took
done

# ---- the end -------------------------------------------------------------------------------------------------

echo
for line in "${left_out[@]}"; do
    echo "skipped $line"
done
[ ${#LEFT[@]} = 0 ] || echo "Not run: ${LEFT[*]}; ./dev test --all runs everything."
echo "Logs: $BUILD/log. ./dev clean removes what was built for this folder; $CACHE holds what all share."
# A skipped test counts as green on a developer's machine, never in CI; a suite without its Moodle does.
result=0
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || result=1
[ ${#bad[@]} = 0 ] || echo "To look at: ${bad[*]}"
if [ "${CI:-}" = true ] && [ "$skipped" -gt "$absent" ]; then
    echo "CI: $((skipped - absent)) skipped tests, which count as failures here"
    result=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit $result
