/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <ctype.h>
#include <string.h>

/*
 * A URL with a user name, and so maybe a password, is refused before anything is done, wherever it
 * stands: as a folder, a title or one argument too many it would be told in sentences, or archived.
 */

/* Of the URL whose scheme ends before `colon`: something that ends with '@' stands before its path. A
 * slash too few is a slip of a URL, too. */
static bool secrets_user(const char *colon)
{
    const char *host = colon + 1 + strspn(colon + 1, "/");
    return host > colon + 1 && memchr(host, '@', strcspn(host, "/?# "));
}

/* A password may have a slash that nobody wrote as %2F; then what stands before it is no port. */
static bool secrets_password(const char *colon)
{
    const char *host = colon + 1 + strspn(colon + 1, "/");
    const char *path = host + strcspn(host, "/?# "), *port = memchr(host, ':', (size_t)(path - host));
    if (host != colon + 3 || *host == '[' || !port || !strchr(path, '@'))
        return false;
    size_t digits = strspn(port + 1, "0123456789");
    return digits == 0 || port + 1 + digits < path;
}

bool cli_secret_url(const char *text)
{
    if (text[0] == '/' || text[0] == '.')
        return false; /* a path */
    for (const char *colon = strstr(text, ":/"); colon; colon = strstr(colon + 1, ":/"))
        if (colon > text && isalnum((unsigned char)colon[-1]) &&
            (secrets_user(colon) || secrets_password(colon)))
            return true;
    return false;
}

int cli_secrets_refuse(int argc, char **argv, arv_error *err)
{
    for (int i = 1; i < argc; i++)
        if (cli_secret_url(argv[i]))
            return arv_error_set(err, ARV_EINVALID,
                                 "Argument %d has a URL with a user name or a password in it. Everybody on "
                                 "this machine can read a command line, so change that password. Write the "
                                 "URL without them; \"archivist job run\" takes them as options of a storage "
                                 "that stand in the environment or in a file. A path that looks like such a "
                                 "URL begins with \"./\".",
                                 i);
    return 0;
}
