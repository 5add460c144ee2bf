#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# All suites. Each is a function suite_NAME whose output ends with "N passed, N failed, N skipped";
# a suite that prints no such line, or ran no test, has failed. A suite that needs what is not to be had
# here (a Moodle, its code style) returns 77 and says why; it counts as skipped, and its name is told.
# Called by ./dev test.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit
# shellcheck source=tools/build.sh
. tools/build.sh
# shellcheck source=tools/suites.sh
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/moodle.sh
. tools/moodle.sh
# shellcheck source=tools/moodle_suites.sh
. tools/moodle_suites.sh
# shellcheck source=tools/suites.sh
. tools/suites.sh

SUITES="house c-gcc c-clang cli faults phpt-nts examples moodle-static moodle-cs asan tsan valgrind fuzz phpt-zts coverage"
# Samples of faults rotate with the clock; CI takes the same one each time, so that it is red for a change.
[ "${CI:-}" != true ] || export ARCHIVIST_SEED=${ARCHIVIST_SEED:-20261125}
moodle_fetch_if_wanted "$@"
SUITES="$SUITES $(moodle_suite_names)"
FULL=0
WANTED=()
while [ $# -gt 0 ]; do
    case $1 in
    --full) FULL=1 ;;
    --list) tr ' ' '\n' <<<"$SUITES" && exit 0 ;;
    -*) echo "./dev test: unknown option $1; see ./dev --help" >&2 && exit 2 ;;
    *)
        case " $SUITES " in
        *" $1 "*) WANTED+=("$1") ;;
        *) echo "./dev test: there is no suite $1; ./dev suites names them" >&2 && exit 2 ;;
        esac
        ;;
    esac
    shift
done
[ ${#WANTED[@]} -gt 0 ] || read -ra WANTED <<<"$SUITES"
export FULL
mkdir -p "$BUILD/log"

passed=0 failed=0 skipped=0 absent=0 bad=()
left_out=()
for suite in "${WANTED[@]}"; do
    log=$BUILD/log/suite-$suite
    begun=$(date +%s)
    case $suite in
    moodle-[0-9]*) suite_moodle_of "$suite" >"$log" 2>&1 ;;
    *) "suite_${suite//-/_}" >"$log" 2>&1 ;;
    esac
    status=$?
    if [ $status -eq 77 ] && [[ $suite == moodle* ]]; then
        skipped=$((skipped + 1)) absent=$((absent + 1))
        left_out+=("$suite: $(tail -n 1 "$log")")
        printf '%-13s %5s\n' "$suite" "skipped"
        continue
    fi
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
    read -r p _ f _ s _ <<<"${line:-0 passed, 0 failed, 0 skipped}"
    if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ -z "$line" ] || [ "$p" -eq 0 ]; }; then
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-13s %5d passed %4d failed %4d skipped %5d s\n' "$suite" "$p" "$f" "$s" \
        $(($(date +%s) - begun))
    if [ "$f" -gt 0 ] || [ "$s" -gt 0 ]; then
        bad+=("$suite")
        grep -aE '^(FAILED|FAIL|skip|SKIP|# |.*: error:)' "$log" | head -n 30
        [ "$f" -gt 0 ] && tail -n 25 "$log"
        echo "(whole output: $log)"
    fi
done
echo
for line in "${left_out[@]}"; do
    echo "skipped $line"
done
# A skipped test counts as green on a developer's machine, never in CI; a suite without its Moodle does.
result=0
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || result=1
if [ "${CI:-}" = true ] && [ "$skipped" -gt "$absent" ]; then
    echo "CI: $((skipped - absent)) skipped tests in: ${bad[*]}"
    result=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit $result
