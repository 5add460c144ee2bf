/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What engines hold of PHP. An engine that stays with the parent of a fork never gives anything
 * back in the child, and its memory there is never read again, except by frames of it that are on
 * the stack while a callback forks. So the child drops the PHP values itself, as soon as no frame
 * of the core is left, and keeps the memory around them as long as the request lasts.
 */

#include "php_archivist.h"
#include "Archivist/internal.h"

static void held_unlink(php_arv_held *held)
{
    if (!held->link)
        return;
    *held->link = held->next;
    if (held->next)
        held->next->link = held->link;
    held->link = NULL;
}

void php_arv_hold(php_arv_held *held, const arv_engine *engine)
{
    held->engine = engine;
    held->next = ARCHIVIST_G(held);
    held->link = &ARCHIVIST_G(held);
    if (held->next)
        held->next->link = &held->next;
    ARCHIVIST_G(held) = held;
}

bool php_arv_let(php_arv_held *held)
{
    held_unlink(held);
    return !held->lost;
}

void php_arv_held_free(php_arv_held *held)
{
    held_unlink(held);
    if (held->lost) {
        held->next = ARCHIVIST_G(lost);
        ARCHIVIST_G(lost) = held;
    } else {
        efree(held);
    }
}

void php_arv_engine_leave(arv_engine *engine)
{
    php_arv_held *held, *next;
    arv_engine_abandon(engine);
    for (held = ARCHIVIST_G(held); held; held = next) {
        next = held->next;
        if (held->engine != engine)
            continue;
        held_unlink(held);
        held->lost = true;
        php_arv_later_drop(&held->dropped);
    }
}

void php_arv_lost_free(void)
{
    while (ARCHIVIST_G(lost)) {
        php_arv_held *held = ARCHIVIST_G(lost);
        ARCHIVIST_G(lost) = held->next;
        efree(held);
    }
}
