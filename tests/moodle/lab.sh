#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A Moodle on 127.0.0.1 with database, web server, this plugin and this extension, all below one folder.
#
#   LAB=… TREE=… EXT=… lab.sh up        bring it up, or up to date; what is done already is not done again
#   LAB=… lab.sh web full|plain         start the web server again, with the extension or without
#   LAB=… lab.sh database               start the database again
#   LAB=… lab.sh stop                   stop what this lab started, and nothing else
#
#   LAB     the folder; as root every folder above it must be enterable by www-data, which runs it all
#   TREE    source tree of Moodle; copied, never changed
#   EXT     archivist.so
#   DB      mariadb (default) or pgsql
#   PHPUNIT 1: prepare the PHPUnit site as well; its code is always there, since seeding needs it
#   DEBUG   1: what Moodle tells developers goes to $LAB/log/php.log
#   FRESH   1: begin with an empty site
#   PREPARED folder for PHPUnit and prepared sites, one of which is taken instead of an installation if it
#           fits; below the user's cache by default
#
# A second lab.sh in the same LAB waits until the first one is done.
#
# Afterwards $LAB/bin/ has: php (the lab's settings and user; PLAIN=1: without the extension), m (a script
# of Moodle's; NODE=… gives it the local cache of a node of its own), phpunit, sql (a query; tab-separated rows), the *.php of this folder, and $LAB/lab.env tells
# URL, WWW, CODE, DATA, DB.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin # mariadbd and nginx, for whoever is not root
HERE=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
TOP=$(cd "$HERE/../.." && pwd)
# shellcheck source=tools/moodle.sh
. "$TOP/tools/moodle.sh"
LAB=${LAB:?set LAB to the folder of the lab}
DB=${DB:-mariadb}
PREPARED=${PREPARED:-${XDG_CACHE_HOME:-$HOME/.cache}/archivist/moodle-prepared}
WWW=$LAB/www DATA=$LAB/data PUNIT=$LAB/punit
AS=() OWN=() COPY=(rsync -a --delete "--chmod=u+rwX,go+rX")
if [ "$(id -u)" = 0 ]; then
    AS=(setpriv --reuid=www-data --regid=www-data --clear-groups env "HOME=$LAB/tmp")
    OWN=(-o www-data -g www-data)
    COPY+=(--chown=www-data:www-data)
fi

fail() { echo "lab: $*" >&2 && exit 1; }

logged() { # NAME COMMAND …: into a log, whose end is shown on failure
    local log=$LAB/log/$1
    shift
    "$@" >"$log" 2>&1 </dev/null || { tail -n 25 "$log" >&2 && fail "failed: $* (whole output: $log)"; }
}

wait_for() { # SECONDS WHAT COMMAND …: until it succeeds; a bound, not a pause
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "$what was not ready in time; see $LAB/log"
        sleep 0.1
    done
}

# ---- processes: a PID file has the PID and the time of start, so that no stranger is ever stopped -------

started_at() { awk '{ sub(/.*\) /, ""); print $20 }' "/proc/$1/stat" 2>/dev/null; }

alive() { # NAME
    local pid at
    read -r pid at 2>/dev/null <"$LAB/run/$1.pid" && [ -n "$at" ] && [ "$(started_at "$pid")" = "$at" ]
}

launch() { # NAME COMMAND …: in a session of its own, as the lab's user
    local name=$1
    shift
    setsid "${AS[@]}" "$@" >>"$LAB/log/$name.out" 2>&1 </dev/null 8>&- 9>&- & # It must not keep a lock.
    echo "$! $(started_at $!)" >"$LAB/run/$name.pid"
}

group_gone() { ! kill -0 -- "-$1" 2>/dev/null; }

halt() { # NAME [SIGNAL]
    local pid _
    alive "$1" || { rm -f "$LAB/run/$1.pid" && return; }
    read -r pid _ <"$LAB/run/$1.pid"
    kill "-${2:-TERM}" "$pid" 2>/dev/null || :
    (wait_for 60 "the end of $1" group_gone "$pid") 2>/dev/null || kill -KILL -- "-$pid" 2>/dev/null || :
    rm -f "$LAB/run/$1.pid"
}

