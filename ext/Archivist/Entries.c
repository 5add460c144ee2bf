/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Archivist\Entries: an archive's entries, one after the other. The core gives a batch of them at once. The
 * object keeps the batch until the loop has taken all of it, and only then runs the engine again. It has an
 * engine of its own, so that nothing else runs that engine.
 */

#include "classes.h"

typedef struct listing {
    php_arv_own own;
    zend_string *path;
    arv_verify_options options; /* its limits are these: */
    arv_limits limits;
    HashTable *batch; /* Entry objects; NULL: none was read yet */
    uint32_t at;      /* the current one in the batch */
    zend_long key;
    const arv_item *item; /* while it is taken */
    zend_object std;
} listing;

static listing *listing_of(zend_object *object)
{
    return PHP_ARV_OBJECT(listing, object);
}

/* ---- object ---------------------------------------------------------------------------------- */

static void listing_forget(listing *l)
{
    if (l->batch)
        zend_array_destroy(l->batch);
    l->batch = NULL;
    l->at = 0;
}

static void entries_free(zend_object *object)
{
    listing *l = listing_of(object);
    php_arv_own_close(&l->own);
    listing_forget(l);
    if (l->path) /* else the object was not made by Verifier::entries(), and was refused */
        zend_string_release(l->path);
    zend_object_std_dtor(object);
}

php_arv_kind php_arv_kind_Entries = PHP_ARV_KIND(listing, .free = entries_free);

void php_arv_entries_list(zval *into, zend_string *path, const arv_verify_options *options)
{
    listing *l = listing_of(php_arv_value_make(into, php_arv_ce_Entries));
    l->path = zend_string_copy(path);
    l->options = *options;
    l->limits = *options->limits;
    l->options.limits = &l->limits;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void entry_add(void *arg)
{
    listing *l = arg;
    zval entry;
    php_arv_entry_make(&entry, l->item);
    zend_hash_next_index_insert(l->batch, &entry);
}

/* Called by the core. Deliveries behind this batch wait for the next run. */
static int entry_take(void *user_data, const arv_item *item)
{
    listing *l = user_data;
    l->item = item;
    if (!php_arv_guard(entry_add, l))
        return ARV_ECALLBACK;
    arv_engine_yield(l->own.engine);
    return 0;
}

static bool listing_moved(void *arg)
{
    listing *l = arg;
    return zend_hash_num_elements(l->batch) > 0 || arv_task_done(l->own.task);
}

/* Reads the next batch, which is empty behind the last entry, or throws. */
static bool listing_read(listing *l)
{
    arv_error err;
    arv_error_clear(&err);
    listing_forget(l);
    l->batch = zend_new_array(0);
    if (!l->own.task)
        return true;
    if (!php_arv_own_here(&l->own)) {
        php_arv_throw_format(ARV_ECANCELED, "The entries are read by the process that forked this one; begin "
                                            "a new loop over them here.");
        return false;
    }
    if (!php_arv_own_pump(&l->own, listing_moved, l))
        return false;
    if (zend_hash_num_elements(l->batch) > 0 || !arv_task_done(l->own.task))
        return true;
    int rc = arv_task_status(l->own.task, &err);
    php_arv_own_end(&l->own);
    return php_arv_ok(rc, &err);
}

/* Begins the list, from its first entry on. */
static bool listing_begin(listing *l)
{
    arv_error err;
    php_arv_own_close(&l->own); /* of a loop that ended early */
    arv_engine *engine = php_arv_path_allowed(l->path) ? php_arv_own_begin(&l->own, NULL, NULL) : NULL;
    if (!engine)
        return false;
    arv_origin origin = {.path = ZSTR_VAL(l->path)};
    arv_error_clear(&err);
    l->key = 0;
    return php_arv_ok(arv_list(engine, &origin, &l->options, entry_take, NULL, l, &l->own.task, &err),
                      &err) &&
           listing_read(l);
}

static zval *listing_current(listing *l)
{
    return l->batch ? zend_hash_index_find(l->batch, l->at) : NULL;
}

/* ---- methods --------------------------------------------------------------------------------- */

ZEND_METHOD(Archivist_Entries, rewind)
{
    ZEND_PARSE_PARAMETERS_NONE();
    if (!listing_begin(listing_of(Z_OBJ_P(ZEND_THIS))))
        RETURN_THROWS();
}

ZEND_METHOD(Archivist_Entries, valid)
{
    listing *l = listing_of(Z_OBJ_P(ZEND_THIS));
    ZEND_PARSE_PARAMETERS_NONE();
    if (!l->batch && !listing_begin(l))
        RETURN_THROWS();
    RETURN_BOOL(listing_current(l) != NULL);
}

ZEND_METHOD(Archivist_Entries, current)
{
    listing *l = listing_of(Z_OBJ_P(ZEND_THIS));
    ZEND_PARSE_PARAMETERS_NONE();
    if (!l->batch && !listing_begin(l))
        RETURN_THROWS();
    zval *entry = listing_current(l);
    if (entry)
        RETURN_COPY(entry);
}

ZEND_METHOD(Archivist_Entries, key)
{
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_LONG(listing_of(Z_OBJ_P(ZEND_THIS))->key);
}

ZEND_METHOD(Archivist_Entries, next)
{
    listing *l = listing_of(Z_OBJ_P(ZEND_THIS));
    ZEND_PARSE_PARAMETERS_NONE();
    if (!l->batch && !listing_begin(l))
        RETURN_THROWS();
    if (!listing_current(l))
        return;
    l->key++;
    if (++l->at == zend_hash_num_elements(l->batch) && !listing_read(l))
        RETURN_THROWS();
}
