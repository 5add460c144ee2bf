# SPDX-License-Identifier: Apache-2.0
# Completion of archivist(1) for bash. Works with and without the package bash-completion.
# shellcheck shell=bash

_archivist_words() { # completes with one of these words
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]#=}")
}

_archivist() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' options i
    local jobs='run status log cancel retry delete sweep'
    local common='--json --quiet --help'
    COMPREPLY=()
    if [ "$COMP_CWORD" -gt 1 ]; then
        command=${COMP_WORDS[1]}
    fi
    if [ "$word" = '=' ]; then # of "--format=…"
        word=''
    elif [ "$before" = '=' ]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $command in
    '')
        _archivist_words 'pack verify list extract import store fetch check job drivers version
            help --help --version'
        return
        ;;
    pack)
        options="--output --store --list --entry-name --format --name --title --language --uuid --created-by
            --metadata --exclude --links --allow-empty --no-space-check --keep-going --sha512 --level --reproducible --threads --option
            $common"
        ;;
    list) options="--null --foreign --option $common" ;;
    extract) options="--safe-names --foreign --option $common" ;;
    verify) options="--foreign --option $common" ;;
    import | store | fetch | check) options="--option $common" ;;
    job)
        if [ "$COMP_CWORD" = 2 ] && [[ $word != -* ]]; then
            _archivist_words "$jobs"
            return
        fi
        options="--staging $common"
        case ${COMP_WORDS[2]} in
        run) options="--all --jobs --once $options" ;;
        status) options="--check --option $options" ;;
        delete) options="--force $options" ;;
        esac
        ;;
    drivers | version) options=$common ;;
    help) options='pack verify list extract import store fetch check job drivers version' ;;
    *) return ;;
    esac
    case $before in
    --format) _archivist_words 'zip tar.zst tar.gz tar'; return ;;
    --links) _archivist_words 'follow skip record'; return ;;
    --language) _archivist_words 'en de'; return ;;
    --level) _archivist_words '0 1 2 3 4 5 6 7 8 9'; return ;;
    --option) _archivist_words 'create=1'; return ;;
    --name | --entry-name | --title | --uuid | --created-by | --exclude | --threads | --store | --jobs) return ;;
    --staging)
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    esac
    if [[ $word == -* || $command == help ]]; then
        _archivist_words "$options"
        return
    fi
    # How many arguments stand before, and the staging folder that is named.
    local arguments=0 staging=() uuids
    for ((i = 2; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -* ]] || arguments=$((arguments + 1))
        [[ ${COMP_WORDS[i - 1]} != --staging ]] || staging=(--staging "${COMP_WORDS[i]}")
        # "--staging=DIR" is three words to bash.
        [[ $i -lt 3 || ${COMP_WORDS[i - 2]}${COMP_WORDS[i - 1]} != --staging= ]] || staging=(--staging "${COMP_WORDS[i]}")
    done
    # The UUIDs of the jobs that are there.
    if [[ $command == job && ${COMP_WORDS[2]} != sweep && $COMP_CWORD -gt 2 ]]; then
        uuids=$("${COMP_WORDS[0]}" job status --json --quiet "${staging[@]}" 2>/dev/null |
            grep -o '"uuid":"[0-9a-f-]*"' | cut -d'"' -f4)
        _archivist_words "$uuids"
        if [ "${COMP_WORDS[2]}" = run ]; then
            mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$word")
            compopt -o filenames 2>/dev/null
        fi
        return
    fi
    # Pack, extract and the last argument of fetch take folders and files.
    if [[ $command == import || ($command == pack && $before != -o && $before != --*) || ($command == extract && $arguments -ge 1) ]]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
    compopt -o filenames 2>/dev/null
}

complete -F _archivist archivist
