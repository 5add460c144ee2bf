#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# All suites. Each is a function suite_NAME whose output ends with "N passed, N failed, N skipped";
# a suite that prints no such line, or ran no test, has failed. Called by ./dev test.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
# shellcheck source=tools/build.sh
. tools/build.sh
# shellcheck source=tools/suites.sh
. tools/suites.sh

SUITES="house c-gcc c-clang cli phpt-nts examples asan tsan valgrind fuzz phpt-zts coverage"
FULL=0
WANTED=()
while [ $# -gt 0 ]; do
    case $1 in
    --full) FULL=1 ;;
    --list) printf '%s\n' $SUITES && exit 0 ;;
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

passed=0 failed=0 skipped=0 bad=()
for suite in "${WANTED[@]}"; do
    log=$BUILD/log/suite-$suite
    begun=$(date +%s)
    "suite_${suite//-/_}" >"$log" 2>&1
    status=$?
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
    read -r p _ f _ s _ <<<"${line:-0 passed, 0 failed, 0 skipped}"
    if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ -z "$line" ] || [ "$p" -eq 0 ]; }; then
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-10s %5d passed %4d failed %4d skipped %5d s\n' "$suite" "$p" "$f" "$s" \
        $(($(date +%s) - begun))
    if [ "$f" -gt 0 ] || [ "$s" -gt 0 ]; then
        bad+=("$suite")
        grep -aE '^(FAILED|FAIL|skip|SKIP|# |.*: error:)' "$log" | head -n 30
        [ "$f" -gt 0 ] && tail -n 25 "$log"
        echo "(whole output: $log)"
    fi
done
echo
# A skipped suite counts as green on a developer's machine, never in CI.
result=0
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || result=1
if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
    echo "CI: $skipped skipped tests in: ${bad[*]}"
    result=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit $result
