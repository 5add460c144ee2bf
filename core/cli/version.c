/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>

#include "json.h"

static void version_json(void)
{
    json_open(NULL, '{');
    json_text("version", arv_version());
    json_text("deflater", arv_deflater());
    json_open("libraries", '{');
    for (const arv_library *library = arv_libraries(); library->name; library++)
        json_text(library->name, library->version);
    json_close();
    json_open("storages", '[');
    for (const char *const *driver = arv_storage_drivers(); *driver; driver++)
        json_text(NULL, *driver);
    json_close();
    json_close();
}

int cli_version(const cli_options *options, arv_error *err)
{
    (void)err;
    if (options->json) {
        version_json();
        return CLI_OK;
    }
    printf("archivist %s\n", arv_version());
    printf("deflater    %s\n", arv_deflater());
    for (const arv_library *library = arv_libraries(); library->name; library++)
        printf("%-11s %s\n", library->name, library->version);
    for (const char *const *driver = arv_storage_drivers(); *driver; driver++)
        printf("storage     %s\n", *driver);
    return CLI_OK;
}

/* ---- drivers ---- */

static void drivers_json(const char *driver)
{
    json_open(NULL, '{');
    json_text("driver", driver);
    json_open("options", '[');
    for (const arv_option_info *o = arv_storage_options(driver); o->name; o++) {
        json_open(NULL, '{');
        json_text("name", o->name);
        json_text("kind", arv_option_kind_name(o->kind));
        json_bool("secret", o->secret);
        json_bool("required", o->required);
        json_text("default", o->fallback);
        if (o->most > 0) {
            json_unsigned("least", o->least);
            json_unsigned("most", o->most);
        }
        json_text("help", o->help);
        json_close();
    }
    json_close();
    json_close();
}

/* Prints words in lines of at most 79 columns behind a margin. */
static void drivers_wrap(const char *words)
{
    enum { MARGIN = 6, COLUMNS = 79 };
    int column = MARGIN;
    printf("%*s", MARGIN, "");
    while (*words) {
        int length = (int)strcspn(words, " ");
        if (column > MARGIN && column + 1 + length > COLUMNS)
            printf("\n%*s", column = MARGIN, "");
        else if (column > MARGIN)
            column += printf(" ");
        column += printf("%.*s", length, words);
        words += length;
        words += strspn(words, " ");
    }
    putchar('\n');
}

static void drivers_show(const char *driver)
{
    printf("%s\n", driver);
    for (const arv_option_info *o = arv_storage_options(driver); o->name; o++) {
        printf("  %s (%s%s%s%s%s)\n", o->name, arv_option_kind_name(o->kind), o->secret ? ", secret" : "",
               o->required ? ", required" : "", o->fallback ? ", default " : "",
               o->fallback ? o->fallback : "");
        drivers_wrap(o->help);
    }
}

int cli_drivers(const cli_options *options, arv_error *err)
{
    (void)err;
    for (const char *const *driver = arv_storage_drivers(); *driver; driver++)
        if (options->json)
            drivers_json(*driver);
        else
            drivers_show(*driver);
    return CLI_OK;
}