stop_all() {
    halt nginx
    halt fpm
    halt mariadb
    halt pgsql INT
}

# ---- folders and ports -----------------------------------------------------------------------------------

free_ports() { # NUMBER
    python3 -c 'import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*[s.getsockname()[1] for s in sockets])' "$1"
}

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

layout() {
    mkdir -p "$LAB"/{bin,etc,run,php.d,plain.d}
    chmod 755 "$LAB"
    install -d -m 755 "${OWN[@]}" "$LAB"/{log,tmp,storage} "$DATA" "$PUNIT" "$WWW"
    if [ -f "$LAB/etc/ports" ]; then read -r WEBPORT FPMPORT DBPORT <"$LAB/etc/ports"; else WEBPORT=0; fi
    if ! { alive "$DB" || alive nginx; } &&
        { [ "$WEBPORT" = 0 ] || ! { is_free "$WEBPORT" && is_free "$FPMPORT" && is_free "$DBPORT"; }; }; then
        read -r WEBPORT FPMPORT DBPORT < <(free_ports 3)
        echo "$WEBPORT $FPMPORT $DBPORT" >"$LAB/etc/ports"
    fi
    URL=http://127.0.0.1:$WEBPORT
}

# ---- code ------------------------------------------------------------------------------------------------

code() {
    local stamp version=$TREE/version.php
    [ -f "$version" ] || version=$TREE/public/version.php # since 5.1
    stamp="$TREE $(sha256sum <"$version")"
    if [ "$(cat "$LAB/etc/tree" 2>/dev/null)" != "$stamp" ]; then
        rm -f "$LAB/etc/tree"
        "${COPY[@]}" --exclude=/.git --exclude=/config.php --exclude=/vendor "$TREE/" "$WWW/"
        echo "$stamp" >"$LAB/etc/tree"
    fi
    CODE=$WWW
    [ ! -d "$WWW/public/lib" ] || CODE=$WWW/public
    BRANCH=$(moodle_branch "$WWW")
    "${COPY[@]}" "$TOP/moodle_plugin/" "$CODE/local/archivist/"
}

