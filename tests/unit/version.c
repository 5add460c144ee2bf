/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <arv/version.h>
#include "test.h"

TEST(every_linked_library_tells_its_version)
{
    const arv_library *libraries = arv_libraries();
    unsigned count = 0, required = 0;
    CHECK(libraries == arv_libraries());
    for (; libraries[count].name; count++) {
        const char *name = libraries[count].name;
        CHECK(isdigit((unsigned char)libraries[count].version[0]));
        for (unsigned i = 0; i < count; i++)
            CHECK(strcmp(libraries[i].name, name) != 0);
        required += strstr("libuv openssl libcurl libarchive zlib zstd jansson utf8proc", name) != NULL;
    }
    CHECK_INT(required, 8);
    CHECK_STR(arv_version(), ARV_VERSION);
}

TEST(the_deflater_is_one_of_the_linked_libraries)
{
    const char *deflater = arv_deflater();
    for (const arv_library *library = arv_libraries(); library->name; library++)
        if (strcmp(library->name, deflater) == 0)
            return;
    test_fail(__FILE__, __LINE__, "%s is not linked", deflater);
}
