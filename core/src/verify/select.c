/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/select.h"

#include <fnmatch.h>
#include <string.h>
#include <arv/sys/alloc.h>

int arv__select_init(arv__select *select, const char *const *selectors, size_t count, arv_error *err)
{
    *select = (arv__select){.count = 0};
    if (count == 0)
        return ARV_OK;
    if (count > ARV__SELECTORS_MAX)
        return arv_error_set(err, ARV_ELIMIT,
                             "%zu names were given to extract; at most %d can be. Use a pattern, "
                             "or extract everything.",
                             count, ARV__SELECTORS_MAX);
    select->selectors = arv_calloc(count, sizeof *select->selectors);
    select->met = arv_calloc(count, sizeof *select->met);
    if (!select->selectors || !select->met)
        return arv_error_nomem(err, "the names to extract");
    for (; select->count < count; select->count++) {
        size_t length = selectors[select->count] ? strlen(selectors[select->count]) : 0;
        if (length == 0)
            return arv_error_set(err, ARV_EINVALID,
                                 "A name to extract is empty; give a name as the list of entries "
                                 "shows it.");
        if (length > ARV__SELECTOR_BYTES_MAX)
            return arv_error_set(err, ARV_ELIMIT, "A name to extract has %zu bytes; at most %d can be given.",
                                 length, ARV__SELECTOR_BYTES_MAX);
        char *copy = arv_strdup(selectors[select->count]);
        if (!copy)
            return arv_error_nomem(err, "the names to extract");
        while (length > 1 && copy[length - 1] == '/')
            copy[--length] = '\0'; /* "folder/" is the folder */
        select->selectors[select->count] = copy;
    }
    return ARV_OK;
}

void arv__select_cleanup(arv__select *select)
{
    for (size_t i = 0; i < select->count; i++)
        arv_free(select->selectors[i]);
    arv_free(select->selectors);
    arv_free(select->met);
    *select = (arv__select){.count = 0};
}

/* The name itself, or a folder above it. */
static bool select_names(const char *selector, const char *name, size_t length)
{
    size_t own = strlen(selector);
    return own <= length && memcmp(selector, name, own) == 0 && (own == length || name[own] == '/');
}

int arv__select_takes(arv__select *select, const char *name, size_t length, arv_error *err)
{
    bool taken = select->count == 0;
    char *text = NULL; /* for fnmatch; a name with a NUL inside matches no pattern */
    for (size_t i = 0; i < select->count; i++) {
        bool met = select_names(select->selectors[i], name, length);
        if (!met && !memchr(name, '\0', length)) {
            if (!text && !(text = arv_malloc(length + 1)))
                return arv_error_nomem(err, "the names to extract");
            memcpy(text, name, length);
            text[length] = '\0';
            met = fnmatch(select->selectors[i], text, 0) == 0;
        }
        select->met[i] |= met;
        taken |= met;
    }
    arv_free(text);
    return taken;
}

const char *arv__select_unmet(const arv__select *select)
{
    for (size_t i = 0; i < select->count; i++)
        if (!select->met[i])
            return select->selectors[i];
    return NULL;
}
