#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# ./dev demo: a sample exam, archived through the extension, verified, and how anybody checks it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
# shellcheck source=tools/say.sh
. tools/say.sh
# shellcheck source=tools/build.sh
. tools/build.sh
# shellcheck source=tools/moodle.sh
. tools/moodle.sh

echo "No Moodle is at hand, so a sample exam is archived without one. (To see one: set MOODLE_DIR to an unpacked"
echo "source tree of Moodle 4.5 or later, or put one below $CACHE/moodle/.)"
echo "Building the command line and the extension, about two minutes the first time …"
telling "building the command line" build_core release
telling "building the extension" build_extension nts
demo=$BUILD/demo
exam=$demo/exam
mkdir -p "$demo"
chmod 700 "$demo"
if [ ! -f "$demo/exam.made" ]; then
    echo "Making a sample exam of 40 students …"
    rm -rf "$exam"
    php docs/examples/make_exam.php "$exam" "${1:-300}"
    touch "$demo/exam.made"
fi
echo "Archiving $(find "$exam" -type f | wc -l) files, $(du -sh --apparent-size "$exam" | cut -f1) …"
# Each run stores a new archive; the demo keeps the last one only.
rm -rf "$demo/store"
php -d extension="$BUILD/ext-nts/modules/archivist.so" docs/examples/archive_exam.php "$exam" "$demo/store" |
    tee "$demo/result"
archive=$(sed -n 's/^archive *//p' "$demo/result")
base=$(sed -n 's/^base *//p' "$demo/result")
rm -rf "$demo/check"
cat <<TEXT

Anybody can check it with public tools:

  unzip -q '$archive' -d '$demo/check'
  cd '$demo/check/$base'
  sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt && echo intact

and read it: open '$demo/check/$base/index.html' in a browser.
Or with the command line:  '$BUILD/core-release/archivist' verify '$archive'

All of it lies in $demo; ./dev clean removes that, and what was built.
TEXT
