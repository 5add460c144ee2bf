# SPDX-License-Identifier: Apache-2.0
# The suites of the Moodle plugin. Sourced by suites.sh.
# shellcheck shell=bash

# moodle_wanted ALL NAME …: a Moodle, and what it needs, when one of its suites is to run. Composer is asked for one
# that is not at hand.
moodle_wanted() {
    local all=$1
    shift
    case "$all $* " in
    "1  " | *" moodle "* | *" moodle-"[0-9d]*) ;;
    *) return 0 ;;
    esac
    moodle_fetch
    [ -n "$(moodle_trees)" ] || return 0
    packages_need moodle
    ! command -v chromium >/dev/null || packages_need photograph
}

# moodle_suite_names: moodle-45, moodle-50 … for the trees at hand; "moodle" stands for all of them when there is none.
moodle_suite_names() {
    local names
    names=$(moodle_trees | while IFS= read -r tree; do echo "moodle-$(moodle_label "$tree")"; done | sort -u)
    echo "${names:-moodle}" | tr '\n' ' ' | sed 's/ $//'
}

suite_moodle() { # no tree is at hand; a MOODLE_DIR that names none is a mistake, no absence
    moodle_trees || return
    moodle_absent
    return 77
}

suite_moodle_demo() { # the commands that need a Moodle, at their smallest scale
    build_core release && build_extension nts && tools/check_commands.sh moodle
}

suite_moodle_static() { # what holds for the plugin without a Moodle
    python3 tools/check_moodle.py
}

# The code style of Moodle. Its rules, and those it builds on, lie below MOODLE_CS or in the cache; what is
# missing there Composer may have, and PHP_CodeSniffer it has anywhere.
suite_moodle_cs() {
    local cs=${MOODLE_CS:-$CACHE/moodle-cs} tools=$CACHE/moodle-phpcs paths log=$BUILD/log/moodle-cs
    if ! paths=$(standards "$cs") && ! paths=$(composer_has "$tools" phpcsstandards/phpcsextra && standards "$cs" "$tools/vendor"); then
        echo "Moodle's code style is not at hand: put the sources of moodlehq/moodle-cs, PHPCSStandards/PHPCSUtils and PHPCSStandards/PHPCSExtra below $cs, or name their folder by MOODLE_CS."
        return 77
    fi
    if ! composer_has "$tools" squizlabs/php_codesniffer:^3.13; then
        echo "Composer has no squizlabs/php_codesniffer 3.13 (see $BUILD/log/moodle-phpcs)."
        return 77
    fi
    if php -d memory_limit=1G "$tools/vendor/bin/phpcs" --standard=moodle --extensions=php --parallel="$JOBS" \
        --runtime-set installed_paths "$paths" moodle_plugin >"$log" 2>&1; then
        echo "ok $(find moodle_plugin -name '*.php' | wc -l) files
1 passed, 0 failed, 0 skipped"
    else
        head -n 200 "$log"
        echo "FAILED moodle-cs
0 passed, 1 failed, 0 skipped"
    fi
}

composer_has() { # FOLDER PACKAGE[:VERSION]: installed there, or installable
    mkdir -p "$1"
    [ -d "$1/vendor/${2%:*}" ] || COMPOSER_ALLOW_SUPERUSER=1 composer require --working-dir="$1" --no-interaction \
        --no-plugins "$2" >>"$BUILD/log/moodle-phpcs" 2>&1
}

standards() { # FOLDER …: where the rules that are needed lie, as phpcs wants it; fails when one is missing
    local name found paths=
    for name in moodle PHPCSUtils Universal Modernize NormalizedArrays; do
        found=$(find "$@" -maxdepth 4 -path "*/$name/ruleset.xml" 2>/dev/null | head -n 1)
        [ -n "$found" ] || return 1
        paths+=,$(dirname "$(dirname "$found")")
    done
    echo "${paths#,}"
}

# suite_moodle_of moodle-NN: installs that Moodle with plugin and extension, runs PHPUnit, an archive end to
# end, and the faults. 4.5 stands on PostgreSQL, later ones on MariaDB.
suite_moodle_of() {
    local tree label=${1#moodle-} out
    tree=$(moodle_trees | while IFS= read -r tree; do
        [ "$(moodle_label "$tree")" = "$label" ] && echo "$tree" && break
    done)
    build_core release && build_extension nts || return
    (
        LAB=$(moodle_labs)/$label TREE=$tree EXT=$BUILD/ext-nts/modules/archivist.so DB=mariadb
        PHPUNIT=1 FRESH=1 DEBUG=1
        export LAB TREE EXT DB PHPUNIT FRESH DEBUG
        [ "$label" != 45 ] || DB=pgsql
        mkdir -p "$LAB"
        exec 8>"$LAB.run"
        flock 8 # Two runs of one checkout have one lab.
        trap 'tests/moodle/lab.sh stop' EXIT
        trap 'exit 143' TERM
        trap 'exit 130' INT
        tests/moodle/lab.sh up || exit
        out=$(mktemp -d)
        moodle_phpunit >"$out/phpunit"
        for part in endtoend questions faults nodes; do
            python3 "tests/moodle/$part.py" "$BUILD/core-release/archivist" "$LAB" >"$out/$part" 2>&1 ||
                grep -q '^FAILED' "$out/$part" || printf 'FAILED %s\n0 passed, 1 failed, 0 skipped\n' "$part" >>"$out/$part"
        done
        grep -hv '^[0-9]* passed' "$out"/*
        sum "$out"/*
        rm -rf "$out"
    )
}

# moodle_phpunit: the tests of the plugin and of its sub-plugins; no test is a failure.
moodle_phpunit() {
    local log=$LAB/log/junit.xml suites
    suites=$(grep -o 'testsuite name="\(local_archivist\|archiver_\|archivestore_\|archiveconnector_\|archivetrigger_\)[a-z_]*"' \
        "$LAB/www/phpunit.xml" | cut -d'"' -f2 | sort -u | paste -sd,)
    rm -f "$log"
    local status=0 found
    "$LAB/bin/phpunit" --testsuite "$suites" --log-junit "$log" </dev/null >"$LAB/log/phpunit" 2>&1 || status=$?
    found=$(python3 tests/moodle/junit.py "$log")
    echo "$found"
    [ -s "$log" ] || tail -n 20 "$LAB/log/phpunit"
    # An error that stands in no test, such as a data provider that breaks.
    if [ $status != 0 ] && ! grep -q '^FAILED' <<<"$found"; then
        tail -n 20 "$LAB/log/phpunit"
        printf 'FAILED PHPUnit: exit %s\n0 passed, 1 failed, 0 skipped\n' "$status"
    fi
}
