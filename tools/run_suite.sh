#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# One suite in processes of its own: run_suite.sh NAME LIMIT_S LOG FD. It ends the suite when it hangs, and
# writes "NAME STATUS" to FD when it is done. test.sh starts it, as the leader of a session.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit
if [ "$1" = --inside ]; then
    # shellcheck source=tools/suites.sh
    . tools/suites.sh
    case $2 in
    moodle-[0-9]*) suite_moodle_of "$2" ;;
    *) "suite_${2//-/_}" ;;
    esac
    exit
fi
name=$1 limit=$2 log=$3 fd=$4
# Whoever starts something in the background has it ignore signals, and tests of signals begin from the default.
(
    exec {fd}>&-
    exec timeout --kill-after=120 "$limit" env --default-signal tools/run_suite.sh --inside "$name"
) >"$log" 2>&1 </dev/null &
trap 'kill -TERM $!' TERM
status=0
wait $! || status=$?
trap '' TERM
wait $! 2>/dev/null || : # a signal interrupts the first one
if [ $status = 124 ] || [ $status = 137 ]; then
    echo "FAILED suite $name: not done within its limit of $limit s" >>"$log"
fi
[ $status = 77 ] || { echo "CPU of this shell and of all it ran, user and system:" && times; } >>"$log"
# Tests are groups of their own, which the end of a suite does not reach; the session has them all.
# shellcheck disable=SC2046 # one word for each process
kill -KILL $(pgrep -s $$ | grep -vx $$) 2>/dev/null
echo "$name $status" >&"$fd"
