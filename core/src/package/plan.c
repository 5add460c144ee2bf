/* SPDX-License-Identifier: Apache-2.0 */
#include "package/plan.h"

#include <arv/sys/alloc.h>
#include "crypto/digest.h"
#include "package/entries.h"
#include "package/spool.h"
#include "util/names.h"

/*
 * Entries with equal collision keys stand side by side; directly behind them stands the content of a
 * folder of that key, if there is one. So its neighbours show whether an entry needs a suffix, but for the
 * first of its key: a folder of that key comes only behind all others with it, however many they are.
 * Therefore _prepare reads all records once, refuses equal originals before anything is written (missing
 * entries do not count), and notes the ordinals of those first ones that meet a folder. _next reads the
 * records again and can decide at each one.
 *
 * An entry for an empty folder does not collide with a folder: they are the same one.
 */

enum { PLAN_NOTES_BYTES = 16 << 10, PLAN_KEY_BYTES = 64 << 10, PLAN_NAME_BYTES = 4 << 10 };

struct arv__plan {
    arv_entries *entries;
    bool prepared;
    arv__buf key; /* whole key of the record before this one */
    size_t fold_length;
    bool any;         /* there was one */
    arv__buf name;    /* with its suffix */
    arv__spool notes; /* ordinals (uint64_t) of the first of a key that is a folder's too */
    uint64_t notes_read, next_note;
    uint64_t ordinal;
};

int arv__plan_new(arv__plan **plan, arv_entries *entries, arv_error *err)
{
    *plan = NULL;
    int status = arv__entries_check(entries, err);
    if (status < 0)
        return status;
    arv__plan *p = arv_calloc(1, sizeof *p);
    if (!p)
        return arv_error_nomem(err, "the order of the entries");
    p->entries = arv_entries_ref(entries);
    entries->closed = true;
    arv__buf_init(&p->key, PLAN_KEY_BYTES);
    arv__buf_init(&p->name, PLAN_NAME_BYTES);
    arv__spool_init(&p->notes, PLAN_NOTES_BYTES, entries->temp_directory);
    *plan = p;
    return 0;
}

void arv__plan_free(arv__plan *plan)
{
    if (!plan)
        return;
    arv__spool_cleanup(&plan->notes);
    arv__buf_cleanup(&plan->name);
    arv__buf_cleanup(&plan->key);
    arv_entries_unref(plan->entries);
    arv_free(plan);
}

static int plan_rewind(arv__plan *plan, arv_error *err)
{
    plan->any = false;
    plan->ordinal = 0;
    return arv__sorter_rewind(plan->entries->sorter, err);
}

static bool plan_same_fold(const arv__plan *plan, const arv__record *record, size_t fold_length)
{
    return plan->any && fold_length == plan->fold_length &&
           memcmp(plan->key.data, record->key, fold_length) == 0;
}

static int plan_remember(arv__plan *plan, const arv__record *record, size_t fold_length, arv_error *err)
{
    arv__buf_clear(&plan->key);
    arv__buf_append(&plan->key, record->key, record->key_length);
    plan->fold_length = fold_length;
    plan->any = true;
    plan->ordinal++;
    return arv__buf_status(&plan->key, "the order of the entries", err);
}

static int plan_duplicate(const arv__record *record, size_t fold_length, arv_error *err)
{
    char quote[ARV__QUOTE_BYTES];
    const char *original = (const char *)record->key + fold_length + 1;
    return arv_error_set(err, ARV_EDUPLICATE,
                         "The entry %s was given twice; give each entry of an archive a name of "
                         "its own.",
                         arv__quote(quote, sizeof quote, original, record->key_length - fold_length - 2));
}

/* Reads all records once; `first` is the ordinal of the first one with the last record's key. */
int arv__plan_prepare(arv__plan *plan, arv_error *err)
{
    arv__record record;
    uint64_t first = 0;
    bool real = false; /* an entry with this original is no failure; the name of a failure may be escaped */
    int status = plan_rewind(plan, err);
    arv__spool_cleanup(&plan->notes);
    plan->notes_read = 0;
    if (status < 0)
        return status;
    while ((status = arv__sorter_next(plan->entries->sorter, &record, err)) > 0) {
        size_t fold_length = arv__entries_fold_length(&record);
        bool same_fold = plan_same_fold(plan, &record, fold_length);
        bool same = same_fold && record.key_length == plan->key.length &&
                    memcmp(record.key, plan->key.data, record.key_length) == 0;
        bool failure = arv__entries_is_failure(&record);
        if (same && real && !failure)
            status = plan_duplicate(&record, fold_length, err);
        real = !failure || (same && real);
        if (!same_fold) {
            if (plan->any && fold_length > plan->fold_length && record.key[plan->fold_length] == 1 &&
                memcmp(record.key, plan->key.data, plan->fold_length) == 0)
                status = arv__spool_append(&plan->notes, &first, sizeof first, err);
            first = plan->ordinal;
        }
        if (status >= 0)
            status = plan_remember(plan, &record, fold_length, err);
        if (status < 0)
            return status;
    }
    if (status == 0)
        status = plan_rewind(plan, err);
    plan->next_note = UINT64_MAX;
    plan->prepared = status == 0;
    return status;
}

/* Returns whether the first of its key meets a folder. Call it for each record in order. */
static int plan_is_noted(arv__plan *plan, bool *noted, arv_error *err)
{
    *noted = false;
    if (plan->next_note == UINT64_MAX && plan->notes_read < arv__spool_length(&plan->notes)) {
        int64_t n =
            arv__spool_read(&plan->notes, &plan->next_note, sizeof plan->next_note, plan->notes_read, err);
        if (n < 0)
            return (int)n;
        plan->notes_read += sizeof plan->next_note;
    }
    if (plan->next_note == plan->ordinal) {
        *noted = true;
        plan->next_note = UINT64_MAX;
    }
    return 0;
}

static int plan_suffix(arv__plan *plan, arv__plan_item *item, arv_error *err)
{
    arv_digests digests;
    int status = arv__digest_bytes(ARV_DIGEST_SHA256, item->original, item->original_length, &digests, err);
    if (status < 0)
        return status;
    arv__buf_clear(&plan->name);
    status = arv__name_suffix(&plan->name, item->name, item->name_length, digests.sha256, err);
    if (status < 0)
        return status;
    item->name = arv__buf_text_z(&plan->name);
    item->name_length = plan->name.length;
    return arv__buf_status(&plan->name, "the name of an entry", err);
}

int arv__plan_next(arv__plan *plan, arv__plan_item *item, arv_error *err)
{
    arv__record record;
    bool must_suffix, noted;
    if (!plan->prepared)
        return arv_error_set(err, ARV_ESTATE, "The entries are not in their order yet.");
    int status = arv__sorter_next(plan->entries->sorter, &record, err);
    if (status <= 0)
        return status;
    size_t fold_length = arv__entries_fold_length(&record);
    status = arv__entries_item(plan->entries, &record, item, &must_suffix, err);
    if (status == 0)
        status = plan_is_noted(plan, &noted, err);
    if (status < 0)
        return status;
    if (noted && item->from != ARV__FROM_NOTHING)
        must_suffix = true;
    if (plan_same_fold(plan, &record, fold_length))
        must_suffix = true;
    status = plan_remember(plan, &record, fold_length, err);
    if (status == 0 && must_suffix)
        status = plan_suffix(plan, item, err);
    return status < 0 ? status : 1;
}
