# SPDX-License-Identifier: Apache-2.0
# The suites of ./dev test: a line in the table and a function each.
# shellcheck shell=bash
# shellcheck source=tools/say.sh
. tools/say.sh
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/build.sh
. tools/build.sh
# shellcheck source=tools/moodle.sh
. tools/moodle.sh
# shellcheck source=tools/moodle_suites.sh
. tools/moodle_suites.sh

# NAME WHEN SECONDS CORES, in the order in which they run. A new suite is a line here and suite_NAME below.
#   WHEN     quick: ./dev test runs it, all of them in five minutes; all: ./dev test --all and CI
#   SECONDS  on two idle cores, for the first estimate; later ones know what the last run took
#   CORES    1: it keeps one core busy and runs beside another; all: it runs alone
suite_table() {
    cat <<'TABLE'
house          quick     20  1
c-gcc          quick     60  all
cli            quick     60  1
phpt-nts       quick     60  1
hardening      quick      5  1
examples       quick     30  1
library        quick     10  1
moodle-static  quick     10  1
moodle-cs      quick     20  1
faults         quick     40  all
readers        all      120  1
c-clang        all       60  all
asan           all      200  all
tsan           all      100  all
fuzz           all      100  all
differential   all       90  1
coverage       all      100  all
commands       all      100  1
install        all      300  1
analyzer       all      200  all
valgrind       all       60  1
phpt-zts       all      200  1
TABLE
    local name
    for name in $(moodle_suite_names); do
        echo "$name all 600 1"
    done
    for name in $(moodle_trees | head -n 1); do
        echo "moodle-demo all 300 1"
    done
}

may_be_absent() { # SUITE: it may return 77. In CI only what needs a Moodle may: elsewhere it is a failure.
    case $1 in
    moodle*) true ;;
    *) [ "${CI:-}" != true ] ;;
    esac
}

# sum FILE …: adds up the closing lines in the files and prints the sum.
sum() {
    awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5; n++ }
         END { print p + 0 " passed, " f + 0 " failed, " s + 0 " skipped"; exit n == 0 }' "$@"
}

# The C test programs that take longest begin first: one that begins last runs alone, with all other cores idle.
C_LONGEST='unit_package_zip fault_staged_memory fault_job_calls unit_verify_tar integration_pack unit_verify_zip'

