/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "package/formats.h"

/*
 * What cannot be made from the table of formats is held against it here: sentences, help, completion,
 * schemas, the man page. A new row makes this fail with the place that does not name it yet.
 */

typedef struct place {
    const char *file; /* of the source tree */
    const char *before, *between, *last, *behind;
} place;

static const place lists[] = {
    {"core/include/arv/package.h", "/* \"", "\", \"", "\", \"", "\"; NULL"},
    {"core/src/package/options.c", "none; ", ", ", " and ", " \""},
    {"core/src/job/spec.c", "must be ", ", ", " or ", ".\""},
    {"core/cli/help.c", "--format F     ", ", ", " or ", "\\n"},
    {"core/cli/pack.c", "--format wants ", ", ", " or ", "."},
    {"core/cli/pack.c", ".", ", .", " or .", ", or give --format."},
    {"core/cli/archivist.bash", "--format) _archivist_words '", " ", " ", "'"},
    {"docs/archivist.1", "(", ", ", " or ", ")"},
    {"docs/archivist.1", ".Cm ", " , ", "\nor\n.Cm ", " ."},
    {"docs/archive.md", "| | ", " | ", " | ", " |"},
    {"docs/command-line.md", "`.", "`, `.", "` or `.", "` chooses the format"},
    {"docs/command-line.md", "| `", "`, `", "`, `", "`; without `-o`"},
    {"docs/schemas/spec.schema.json", "\"enum\": [\"", "\", \"", "\", \"", "\"]"},
    {"docs/schemas/job.schema.json", "\"enum\": [\"", "\", \"", "\", \"", "\"]"},
    {"moodle_plugin/classes/jobs.php", "FORMATS = ['", "', '", "', '", "']"},
};

/* Where levels are told: 0 to that of most formats, and by name those that go further. */
static const place levels[] = {
    {"core/include/arv/package.h", "0 (stored) to ", "; ", NULL, " */"},
    {"core/cli/help.c", "--level N      0 stored to ", "; ", NULL, "\\n"},
    {"core/cli/options.c", "from 0 to ", ", for ", NULL, "."},
    {"docs/archivist.1", "from 0 (stored) to ", ", for ", NULL, "."},
    {"docs/schemas/spec.schema.json", "0 (stored) to ", ", for ", NULL, "."},
    {"ext/Archivist/PackageOptions.stub.php", "0 (stored) to ", ", ", NULL, ";"},
};

enum { TEXT_BYTES = 512 };

static void check_place(const char *file, const char *wanted)
{
    char path[TEXT_BYTES];
    size_t length;
    CHECK_SCENE("%s must hold \"%s\"", file, wanted);
    snprintf(path, sizeof path, TEST_SOURCE_DIR "/../%s", file);
    char *text = test_read_file(path, &length);
    CHECK(strstr(text, wanted) != NULL);
    free(text);
}

TEST(every_list_of_formats_is_that_of_the_table)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const place *p = &lists[i];
        char wanted[TEXT_BYTES];
        size_t at = (size_t)snprintf(wanted, sizeof wanted, "%s", p->before);
        for (const arv__format_row *row = arv__formats; row->writer; row++)
            at += (size_t)snprintf(wanted + at, sizeof wanted - at, "%s%s",
                                   row == arv__formats ? ""
                                   : row[1].writer     ? p->between
                                                       : p->last,
                                   row->writer->name);
        snprintf(wanted + at, sizeof wanted - at, "%s", p->behind);
        check_place(p->file, wanted);
    }
}

TEST(every_bound_of_levels_is_that_of_the_table)
{
    int usual = arv__format_find(ARV_FORMAT_ZIP)->level_max;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const place *p = &levels[i];
        char wanted[TEXT_BYTES];
        size_t at = (size_t)snprintf(wanted, sizeof wanted, "%s%d", p->before, usual);
        for (const arv__format_row *row = arv__formats; row->writer; row++)
            if (row->writer->level_max > usual)
                at += (size_t)snprintf(wanted + at, sizeof wanted - at, "%s%s to %d", p->between,
                                       row->writer->name, row->writer->level_max);
        snprintf(wanted + at, sizeof wanted - at, "%s", p->behind);
        check_place(p->file, wanted);
    }
}

TEST(php_has_a_case_for_every_format)
{
    for (const arv__format_row *row = arv__formats; row->writer; row++) {
        char wanted[TEXT_BYTES];
        snprintf(wanted, sizeof wanted, " = \"%s\";", row->writer->name);
        check_place("ext/Archivist/Format.stub.php", wanted);
    }
}

TEST(a_row_is_whole)
{
    for (const arv__format_row *row = arv__formats; row->writer; row++) {
        CHECK_SCENE("format %s", row->writer->name);
        CHECK(row->reader && row->foreign && row->writer->suffixes[0]);
        CHECK_INT(row->writer->suffixes[0][0], '.');
        CHECK_STR(row->writer->suffixes[0] + 1, row->writer->name);
        CHECK(row->unpack ? row->unpack->begins != NULL : row->reader->begins != NULL);
        CHECK_INT(row->writer->level_max > 0, row->writer->compressor != NULL);
        CHECK(row->writer->level_default <= row->writer->level_max);
    }
}
