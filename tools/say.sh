# SPDX-License-Identifier: Apache-2.0
# What people are told while something takes its time. Sourced by ../dev and by what it calls.
# shellcheck shell=bash

TELL_EVERY_S=25

# pause SECONDS: waits without a child, so that nothing is left behind when its shell is killed.
pause() {
    local nothing
    exec {nothing}<> <(:)
    read -rt "$1" -u "$nothing" || :
    exec {nothing}>&-
}

# telling WHAT COMMAND …: runs the command, and says every now and then that it is still at it. Returns its status.
telling() {
    local what=$1 status=0 begun=$SECONDS teller
    shift
    (
        while pause $TELL_EVERY_S && kill -0 $$ 2>/dev/null; do
            echo "  … still $what, for $((SECONDS - begun)) s"
        done
    ) &
    teller=$!
    "$@" || status=$?
    kill $teller 2>/dev/null || :
    wait $teller 2>/dev/null || :
    return $status
}

# span SECONDS: as people say it.
span() {
    if [ "$1" -lt 100 ]; then echo "$1 s"; else echo "$((($1 + 30) / 60)) min"; fi
}
