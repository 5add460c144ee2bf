# SPDX-License-Identifier: Apache-2.0
# The builds, all outside of the source tree. Sourced by ../dev and test.sh.
# shellcheck shell=bash

# quiet LOG COMMAND …: runs it into a log, shows the log's end when it fails.
quiet() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "failed: $* (whole output: $log)" >&2
        return 1
    fi
}

# alone FOLDER COMMAND …: one build in a folder at a time, whoever asks for it.
alone() {
    local folder=$1 lock status=0
    shift
    mkdir -p "$(dirname "$folder")"
    exec {lock}>"$folder.lock"
    flock "$lock"
    "$@" || status=$?
    exec {lock}>&-
    return $status
}

build_core() { alone "$BUILD/core-$1" core_in_folder "$@"; }
build_extension() { alone "$BUILD/ext-$1" extension_in_folder "$@"; }

# build_core KIND: release | clang | asan | tsan | fuzz | coverage
core_in_folder() {
    local kind=$1 dir=$BUILD/core-$1 options=(-DARCHIVIST_TESTS=OFF)
    case $kind in
    release) options=(-DARCHIVIST_TESTS=ON -DARCHIVIST_WERROR=ON -DARCHIVIST_BENCH=ON) ;;
    clang) options=(-DCMAKE_C_COMPILER=clang -DARCHIVIST_WERROR=ON -DARCHIVIST_TESTS=ON) ;;
    asan) options=(-DCMAKE_C_COMPILER=clang -DARCHIVIST_SANITIZE=address,undefined) ;;
    tsan) options=(-DCMAKE_C_COMPILER=clang -DARCHIVIST_SANITIZE=thread) ;;
    fuzz) options=(-DCMAKE_C_COMPILER=clang -DARCHIVIST_FUZZ=ON -DARCHIVIST_TESTS=OFF
        -DARCHIVIST_SANITIZE=fuzzer-no-link,address,undefined) ;;
    coverage) options=(-DARCHIVIST_COVERAGE=ON -DCMAKE_BUILD_TYPE=Debug) ;;
    esac
    quiet "$BUILD/log/cmake-$kind" cmake -S core -B "$dir" "${options[@]}" || return
    quiet "$BUILD/log/make-$kind" make -C "$dir" -j"$JOBS" || return
}

# build_extension KIND: nts (the system's PHP) | zts (Debian's source, ZTS and debug)
# phpize writes into the tree it is called in, so the sources are copied first; only what changed,
# so that make has little to do.
extension_in_folder() {
    local kind=$1 dir=$BUILD/ext-$1 config=php-config
    if [ "$kind" = zts ]; then
        build_php_zts || return
        # The system's phpize serves both: Debian's source patches its own to look below /usr.
        config=$CACHE/php-zts/bin/php-config
    fi
    mkdir -p "$dir"
    local file
    while IFS= read -r file; do
        [ -f "$file" ] || continue
        cmp -s "$file" "$dir/$file" 2>/dev/null && continue
        mkdir -p "$dir/$(dirname "$file")"
        cp -p "$file" "$dir/$file"
        case $file in *.m4 | *sources.list | *.frag | *.h) rm -f "$dir/Makefile" ;; esac
    done < <(find config.m4 core ext phpt docs -type f)
    while IFS= read -r file; do # a test that is gone must not run
        [ -e "$file" ] || rm -f "$dir/$file"
    done < <(cd "$dir" && find phpt -name '*.phpt')
    if [ ! -f "$dir/Makefile" ]; then
        (cd "$dir" && quiet "$BUILD/log/phpize-$kind" phpize &&
            quiet "$BUILD/log/configure-$kind" ./configure --with-php-config="$config" \
                CFLAGS="-g -O2 -Werror") || return
        [ ! -d "$dir/modules" ] || (cd "$dir" && make clean >/dev/null 2>&1) || true
    fi
    (cd "$dir" && quiet "$BUILD/log/make-ext-$kind" make -j"$JOBS") || return
}

# A thread-safe debug PHP from Debian's own source package, kept in the cache.
build_php_zts() {
    local prefix=$CACHE/php-zts source version
    version=$(php -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;')
    [ -x "$prefix/bin/php-config" ] &&
        [ "$("$prefix/bin/php-config" --version | cut -d. -f1,2)" = "$version" ] && return 0
    source=$CACHE/php-source
    rm -rf "$source" "$prefix"
    mkdir -p "$source/lists/partial"
    sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$source/src.sources"
    local apt=(-o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$source/parts"
        -o "Dir::State::lists=$source/lists")
    mkdir -p "$source/parts"
    mv "$source/src.sources" "$source/parts/"
    # A mirror may name a newer source package than it holds: the newest that can be had is taken.
    local package got=
    quiet "$BUILD/log/php-update" apt-get "${apt[@]}" update || return
    for package in $(apt-cache "${apt[@]}" showsrc "php$version" | awk '/^Version:/ { print $2 }' | sort -rV); do
        (cd "$source" && apt-get "${apt[@]}" source "php$version=$package") \
            >"$BUILD/log/php-source" 2>&1 && got=$package && break
    done
    [ -n "$got" ] || { tail -n 5 "$BUILD/log/php-source" >&2 && return 1; }
    (cd "$source"/php"$version"-*/ && quiet "$BUILD/log/php-configure" ./configure --prefix="$prefix" \
        --disable-all --disable-cgi --disable-phpdbg --enable-debug --enable-zts \
        --enable-pcntl --enable-posix --with-config-file-path="$prefix/etc" &&
        quiet "$BUILD/log/php-make" make -j"$JOBS" &&
        quiet "$BUILD/log/php-install" make install) || return
    rm -rf "$source"
    # Debian fills these marks in when it packages: here the folders have no API number in them.
    sed -i -e 's|/@DEBIAN_PHP_API@||' -e "s|@DEBIAN_PHP_API@|$(php-config --phpapi)|" \
        "$prefix/bin/php-config"
}
