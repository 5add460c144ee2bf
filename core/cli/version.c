/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

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
