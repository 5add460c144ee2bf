#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The fault harness, whole: every call of a whole job failed and killed, the power failing at every change,
# every sync taken away, what was flushed rotting, a random walk of 10^6 operations, and system calls failed
# from outside. Prints
# what docs/reliability.md shows. Called by ./dev faults; the last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit
# shellcheck source=tools/suites.sh
. tools/suites.sh

usage() {
    cat <<'USAGE'
Usage: ./dev faults [--sample] [--seed N] [PART …]

  PART        calls, power, rot, walk or system; without any, all of them
  --sample    of each a small part, as the tests of every day do
  --seed N    which sample, which power failures, which walk; else by the clock, and it is printed

It works in TMPDIR, else in /dev/shm, else in /tmp, with one process for each core.
USAGE
}

FULL=1 SEED=${ARCHIVIST_SEED:-$(($(date +%s%N) % 1000000))} PARTS=()
while [ $# -gt 0 ]; do
    case $1 in
    --sample) FULL=0 ;;
    --seed) SEED=${2:?--seed needs a number} && shift ;;
    calls | power | rot | walk | system) PARTS+=("$1") ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
    shift
done
[ ${#PARTS[@]} -gt 0 ] || PARTS=(calls power rot walk system)
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then
    export TMPDIR=/dev/shm
fi
telling "building" build_core release || exit
export ARCHIVIST_SEED=$SEED ARCHIVIST_WORKERS=$JOBS
[ "$FULL" = 0 ] || export ARCHIVIST_FAULTS=full
LOG=$BUILD/log/faults
mkdir -p "$LOG"
rm -f "$LOG"/*

# part NAME COMMAND …
part() {
    local name=$1 begun
    shift
    begun=$(date +%s)
    "$@" 2>&1 | tee "$LOG/$name"
    echo "$name: $(($(date +%s) - begun)) s"
    echo
}

# One table out of those of the kinds of jobs: rows with the same name are added.
sum_tables() {
    awk -F'|' '
        /^\| / && NF == 11 && $3 ~ /[0-9]/ {
            name = $2
            if (!(name in row)) order[++rows] = name
            row[name] = 1
            for (i = 3; i <= 10; i++) sum[name, i] += $i
        }
        END {
            print "all kinds of jobs together\n"
            print "| |  calls |  points | at once |   later |  failed | aborted | nothing | wrong |"
            print "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
            for (r = 1; r <= rows; r++) {
                line = "|" order[r] "|"
                for (i = 3; i <= 10; i++) line = line sprintf(" %7d |", sum[order[r], i])
                print line
            }
        }' "$LOG/calls"
}

echo "seed $SEED, $ARCHIVIST_WORKERS processes, in ${TMPDIR:-/tmp}"
for wanted in "${PARTS[@]}"; do
    case $wanted in
    calls)
        part calls "$BUILD/core-release/tests/fault_job_calls"
        sum_tables
        ;;
    power) part power "$BUILD/core-release/tests/fault_job_power" ;;
    rot) part rot "$BUILD/core-release/tests/fault_job_rot" ;;
    walk) part walk "$BUILD/core-release/tests/fault_job_walk" ;;
    system)
        options=(--seed "$SEED" --workers "$JOBS")
        [ "$FULL" = 0 ] || options+=(--full)
        part system python3 tests/fault/inject.py "$BUILD/core-release/archivist" "${options[@]}"
        ;;
    esac
done
total=$(sum "$LOG"/*)
echo "$total"
[[ $total =~ ^[1-9][0-9]*\ passed,\ 0\ failed ]]
