# SPDX-License-Identifier: Apache-2.0
# Debian packages by purpose, and their installation. Sourced by ../dev.
# shellcheck shell=bash

packages_of() {
    case $1 in
    build)
        echo gcc make cmake pkg-config autoconf libc6-dev php-cli php-dev libuv1-dev libarchive-dev \
            libssl-dev libcurl4-openssl-dev libjansson-dev libutf8proc-dev zlib1g-dev libzstd-dev libdeflate-dev
        case $(dpkg --print-architecture) in amd64 | arm64) echo libisal-dev ;; esac
        ;;
    demo) echo unzip ;;
    test)
        echo clang clang-format-14 libclang-rt-14-dev valgrind gcovr python3 p7zip-full libarchive-tools zip gzip zstd \
            diffutils strace dpkg-dev composer php-zip git man-db bash-completion util-linux procps \
            xz-utils patch python3-jsonschema busybox pigz perl libarchive-zip-perl default-jdk-headless \
            libcommons-compress-java libzip4j-java debootstrap nginx-light
        # Node of another source is as good, and conflicts with Debian's.
        command -v node >/dev/null && command -v npm >/dev/null || echo nodejs npm
        ;;
    bench) echo python3 zip p7zip-full pigz zstd openssl time php-zip ;;
    moodle) # servers without their Debian services; tests/moodle/lab.sh starts its own
        echo php-curl php-fpm php-gd php-intl php-mbstring php-mysql php-pgsql php-soap php-xml php-zip \
            mariadb-server-core mariadb-client-core postgresql nginx-light locales rsync composer curl \
            python3 zstd util-linux mount unzip
        ;;
    photograph)
        echo chromium fonts-dejavu-core
        # Node of another source is as good, and conflicts with Debian's.
        command -v node >/dev/null && command -v npm >/dev/null || echo nodejs npm
        ;;
    esac
}

packages_install() { # LOG PACKAGE …
    local log=$1
    shift
    apt-get -q update >"$log" 2>&1 && apt-get -q install -y --no-install-recommends "$@" >>"$log" 2>&1
}

# Installs what is missing as root; without root names it and fails only if something is missing.
packages_need() {
    local missing=() package list
    command -v dpkg-query >/dev/null || {
        echo "This is not a Debian system: install by hand what docs/build.md names." >&2
        return 0
    }
    for list in "$@"; do
        for package in $(packages_of "$list"); do
            dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' ||
                missing+=("$package")
        done
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        echo "These Debian packages are missing: ${missing[*]}" >&2
        echo "Install them as root:  apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local log policy=/usr/sbin/policy-rc.d
    log=$(mktemp)
    # A package of a server starts it; nothing here wants a server that it did not start itself.
    if [ -e $policy ]; then
        policy=
    else
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    if ! telling "installing" packages_install "$log" "${missing[@]}"; then
        tail -n 20 "$log" >&2
        echo "apt-get could not install them; see above." >&2
        rm -f "$log"
        exit 1
    fi
    rm -f "$log"
    [ -z "$policy" ] || { rm -f "$policy" && trap - EXIT; }
}
