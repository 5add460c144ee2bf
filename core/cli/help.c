/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <limits.h>
#include <string.h>

#include "job.h"

/* Every text fits a screen of 24 lines and 80 columns; tests/integration/cli.py looks. */

#define HELP_COMMON                                                                                          \
    "      --json         the result as JSON on stdout\n"                                                    \
    "  -q, --quiet        no progress line, no warnings\n"                                                   \
    "  -h, --help         this text\n"
#define HELP_JOB                                                                                             \
    "      --staging DIR  where jobs live; else ARCHIVIST_STAGING, /var/lib/archivist\n"                     \
    "                     for root, ~/.local/state/archivist for others\n" HELP_COMMON
#define HELP_STORAGE "      --option N=V   an option of the storage; \"archivist drivers\" names them\n"

const char cli_help[] = "Usage: archivist COMMAND [OPTION…] [ARGUMENT…]\n"
                        "\n"
                        "  pack DIR|FILE … -o FILE  archive folders and files into one new file\n"
                        "  pack --list FILE …     archive what a list of JSON lines names\n"
                        "  verify FILE|ADDRESS    check every byte against its manifests; URL: all there\n"
                        "  list FILE|ADDRESS      show what is in an archive; URL: in a storage\n"
                        "  extract FILE|ADDRESS DIR [NAME …]\n"
                        "                         verify, then write the content under its own names\n"
                        "  import FOLDER|URL      find and verify the archives in it, without a database\n"
                        "  store FILE URL         put an archive into a storage and read it back\n"
                        "  fetch ADDRESS FILE     get an archive out of a storage\n"
                        "  check URL              connect to a storage, write, read and delete for real\n"
                        "  job run SPEC|UUID …    jobs that go on where they were killed; \"job --help\"\n"
                        "  drivers                show the kinds of storages and the options of each\n"
                        "  version                show the versions of Archivist and its libraries\n"
                        "\n"
                        "\"archivist COMMAND --help\" tells the options. An address is what store prints, a\n"
                        "URL such as file:///srv/archive names a storage. Nothing is ever overwritten.\n"
                        "\n"
                        "Exit codes: 0 done, 1 the archive or storage is not as it should be, 2 usage,\n"
                        "3 a source, 4 a target or storage, 5 a limit, 6 cancelled, 70 internal.\n"
                        "\"man archivist\" tells the rest.\n";

static const char help_pack[] =
    "Usage: archivist pack DIR|FILE|- … -o FILE    archivist pack --list LIST -o FILE\n"
    "  -o, --output FILE  the new archive; its end chooses the format; -: stdout\n"
    "      --store URL    stream it into a storage, too or instead; repeatable\n"
    "      --list LIST    JSON lines: name, path, size, owner, modified, persons\n"
    "      --entry-name NAME   of what comes from stdin (-)\n"
    "      --format F     zip, tar.zst, tar.gz or tar\n"
    "      --name NAME    of the archive and its folder; else that of DIR or FILE\n"
    "      --title TEXT   headline of index.html; --language en or de\n"
    "      --uuid UUID    else derived from the content, random when stored\n"
    "      --created-by TEXT   a person or a program; --metadata FILE for job.json\n"
    "      --exclude PATTERN   leave out what matches, such as '*.tmp'; repeatable\n"
    "      --links WHAT   symbolic links: follow (else that), skip, or record as data\n"
    "      --allow-empty  archive nothing, too; else that is an error\n"
    "      --no-space-check    try even what cannot fit\n"
    "      --keep-going[=N]    archive without what cannot be read; exit code 3\n"
    "      --sha512       SHA-512 beside SHA-256\n"
    "      --level N      0 stored to 9; tar.zst to 19\n"
    "      --reproducible the same bytes on every CPU\n"
    "      --threads N    else one per core; the bytes are the same\n" HELP_STORAGE HELP_COMMON
    "SOURCE_DATE_EPOCH, seconds since 1970, becomes the date of the archive.\n";

static const char help_verify[] =
    "Usage: archivist verify FILE|ADDRESS|URL\n"
    "\n"
    "Reads the whole container, compares its structure, names and every digest with\n"
    "its manifests, and tells each difference. Exit code 0 only if there is none.\n"
    "The URL of a storage: every archive in it, one after the other.\n"
    "\n"
    "      --foreign      the bag of another program: its harmless ways to write a\n"
    "                     container pass, and the result says so\n" HELP_STORAGE HELP_COMMON;

