/* SPDX-License-Identifier: Apache-2.0 */
#include "made.h"

#include <errno.h>
#include <string.h>
#include <arv/sys/alloc.h>

#include "text.h"

static struct {
    char **places;
    size_t count, room;
    int error; /* of stdout */
} made;

void made_note(const char *place)
{
    if (!place)
        return;
    if (made.count == made.room) {
        size_t room = made.room ? 2 * made.room : 8;
        char **grown = arv_reallocarray(made.places, room, sizeof *grown);
        if (grown) {
            made.places = grown;
            made.room = room;
        }
    }
    char *copy = made.count < made.room ? arv_strdup(place) : NULL;
    if (copy) {
        made.places[made.count++] = copy;
    } else {
        fputs("archivist: warning: This was made: ", stderr);
        text_write_safe(stderr, place, strlen(place));
        putc('\n', stderr);
    }
}

int made_flush(void)
{
    errno = 0;
    if (made.error == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        made.error = errno ? errno : EIO;
    if (made.error)
        return made.error;
    while (made.count > 0)
        arv_free(made.places[--made.count]);
    arv_free(made.places);
    made.places = NULL;
    made.room = 0;
    return 0;
}

bool made_any(void)
{
    return made.count > 0;
}

void made_write(FILE *to)
{
    for (size_t i = 0; i < made.count; i++) {
        fputs(i == 0 ? " What was made is there all the same: " : ", ", to);
        text_write_safe(to, made.places[i], strlen(made.places[i]));
    }
    if (made.count > 0)
        putc('.', to);
}
