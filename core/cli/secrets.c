/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

/*
 * Refuses a URL with a user name, and so maybe a password, before anything is done and wherever it stands: as
 * a folder, a title or one argument too many it would appear in messages, or be archived.
 */

int cli_secrets_refuse(int argc, char **argv, arv_error *err)
{
    for (int i = 1; i < argc; i++)
        if (arv_url_has_login(argv[i]))
            return arv_error_set(err, ARV_EINVALID,
                                 "Argument %d has a URL with a user name or a password in it. Everybody on "
                                 "this machine can read a command line, so change that password. Write the "
                                 "URL without them; \"archivist job run\" takes them as options of a storage "
                                 "that stand in the environment or in a file. A path that looks like such a "
                                 "URL begins with \"./\".",
                                 i);
    return 0;
}