static const char help_list[] =
    "Usage: archivist list FILE|ADDRESS|URL\n"
    "\n"
    "One line a file: size, time of change (UTC), original name, owner. Nothing is\n"
    "verified. Characters that could steer a terminal are shown escaped. With --json\n"
    "each file is a JSON object in a line. The URL of a storage: its archives with\n"
    "size, time of storing and address.\n"
    "\n"
    "  -0, --null         only the original names as they are, or the addresses, each\n"
    "                     ended by NUL\n"
    "      --foreign      the bag of another program\n" HELP_STORAGE HELP_COMMON;

static const char help_extract[] =
    "Usage: archivist extract FILE|ADDRESS DIR [NAME …]\n"
    "\n"
    "Verifies the archive, then writes its files below DIR, which must be new or\n"
    "empty, under their original names. A name that no file can have here is replaced\n"
    "by the one in the container and told, a recorded link is told and not made. On\n"
    "any error nothing stays.\n"
    "With names, only these files, what stands below these folders, or what matches\n"
    "these patterns, such as '*.pdf'; \"archivist list\" shows the names.\n"
    "\n"
    "      --safe-names   the names of the container instead of the original ones\n"
    "      --foreign      the bag of another program\n" HELP_STORAGE HELP_COMMON;

static const char help_import[] =
    "Usage: archivist import FOLDER|URL\n"
    "\n"
    "Finds the archives in a folder, or in a storage, by what is in the files,\n"
    "verifies each, and tells what it says about itself: UUID, title, course and\n"
    "activity, when it was asked for and collected. No database is needed, nothing is\n"
    "changed, no link is followed; folders are looked into 16 deep. Exit code 0 only\n"
    "if all archives are valid, everything could be read, and there is one. With\n"
    "--json each archive is an object in a line, and the last line counts.\n"
    "\n" HELP_STORAGE HELP_COMMON;

static const char help_store[] =
    "Usage: archivist store FILE URL\n"
    "\n"
    "Copies an archive into a storage, reads it back from the medium, compares, and\n"
    "prints its address. Nothing in the storage is overwritten.\n"
    "\n" HELP_STORAGE HELP_COMMON;

static const char help_fetch[] = "Usage: archivist fetch ADDRESS FILE\n"
                                 "\n"
                                 "Writes a stored archive to a new file, complete or not at all.\n"
                                 "\n" HELP_STORAGE HELP_COMMON;

static const char help_check[] =
    "Usage: archivist check URL\n"
    "\n"
    "Connects to a storage, writes, reads back and deletes a small object for real,\n"
    "and tells each step and the free space. Exit code 1 when a step fails.\n"
    "\n" HELP_STORAGE HELP_COMMON;

static const char help_drivers[] =
    "Usage: archivist drivers\n"
    "\n"
    "Shows the kinds of storages and the options of each: name, kind, default and\n"
    "meaning. A secret is given in a specification, by a file or the environment.\n"
    "\n" HELP_COMMON;

static const char help_version[] =
    "Usage: archivist version\n"
    "\n"
    "Shows the versions of Archivist and its libraries, what deflates, and the\n"
    "storages that are known.\n"
    "\n" HELP_COMMON;

static const char help_job[] =
    "Usage: archivist job COMMAND [OPTION…] [ARGUMENT…]\n"
    "\n"
    "  job run SPEC|UUID …    run jobs, or go on with them after a crash\n"
    "  job status [UUID …]    a table of all of them, or of some\n"
    "  job log UUID …         what happened, oldest first\n"
    "  job cancel UUID …      stop them and take back what they did\n"
    "  job retry UUID …       let them begin anew: failed, cancelled, or in part\n"
    "  job delete UUID …      forget those that have ended; what they stored stays\n"
    "  job sweep              remove what dead processes left\n"
    "\n"
    "A job has a journal: killed at any instant it loses nothing and doubles nothing.\n"
    "\"archivist job COMMAND --help\" tells the options of each.\n"
    "\n" HELP_JOB;

static const char help_job_run[] =
    "Usage: archivist job run SPEC.json|UUID …        archivist job run --all\n"
    "\n"
    "Makes the job that a specification describes, or goes on with it when it is\n"
    "there, until it has ended; waits for its retries. Running a specification again\n"
    "does nothing twice. A signal interrupts: the next run goes on.\n"
    "\n"
    "      --all          every job of the staging folder that has not ended\n"
    "      --jobs N       that run at once; else 4\n"
    "      --once         one attempt each: do not wait for retries\n" HELP_JOB;

