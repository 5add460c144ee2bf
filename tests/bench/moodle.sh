#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# ./dev bench --moodle [STUDENTS [KIB]]: a whole job on an assignment of 200 hand-ins of 2 MiB, against "download
# all submissions" and the course backup of the same Moodle. Measures, never judges.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
# shellcheck source=tools/say.sh
. tools/say.sh
# shellcheck source=tools/build.sh
. tools/build.sh
# shellcheck source=tools/moodle.sh
. tools/moodle.sh
tree=$(moodle_trees | sort -V | tail -n 1)
[ -n "$tree" ] || { moodle_absent >&2 && exit 1; }
telling "building the extension" build_extension nts
LAB=$(moodle_labs)/bench TREE=$tree EXT=$BUILD/ext-nts/modules/archivist.so DB=mariadb FRESH=1
export LAB TREE EXT DB FRESH
trap 'tests/moodle/lab.sh stop' EXIT
telling "bringing up Moodle" tests/moodle/lab.sh up
python3 tests/bench/moodle.py "$BUILD/core-release/archivist" "$LAB" "$@"
