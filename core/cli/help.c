/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>

/* Every text fits a screen of 24 lines and 80 columns; tests/integration/cli.py looks. */

#define HELP_COMMON                                                                                \
    "      --json         the result as JSON on stdout\n"                                          \
    "  -q, --quiet        no progress line, no warnings\n"                                        \
    "  -h, --help         this text\n"
#define HELP_STORAGE "      --option N=V   an option of the storage, such as create=1; repeatable\n"

const char cli_help[] =
    "Usage: archivist COMMAND [OPTION…] [ARGUMENT…]\n"
    "\n"
    "  pack DIR -o FILE       archive a folder into one new file\n"
    "  pack --list FILE …     archive what a list of JSON lines names\n"
    "  verify FILE|ADDRESS    check every byte of an archive against its manifests\n"
    "  list FILE|ADDRESS      show what is in an archive\n"
    "  extract FILE|ADDRESS DIR\n"
    "                         verify, then write the content under its own names\n"
    "  store FILE URL         put an archive into a storage and read it back\n"
    "  fetch ADDRESS FILE     get an archive out of a storage\n"
    "  check URL              connect to a storage, write, read and delete for real\n"
    "  version                show the versions of Archivist and its libraries\n"
    "\n"
    "\"archivist COMMAND --help\" tells the options. An address is what store prints, a\n"
    "URL such as file:///srv/archive names a storage. Nothing is ever overwritten.\n"
    "\n"
    "Exit codes: 0 done, 1 the archive or storage is not as it should be, 2 usage,\n"
    "3 a source, 4 a target or storage, 5 a limit, 6 cancelled, 70 internal.\n"
    "\"man archivist\" tells the rest.\n";

static const char help_pack[] =
    "Usage: archivist pack DIR -o FILE         archivist pack --list LIST --store URL\n"
    "  -o, --output FILE  the new archive; its end chooses the format\n"
    "      --store URL    stream it into a storage, too or instead; repeatable\n"
    "      --list LIST    JSON lines with name, path, size, owner, modified; - stdin\n"
    "      --format F     zip, tar.zst, tar.gz or tar\n"
    "      --name NAME    of the archive and its folder; else that of DIR\n"
    "      --title TEXT   headline of index.html; else the name\n"
    "      --uuid UUID    else derived from the content, random when stored\n"
    "      --created-by TEXT   a person or a program\n"
    "      --metadata FILE     a JSON object for metadata/job.json\n"
    "      --exclude PATTERN   leave out what matches, such as '*.tmp'; repeatable\n"
    "      --skip-links   leave symbolic links out instead of resolving them\n"
    "      --keep-going[=N]    archive without what cannot be read; exit code 3\n"
    "      --sha512       SHA-512 beside SHA-256\n"
    "      --level N      0 stored to 9; tar.zst to 19\n"
    "      --reproducible the same bytes on every CPU\n"
    "      --threads N    else one per core; the bytes are the same\n" HELP_STORAGE HELP_COMMON
    "SOURCE_DATE_EPOCH, seconds since 1970, becomes the date of the archive.\n";

static const char help_verify[] =
    "Usage: archivist verify FILE|ADDRESS\n"
    "\n"
    "Reads the whole container, compares its structure, names and every digest with\n"
    "its manifests, and tells each difference. Exit code 0 only if there is none.\n"
    "\n" HELP_STORAGE HELP_COMMON;

static const char help_list[] =
    "Usage: archivist list FILE|ADDRESS\n"
    "\n"
    "One line a file: size, time of change (UTC), original name, owner. Nothing is\n"
    "verified. Characters that could steer a terminal are shown escaped. With --json\n"
    "each file is a JSON object in a line.\n"
    "\n"
    "  -0, --null         only the original names as they are, each ended by NUL\n"
    HELP_STORAGE HELP_COMMON;

static const char help_extract[] =
    "Usage: archivist extract FILE|ADDRESS DIR\n"
    "\n"
    "Verifies the archive, then writes its files below DIR, which must be new or\n"
    "empty, under their original names. A name that no file can have here is replaced\n"
    "by the one in the container and told. On any error nothing stays.\n"
    "\n"
    "      --safe-names   the names of the container instead of the original ones\n" HELP_STORAGE
        HELP_COMMON;

static const char help_store[] =
    "Usage: archivist store FILE URL\n"
    "\n"
    "Copies an archive into a storage, reads it back from the medium, compares, and\n"
    "prints its address. Nothing in the storage is overwritten.\n"
    "\n" HELP_STORAGE HELP_COMMON;

static const char help_fetch[] =
    "Usage: archivist fetch ADDRESS FILE\n"
    "\n"
    "Writes a stored archive to a new file, complete or not at all.\n"
    "\n" HELP_STORAGE HELP_COMMON;

static const char help_check[] =
    "Usage: archivist check URL\n"
    "\n"
    "Connects to a storage, writes, reads back and deletes a small object for real,\n"
    "and tells each step and the free space. Exit code 1 when a step fails.\n"
    "\n" HELP_STORAGE HELP_COMMON;

static const char help_version[] =
    "Usage: archivist version\n"
    "\n"
    "Shows the versions of Archivist and its libraries, what deflates, and the\n"
    "storages that are known.\n"
    "\n" HELP_COMMON;

const cli_command cli_commands[] = {
    {"pack", cli_pack, 0, 1, "The folder to archive", help_pack},
    {"verify", cli_verify, 1, 1, "The file or address of an archive", help_verify},
    {"list", cli_list, 1, 1, "The file or address of an archive", help_list},
    {"extract", cli_extract, 2, 2, "The archive, or the folder to write to,", help_extract},
    {"store", cli_store, 2, 2, "The file to store, or the URL of a storage,", help_store},
    {"fetch", cli_fetch, 2, 2, "The address of an archive, or the file to write,", help_fetch},
    {"check", cli_check, 1, 1, "The URL of a storage", help_check},
    {"version", cli_version, 0, 0, "", help_version},
    {NULL, NULL, 0, 0, NULL, NULL},
};

const cli_command *cli_command_find(const char *name)
{
    const cli_command *command = cli_commands;
    while (command->name && strcmp(command->name, name) != 0)
        command++;
    return command->name ? command : NULL;
}