static const char help_job_status[] =
    "Usage: archivist job status [UUID …]\n"
    "\n"
    "State, attempts, entries, size, targets that are stored of how many, and the\n"
    "cause where a job failed or waits. With --json an object a line.\n"
    "\n"
    "      --check        read what was stored again, and compare it with the journal\n"
    "      --option NAME=VALUE\n"
    "                     for the driver of its storages\n" HELP_JOB;

static const char help_job_log[] =
    "Usage: archivist job log UUID …\n"
    "\n"
    "What happened, oldest first: time (UTC), level, source, message. With --json an\n"
    "object a line.\n"
    "\n" HELP_JOB;

static const char help_job_cancel[] =
    "Usage: archivist job cancel UUID …\n"
    "\n"
    "Asks whoever runs a job to stop, which takes back what it did. What nobody runs\n"
    "is taken back here and now.\n"
    "\n" HELP_JOB;

static const char help_job_retry[] =
    "Usage: archivist job retry UUID …\n"
    "\n"
    "Jobs that failed, were cancelled or are complete in part wait to be run again,\n"
    "with all attempts before them, and so do those that wait for a retry.\n"
    "\"archivist job run\" begins them.\n"
    "\n" HELP_JOB;

static const char help_job_delete[] =
    "Usage: archivist job delete UUID …\n"
    "\n"
    "Forgets jobs that have ended. What they stored stays.\n"
    "\n"
    "      --force        those that are damaged or cannot end, too\n" HELP_JOB;

static const char help_job_sweep[] =
    "Usage: archivist job sweep\n"
    "\n"
    "Removes what dead processes left in the staging folder and no journal knows of.\n"
    "\n" HELP_JOB;

const cli_command cli_commands[] = {
    {"pack", cli_pack, 0, INT_MAX, "The folder to archive", help_pack},
    {"verify", cli_verify, 1, 1, "The file or address of an archive", help_verify},
    {"list", cli_list, 1, 1, "The file or address of an archive", help_list},
    {"extract", cli_extract, 2, INT_MAX, "The archive, or the folder to write to,", help_extract},
    {"import", cli_import, 1, 1, "The folder, or the URL of a storage", help_import},
    {"store", cli_store, 2, 2, "The file to store, or the URL of a storage,", help_store},
    {"fetch", cli_fetch, 2, 2, "The address of an archive, or the file to write,", help_fetch},
    {"check", cli_check, 1, 1, "The URL of a storage", help_check},
    {"job", cli_job, 0, INT_MAX, "", help_job},
    {"job run", cli_job_run, 0, INT_MAX, "", help_job_run},
    {"job status", cli_job_status, 0, INT_MAX, "", help_job_status},
    {"job log", cli_job_log, 1, INT_MAX, "The UUID of a job", help_job_log},
    {"job cancel", cli_job_cancel, 1, INT_MAX, "The UUID of a job", help_job_cancel},
    {"job retry", cli_job_retry, 1, INT_MAX, "The UUID of a job", help_job_retry},
    {"job delete", cli_job_delete, 1, INT_MAX, "The UUID of a job", help_job_delete},
    {"job sweep", cli_job_sweep, 0, 0, "", help_job_sweep},
    {"drivers", cli_drivers, 0, 0, "", help_drivers},
    {"version", cli_version, 0, 0, "", help_version},
    {NULL, NULL, 0, 0, NULL, NULL},
};

static const cli_command *command_named(const char *name)
{
    const cli_command *command = cli_commands;
    while (command->name && strcmp(command->name, name) != 0)
        command++;
    return command->name ? command : NULL;
}

const cli_command *cli_command_find(int argc, char **argv, int *words)
{
    char name[32];
    const cli_command *command = NULL;
    *words = 1;
    if (argc > 1 && strcmp(argv[0], "job") == 0 && strchr(argv[1], ' ') == NULL) {
        int length = snprintf(name, sizeof name, "job %s", argv[1]);
        if (length > 0 && (size_t)length < sizeof name && (command = command_named(name)))
            *words = 2;
    }
    return command ? command : strchr(argv[0], ' ') ? NULL : command_named(argv[0]);
}