# Composer's PHPUnit, kept beside the prepared sites: only what seeding and the tests of a plugin need.
phpunit_code() {
    local unit='^9.6.18' kept
    [ "$BRANCH" -lt 500 ] || unit='^11'
    kept=$PREPARED/phpunit-${unit#^}
    exec 7>"$kept.lock"
    flock 7 # Labs of two Moodles share it.
    if [ ! -f "$kept/vendor/bin/phpunit" ]; then
        rm -rf "$kept"
        mkdir -p "$kept"
        printf '{"require":{"phpunit/phpunit":"%s","mikey179/vfsstream":"1.6.*"},"config":{"lock":false},%s}\n' "$unit" \
            '"autoload":{"psr-4":{"core_testing\\":"lib/testing/classes/","core_phpunit\\":"lib/phpunit/classes/"}}' \
            >"$kept/composer.json"
        (cd "$kept" && COMPOSER_ALLOW_SUPERUSER=1 logged composer composer install --no-interaction --no-progress)
    fi
    exec 7>&-
    "${COPY[@]}" "$kept/vendor/" "$WWW/vendor/"
    touch "$WWW/composer.phar" # init.php only looks whether it is there.
    locale -a | grep -qi '^en_AU.utf' || localedef -i en_AU -f UTF-8 en_AU.UTF-8 2>/dev/null || :
}

# ---- settings and programs -------------------------------------------------------------------------------

settings() {
    local php='max_input_vars=5000
memory_limit=512M
post_max_size=512M
upload_max_filesize=512M
log_errors=On
display_errors=stderr'
    printf '%s\nerror_log=%s\n' "$php" "$LAB/log/php.log" >"$LAB/plain.d/90-lab.ini"
    cp "$LAB/plain.d/90-lab.ini" "$LAB/php.d/90-lab.ini"
    if [ -n "${EXT:-}" ]; then
        cmp -s "$EXT" "$LAB/etc/archivist.so" || { halt fpm && cp "$EXT" "$LAB/etc/archivist.so.new" &&
            chmod 644 "$LAB/etc/archivist.so.new" && mv "$LAB/etc/archivist.so.new" "$LAB/etc/archivist.so"; }
    fi
    [ ! -f "$LAB/etc/archivist.so" ] || echo "extension=$LAB/etc/archivist.so" >>"$LAB/php.d/90-lab.ini"
    cat >"$WWW/config.php" <<PHP
<?php
unset(\$CFG);
global \$CFG;
\$CFG = new stdClass();
\$CFG->dbtype = '$DB';
\$CFG->dblibrary = 'native';
\$CFG->dbhost = '127.0.0.1';
\$CFG->dbname = 'moodle';
\$CFG->dbuser = 'lab';
\$CFG->dbpass = 'lab';
\$CFG->prefix = 'mdl_';
\$CFG->dboptions = ['dbport' => $DBPORT];
\$CFG->wwwroot = '$URL';
\$CFG->dataroot = '$DATA';
\$CFG->admin = 'admin';
\$CFG->directorypermissions = 02777;
\$CFG->phpunit_dataroot = '$PUNIT';
\$CFG->phpunit_prefix = 'phpu_';
\$CFG->noemailever = true;
\$CFG->noreplyaddress = 'noreply@example.invalid';
\$CFG->disableupdatenotifications = true;
\$CFG->debug = $([ "${DEBUG:-0}" = 1 ] && echo E_ALL || echo 0);
\$CFG->debugdisplay = 0;
\$CFG->pathtophp = '$(command -v php)';
if (preg_match('/^\w+\$/', (string) getenv('NODE'))) {
    \$CFG->localcachedir = '$LAB/tmp/' . getenv('NODE');
}
require_once(__DIR__ . '/lib/setup.php');
PHP
    cat >"$LAB/bin/php" <<SH
#!/bin/sh
export PHP_INI_SCAN_DIR=:$LAB/php.d TMPDIR=$LAB/tmp
[ -z "\${PLAIN:-}" ] || PHP_INI_SCAN_DIR=:$LAB/plain.d
exec ${AS[*]} php "\$@"
SH
    cat >"$LAB/bin/m" <<SH
#!/bin/sh
script=\$1
shift
[ -f "$WWW/\$script" ] && script=$WWW/\$script || script=$CODE/\$script # 5.1 has admin/cli beside public/
exec $LAB/bin/php "\$script" "\$@"
SH
    cat >"$LAB/bin/phpunit" <<SH
#!/bin/sh
cd $WWW && exec $LAB/bin/php vendor/bin/phpunit "\$@"
SH
    if [ "$DB" = mariadb ]; then
        echo "exec mariadb --no-defaults -h127.0.0.1 -P$DBPORT -ulab -plab -N -B moodle -e \"\$*\""
    else
        echo "export PGPASSWORD=lab"
        echo "exec psql -X -q -h 127.0.0.1 -p $DBPORT -U lab -At -F '	' moodle -c \"\$*\""
    fi | sed '1i #!/bin/sh' >"$LAB/bin/sql"
    chmod 755 "$LAB"/bin/*
    install -m 644 "$HERE"/*.php "$LAB/bin/"
    printf '%s=%s\n' URL "$URL" WWW "$WWW" CODE "$CODE" DATA "$DATA" DB "$DB" BRANCH "$BRANCH" ADMINPASS "$ADMINPASS" \
        >"$LAB/lab.env"
}

# ---- database --------------------------------------------------------------------------------------------

mariadb_up() {
    if [ ! -d "$LAB/db/mysql" ]; then
        install -d -m 700 "${OWN[@]}" "$LAB/db"
        logged installdb "${AS[@]}" mariadb-install-db --no-defaults --datadir="$LAB/db" \
            --auth-root-authentication-method=normal --skip-test-db
    fi
    # The socket lies in the data folder by a relative name: a path of a socket may have 107 bytes only.
    launch mariadb mariadbd --no-defaults --datadir="$LAB/db" --bind-address=127.0.0.1 --port="$DBPORT" --socket=lab.sock \
        --pid-file=lab.pid --skip-log-bin --skip-name-resolve --innodb-buffer-pool-size=384M --innodb-log-file-size=32M \
        --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync --sync-frm=OFF \
        --skip-innodb-doublewrite --max-allowed-packet=64M \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci
    wait_for 600 "MariaDB" mariadb_answers
    (cd "$LAB/db" && mariadb --no-defaults -S lab.sock -uroot -e "CREATE DATABASE IF NOT EXISTS moodle;
        CREATE USER IF NOT EXISTS lab@'127.0.0.1' IDENTIFIED BY 'lab'; GRANT ALL ON *.* TO lab@'127.0.0.1'")
}

mariadb_answers() { (cd "$LAB/db" && mariadb --no-defaults -S lab.sock -uroot -e 'select 1'); }

pgsql_up() {
    local bin
    bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1) || :
    [ -n "$bin" ] || fail "PostgreSQL is not installed"
    if [ ! -f "$LAB/db/PG_VERSION" ]; then
        install -d -m 700 "${OWN[@]}" "$LAB/db"
        echo lab >"$LAB/etc/pw"
        (cd / && logged installdb "${AS[@]}" "$bin/initdb" -D "$LAB/db" -E UTF8 --locale=C.UTF-8 -U lab \
            --pwfile="$LAB/etc/pw" -A scram-sha-256)
    fi
    (cd / && launch pgsql "$bin/postgres" -D "$LAB/db" -c listen_addresses=127.0.0.1 -c port="$DBPORT" \
        -c unix_socket_directories= -c shared_buffers=256MB -c fsync=off -c full_page_writes=off -c synchronous_commit=off)
    wait_for 600 "PostgreSQL" pgsql_answers
    pgsql_query "select 1 from pg_database where datname = 'moodle'" | grep -q 1 ||
        pgsql_query "create database moodle encoding 'UTF8'"
}

pgsql_query() { PGPASSWORD=lab psql -X -q -At -h 127.0.0.1 -p "$DBPORT" -U lab postgres -c "$1"; }
pgsql_answers() { pgsql_query 'select 1'; }

database() { alive "$DB" || "${DB}_up"; }

# ---- the site --------------------------------------------------------------------------------------------

site_key() { # of what an installation depends on
    {
        cat "$CODE/version.php"
        echo "$DB"
        cat "$HERE/lab.sh"
        cd "$CODE/local/archivist" && find . -name version.php -o -name settings.php -o -path '*/db/*' -type f | sort | xargs sha256sum
    } | sha256sum | cut -c1-16
}

restore() { # a prepared site, if one fits
    [ -f "$PREPARED/$1.tar.zst" ] || return 0
    tar -C "$LAB" -I zstd -xpf "$PREPARED/$1.tar.zst"
    echo "$1" >"$LAB/etc/site" # after all else: the file tells that the site is whole
}

keep() { # the site that was just installed
    stop_all
    rm -f "$PREPARED/${1%-*}"-*.tar.zst*
    tar -C "$LAB" --exclude=lab.sock --exclude='*.pid' -I 'zstd -1 -T0' -cpf "$PREPARED/$1.tar.zst.$$" db data punit
    mv "$PREPARED/$1.tar.zst.$$" "$PREPARED/$1.tar.zst"
    database
}

site() {
    local name installed=0
    name=$(moodle_label "$WWW")-$DB-${PHPUNIT:-0}-$(site_key)
    if [ "${FRESH:-0}" = 1 ] || [ "$(cat "$LAB/etc/site" 2>/dev/null)" != "$name" ]; then
        stop_all
        # A test that was killed may have left a file system in place of a storage.
        awk -v below="$LAB/storage/" 'index($2, below) == 1 { print $2 }' /proc/mounts | xargs -r -n 1 umount
        rm -rf "$LAB/db" "$LAB/etc/site" "$LAB/storage" "$DATA" "$PUNIT"
        layout
        restore "$name"
    fi
    database
    if [ "$(cat "$LAB/etc/site" 2>/dev/null)" != "$name" ]; then
        logged install "$LAB/bin/m" admin/cli/install_database.php --lang=en --adminuser=admin --adminpass="$ADMINPASS" \
            --adminemail=admin@example.invalid --supportemail=support@example.invalid --fullname='Archivist lab' \
            --shortname=lab --agree-license
        installed=1
    fi
    logged purge "$LAB/bin/m" admin/cli/purge_caches.php
    if [ "${PHPUNIT:-0}" = 1 ]; then
        if ! "$LAB/bin/m" admin/tool/phpunit/cli/util.php --diag >/dev/null 2>&1; then
            logged phpunit-init "$LAB/bin/m" admin/tool/phpunit/cli/init.php --disable-composer
        fi
        logged phpunit-config "$LAB/bin/m" admin/tool/phpunit/cli/util.php --buildconfig
    fi
    echo "$name" >"$LAB/etc/site"
    [ $installed = 0 ] || keep "$name"
}

# ---- web server ------------------------------------------------------------------------------------------

web() { # full | plain
    local scan=$LAB/php.d fpm
    [ "$1" = full ] || scan=$LAB/plain.d
    fpm=$(find /usr/sbin -name 'php-fpm8*' | sort -V | tail -n 1)
    halt fpm
    cat >"$LAB/etc/fpm.conf" <<CONF
[global]
pid = $LAB/tmp/fpm.pid
error_log = $LAB/log/fpm.log
daemonize = no
[lab]
listen = 127.0.0.1:$FPMPORT
pm = static
pm.max_children = 4
catch_workers_output = yes
env[TMPDIR] = $LAB/tmp
CONF
    cat >"$LAB/etc/nginx.conf" <<CONF
pid $LAB/tmp/nginx.pid;
worker_processes 1;
daemon off;
events { }
http {
  include /etc/nginx/mime.types;
  access_log off;
  client_max_body_size 0;
  client_body_temp_path $LAB/tmp/body; proxy_temp_path $LAB/tmp/proxy; fastcgi_temp_path $LAB/tmp/fastcgi;
  uwsgi_temp_path $LAB/tmp/uwsgi; scgi_temp_path $LAB/tmp/scgi;
  server {
    listen 127.0.0.1:$WEBPORT;
    root $CODE;
    index index.php;
    location / { try_files \$uri \$uri/ =404; }
    location ~ \.php(/|\$) {
      fastcgi_split_path_info ^(.+?\.php)(/.*)\$;
      set \$info \$fastcgi_path_info;
      try_files \$fastcgi_script_name =404;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
      fastcgi_param PATH_INFO \$info;
      fastcgi_read_timeout 600;
      fastcgi_pass 127.0.0.1:$FPMPORT;
    }
  }
}
CONF
    PHP_INI_SCAN_DIR=:$scan launch fpm "$fpm" --fpm-config "$LAB/etc/fpm.conf"
    alive nginx || launch nginx nginx -e "$LAB/log/nginx.log" -c "$LAB/etc/nginx.conf"
    wait_for 600 "the login page" curl -sf --noproxy '*' -o /dev/null "$URL/login/index.php"
}

ADMINPASS=Lab-admin-1!
mkdir -p "$(dirname "$LAB")"
exec 9>"$LAB.lock"
flock 9
case ${1:-} in
up)
    TREE=${TREE:?set TREE to the source tree of a Moodle}
    mkdir -p "$LAB" "$PREPARED"
    layout
    code
    phpunit_code
    settings
    site
    web full
    ;;
web)
    layout
    CODE=$(sed -n 's/^CODE=//p' "$LAB/lab.env")
    web "${2:?full or plain}"
    ;;
database)
    DB=$(sed -n 's/^DB=//p' "$LAB/lab.env")
    layout
    halt "$DB" "$([ "$DB" = pgsql ] && echo INT || echo TERM)"
    database
    ;;
stop)
    [ ! -d "$LAB/run" ] || stop_all
    ;;
*)
    echo "usage: lab.sh up | web full|plain | database | stop" >&2
    exit 2
    ;;
esac