# run_c DIR [REGEX]: the C test programs of a build, as many at a time as cores; prints the lines of each when it
# is done, and which were slowest.
run_c() {
    local dir=$1 regex=${2:-.} out status=0 program
    out=$(mktemp -d)
    {
        for program in $C_LONGEST; do
            [ ! -x "$dir/tests/$program" ] || echo "$program"
        done
        find "$dir/tests" -maxdepth 1 -type f -executable ! -name 'bench_*' -printf '%f\n' | sort
    } |
        grep -E "$regex" | awk '!seen[$0]++' |
        xargs -r -P "$JOBS" -I{} bash -c '
            begun=$SECONDS; "$1/tests/$2" >"$3/$2" 2>&1; rc=$?
            echo "$((SECONDS - begun)) s $2" >>"$3.times"
            grep -qE "^[0-9]+ passed, [0-9]+ failed" "$3/$2" ||
                printf "FAILED %s: no result, exit %s\n0 passed, 1 failed, 0 skipped\n" "$2" "$rc" >>"$3/$2"
            sed "s|^\(FAILED\\|skip\) |\1 $2: |" "$3/$2" | grep -v "^[0-9]* passed" | flock "$3" cat
        ' _ "$dir" {} "$out" || status=1
    echo "slowest: $(sort -rn "$out.times" | head -n 5 | paste -sd,)"
    sum "$out"/* || status=1
    rm -rf "$out" "$out.times"
    return $status
}

suite_house() { # the rules that a compiler does not know
    local lists arginfo
    lists=$(python3 tools/check_house.py)
    grep -v '^[0-9]* passed' <<<"$lists"
    if arginfo=$(tools/gen_stubs.sh --check 2>&1); then
        arginfo="ok the generated headers are those of the stubs
1 passed, 0 failed, 0 skipped"
    else
        arginfo="$arginfo
0 passed, 1 failed, 0 skipped"
    fi
    grep -v '^[0-9]* passed' <<<"$arginfo"
    printf '%s\n%s\n' "$lists" "$arginfo" | sum
}

suite_c_gcc() {
    build_core release && run_c "$BUILD/core-release"
}

suite_c_clang() { # a second compiler with warnings as errors; its tests run under the sanitizers
    build_core clang && "$BUILD/core-clang/archivist" --version &&
        run_c "$BUILD/core-clang" '^unit_util_'
}

suite_cli() {
    build_core release && python3 tests/integration/cli.py "$BUILD/core-release/archivist"
}

suite_readers() { # every public reader of Debian and npm; npm's registry must be reachable at first
    build_core release &&
        python3 tests/integration/readers.py "$BUILD/core-release/archivist" "$BUILD/readers"
}

suite_faults() { # system calls failed from outside; whole, everything that ./dev faults does
    if [ "$FULL" = 1 ]; then
        tools/faults.sh
    else
        tools/faults.sh --sample system
    fi
}

# run_phpt KIND: the extension's tests; zero tests are a failure.
run_phpt() {
    local dir=$BUILD/ext-$1 log=$BUILD/log/phpt-$1 p f s
    (cd "$dir" && NO_INTERACTION=1 REPORT_EXIT_STATUS=1 TEST_TIMEOUT=1200 \
        make test TESTS="${2:-phpt}" TEST_PHP_ARGS="--no-color --no-progress") >"$log" 2>&1
    grep -E '^([A-Z]+&)?(FAIL|SKIP|BORK|LEAK|WARN|XFAIL)[ &]' "$log"
    p=$(awk '/^Tests passed/ { print $4 }' "$log")
    f=$(awk '/^Tests failed/ { print $4 }' "$log")
    s=$(awk '/^Tests skipped/ { print $4 }' "$log")
    f=$((${f:-0} + $(awk '/^(Tests borked|Tests leaked|Tests warned)/ { n += $4 } END { print n + 0 }' "$log")))
    [ "${p:-0}" -gt 0 ] || { tail -n 20 "$log"; f=$((f + 1)); }
    echo "${p:-0} passed, $f failed, ${s:-0} skipped"
}

suite_phpt_nts() {
    build_extension nts && run_phpt nts
}

suite_hardening() { # what was built protects itself
    build_core release && build_extension nts && python3 tools/check_hardening.py "$BUILD/core-release/archivist" \
        "$BUILD/core-release/libarchivist.so" "$BUILD/ext-nts/modules/archivist.so" \
        "$BUILD/core-release/tests/integration_job"
}

suite_commands() { # what ./dev offers besides, at its smallest scale
    build_core release && build_extension nts && tools/check_commands.sh
}

suite_install() { # what README and docs/install.md tell a system administrator, in a bare Debian
    python3 tools/check_install.py README.md docs/install.md
}

suite_analyzer() { # GCC's, over every source
    tools/analyze.sh
}

suite_phpt_zts() {
    build_extension zts && run_phpt zts
}

suite_examples() { # the programs and the snippets of docs/ are run as they stand
    build_core release && build_extension nts && rm -rf "$BUILD/installed" &&
        quiet "$BUILD/log/install" cmake --install "$BUILD/core-release" --prefix "$BUILD/installed" &&
        python3 tools/check_examples.py "$BUILD/ext-nts/modules/archivist.so" "$BUILD/core-release/archivist" \
            "$BUILD/installed"
}

suite_library() { # what others get to build with
    build_core release && python3 tools/check_library.py "$BUILD/core-release"
}

suite_asan() {
    build_core asan &&
        ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1 run_c "$BUILD/core-asan"
}

suite_tsan() { # everything that crosses threads
    build_core tsan && TSAN_OPTIONS=halt_on_error=1:die_after_fork=0 run_c "$BUILD/core-tsan" \
        '^(unit_loop_.*|.*threads.*|integration_pack|integration_storage_conformance)$'
}

suite_valgrind() {
    build_core release || return
    local program list=(unit_package_bag unit_util_json integration_extract) out status=0
    [ "$FULL" = 1 ] && mapfile -t list < <(cd "$BUILD/core-release/tests" && ls unit_* integration_*)
    out=$(mktemp -d)
    for program in "${list[@]}"; do
        valgrind -q --error-exitcode=99 --leak-check=full --trace-children=no --child-silent-after-fork=no \
            "$BUILD/core-release/tests/$program" >"$out/$program" 2>&1 || status=1
        grep -qE '^==[0-9]+== ' "$out/$program" && status=1 &&
            printf 'FAILED %s\n0 passed, 1 failed, 0 skipped\n' "$program" >>"$out/$program"
        cat "$out/$program" | grep -E '^(FAILED|# |==)'
    done
    sum "$out"/*
    rm -rf "$out"
    return $status
}

suite_fuzz() { # every parser of outside bytes, from its corpus on
    local target seconds=30 p=0 f=0 work
    [ "$FULL" = 1 ] && seconds=600
    build_core fuzz || return
    work=$(mktemp -d)
    for target in "$BUILD"/core-fuzz/tests/fuzz_*; do
        [ -x "$target" ] && [ -f "$target" ] || continue
        (
            name=$(basename "$target")
            mkdir -p "$work/$name"
            "$target" -max_total_time=$seconds -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 \
                -artifact_prefix="$work/$name-" "$work/$name" "tests/fuzz/corpus/$name" \
                >"$work/$name.log" 2>&1
            echo $? >"$work/$name.rc"
        ) &
        while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do wait -n; done
    done
    wait
    for rc in "$work"/*.rc; do
        [ -f "$rc" ] || continue
        name=$(basename "$rc" .rc)
        if [ "$(cat "$rc")" = 0 ]; then
            p=$((p + 1))
            echo "ok $name: $(awk '/number_of_executed_units/ { print $2 }' "$work/$name.log") runs"
        else
            f=$((f + 1))
            echo "FAILED $name"
            tail -n 30 "$work/$name.log"
        fi
    done
    echo "$p passed, $f failed, 0 skipped"
    rm -rf "$work"
}

suite_differential() { # what is called valid is read alike by five public readers
    local seconds=60
    [ "$FULL" = 1 ] && seconds=600
    build_core release && python3 tests/fuzz/differential.py "$BUILD/core-release/archivist" --seconds $seconds
}

suite_coverage() { # the aim is 85 % of lines; below 70 it fails
    build_core coverage || return
    find "$BUILD/core-coverage" -name '*.gcda' -delete
    run_c "$BUILD/core-coverage" >"$BUILD/log/coverage-run"
    gcovr --root . --filter 'core/src/' --object-directory "$BUILD/core-coverage" \
        --gcov-ignore-parse-errors 2>/dev/null | tee "$BUILD/log/coverage" | tail -n 60
    lines=$(awk '/^TOTAL/ { gsub("%", "", $NF); print $NF }' "$BUILD/log/coverage")
    echo "lines of core/src covered: ${lines:-0} %"
    if [ "${lines:-0}" -ge 70 ]; then echo "1 passed, 0 failed, 0 skipped"; else echo "0 passed, 1 failed, 0 skipped"; fi
}
