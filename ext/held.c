/* SPDX-License-Identifier: Apache-2.0 */

/*
 * PHP values that engines hold. An engine that stays with the parent of a fork never gives anything back in
 * the child, which never reads its memory again. So the child drops all values when it leaves the engine,
 * with no frame of the core on its stack.
 */

#include "glue.h"

static void held_unlink(php_arv_held *held)
{
    *held->link = held->next;
    if (held->next)
        held->next->link = held->link;
    held->link = NULL;
}

void php_arv_hold(php_arv_held *held, const arv_engine *engine)
{
    held->engine = engine;
    held->next = ARCHIVIST_NOW(held);
    held->link = &ARCHIVIST_NOW(held);
    if (held->next)
        held->next->link = &held->next;
    ARCHIVIST_NOW(held) = held;
}

bool php_arv_let(php_arv_held *held)
{
    if (!held->link)
        return !held->engine; /* no engine ever had it */
    held_unlink(held);
    return true;
}

void php_arv_engine_leave(arv_engine *engine)
{
    php_arv_held *held, *next;
    arv_engine_abandon(engine);
    for (held = ARCHIVIST_NOW(held); held; held = next) {
        next = held->next;
        if (held->engine != engine)
            continue;
        held_unlink(held);
        php_arv_later_drop(&held->dropped);
    }
}
