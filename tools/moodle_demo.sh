#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# ./dev demo with a Moodle at hand: a site with plugin, extension and a seeded course; its assignment is archived
# by the task, and the archive verified. The servers stay until ./dev stop. ./dev photograph shows it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
# shellcheck source=tools/say.sh
. tools/say.sh
# shellcheck source=tools/build.sh
. tools/build.sh
# shellcheck source=tools/moodle.sh
. tools/moodle.sh
LAB=$(moodle_labs)/demo
export LAB
setting() { sed -n "s/^$1=//p" "$LAB/lab.env"; }

demo() {
    local tree jobid key cm course archive
    tree=$(moodle_trees | sort -V | tail -n 1)
    echo "Building the command line and the extension, about two minutes the first time …"
    telling "building the command line" build_core release
    telling "building the extension" build_extension nts
    echo "Bringing up Moodle from $tree, about four minutes the first time …"
    export TREE=$tree EXT=$BUILD/ext-nts/modules/archivist.so DB=mariadb
    telling "bringing up Moodle" tests/moodle/lab.sh up
    if ! grep -q '"cm"' "$LAB/etc/sample" 2>/dev/null || [ "$(in_site known "$(sample_of cm)")" != true ]; then
        echo "Seeding a course of 40 students …"
        seed() { in_lab seed.php "$(setting CODE)" "os$(date +%H%M%S)" 40 512 demo >"$LAB/etc/sample"; }
        telling "seeding" seed
        in_site store "$LAB/storage/demo" >/dev/null
    fi
    cm=$(sample_of cm) course=$(sample_of course)
    echo "Archiving the assignment through the ad hoc task …"
    jobid=$(in_site job "$cm")
    adhoc() { "$LAB/bin/m" admin/cli/adhoc_task.php --execute --classname='\local_archivist\task\run_job' >"$LAB/log/adhoc" 2>&1; }
    telling "archiving" adhoc ||
        { tail -n 20 "$LAB/log/adhoc" >&2 && exit 1; }
    key=$("$LAB/bin/sql" "SELECT storekey FROM mdl_local_archivist_file WHERE jobid = $jobid AND status = 'stored'")
    if [ -z "$key" ]; then
        "$LAB/bin/sql" "SELECT cause FROM mdl_local_archivist_job WHERE id = $jobid" >&2
        exit 1
    fi
    archive=$LAB/storage/demo/$key
    "$BUILD/core-release/archivist" verify "$archive"
    cat <<TEXT

site       $(setting URL)
login      admin  $(setting ADMINPASS)
course     $(setting URL)/local/archivist/index.php?courseid=$course
job        $(setting URL)/local/archivist/job.php?id=$jobid
archive    $archive

The site lies in $LAB. Its servers go on until ./dev stop; ./dev clean removes the site, and what was built.
TEXT
}

in_lab() { # SCRIPT ARGUMENT …
    local script=$1 out
    shift
    out=$("$LAB/bin/php" "$LAB/bin/$script" "$@" 2>&1) || { tail -n 10 <<<"$out" >&2 && return 1; }
    tail -n 1 <<<"$out"
}
in_site() { in_lab lab_site.php "$(setting CODE)" "$@"; }
sample_of() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$LAB/etc/sample"; }

# photograph FOLDER [WIDTH [LANGUAGE]]: pictures of the demo's pages, and of jobs in all states.
photograph() {
    local folder=${1:?usage: ./dev photograph FOLDER [WIDTH [LANGUAGE]]} width=${2:-1200} language=${3:-en}
    local node=$CACHE/node course cm scenes name shots=()
    [ -f "$LAB/etc/sample" ] || { echo "Run ./dev demo first; it makes what is photographed." >&2 && exit 1; }
    if [ ! -d "$node/node_modules/puppeteer-core" ]; then
        mkdir -p "$node"
        quiet "$BUILD/log/npm" npm install --prefix "$node" --ignore-scripts --no-audit --no-fund puppeteer-core
    fi
    mkdir -p "$folder"
    course=$(sample_of course) cm=$(sample_of cm)
    [ "$language" != de ] || "$LAB/bin/php" "$LAB/bin/german.php" "$(setting CODE)" >/dev/null
    scenes=$(in_lab scenes.php "$(setting CODE)" "$course" "$language")
    for name in completed running waiting failed partial; do
        shots+=("/local/archivist/job.php?id=$(sed -n "s/.*\"$name\":\([0-9]*\).*/\1/p" <<<"$scenes")=$folder/job-$name-$width-$language.png")
    done
    NODE_FOLDER=$node node tests/moodle/photograph.mjs "$(setting URL)" admin "$(setting ADMINPASS)" "$width" "$language" \
        "/local/archivist/index.php?courseid=$course=$folder/course-$width-$language.png" \
        "/local/archivist/activity.php?id=$cm=$folder/activity-$width-$language.png" \
        "/local/archivist/archive.php?courseid=$course&cmids[]=$cm=$folder/archive-$width-$language.png" \
        "/local/archivist/index.php?courseid=$course&tab=jobs=$folder/coursejobs-$width-$language.png" \
        "/local/archivist/jobs.php=$folder/jobs-$width-$language.png" \
        "/local/archivist/imports.php=$folder/imports-$width-$language.png" \
        "/local/archivist/deletions.php=$folder/deletions-$width-$language.png" \
        "/local/archivist/stores.php=$folder/stores-$width-$language.png" \
        "/admin/settings.php?section=local_archivist_settings=$folder/settings-$width-$language.png" "${shots[@]}"
}

"${1:?demo or photograph}" "${@:2}"
