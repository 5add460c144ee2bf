/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Archivist\EntryList. The core keeps the entries; the object keeps the callables of addCallback(),
 * so that PHP's collector of cycles sees them. A reader belongs to the core until it is released;
 * its callable goes earlier when the job has ended.
 */

#include "classes.h"

typedef struct php_arv_reader php_arv_reader;

typedef struct list_object {
    arv_entries *entries;
    php_arv_running *job;         /* while it runs */
    bool given;                   /* to a job: nothing can be added */
    zend_long count, total_bytes; /* since then */
    php_arv_reader *readers;
    zend_object std;
} list_object;

struct php_arv_reader {
    php_arv_held held;            /* first */
    php_arv_reader *next, **link; /* link NULL: the EntryList object is gone */
    list_object *list;
    php_arv_callback callback;
};

static list_object *list_of(zend_object *object)
{
    return PHP_ARV_OBJECT(list_object, object);
}

arv_entries *php_arv_entries_get(zend_object *list)
{
    return list_of(list)->entries;
}

bool php_arv_entries_free(zend_object *object)
{
    list_object *list = list_of(object);
    if (list->entries && !list->given)
        return true;
    php_arv_throw_format(ARV_ESTATE, "%s",
                         list->given ? "The list of entries was given to a job already; make a new "
                                       "list for the next one."
                                     : "The constructor of the list of entries has not run.");
    return false;
}

void php_arv_entries_give(zend_object *object, php_arv_running *job, const arv_engine *engine)
{
    list_object *list = list_of(object);
    list->count = (zend_long)arv_entries_count(list->entries);
    list->total_bytes = (zend_long)arv_entries_total_bytes(list->entries);
    list->given = true;
    list->job = job;
    for (php_arv_reader *reader = list->readers; reader; reader = reader->next)
        php_arv_hold(&reader->held, engine);
}

void php_arv_entries_ended(zend_object *object)
{
    list_object *list = list_of(object);
    php_arv_reader *reader, *next;
    list->job = NULL;
    /* A callable may hold the last reference to anything but this list, which the caller holds. */
    for (reader = list->readers; list->given && reader; reader = next) {
        next = reader->next;
        php_arv_callback_drop(&reader->callback);
    }
}

/* ---- readers ---------------------------------------------------------------------------------------- */

struct read_call {
    php_arv_reader *reader;
    void *into;
    size_t length;
    arv_error *err;
    int64_t got;
    bool ran;
};

/* Returns the job that reads; NULL when it has ended or the EntryList object is gone. */
static php_arv_running *reader_job(const php_arv_reader *reader)
{
    return reader->list ? reader->list->job : NULL;
}

/*
 * A SourceException says that this one source cannot be read, and nothing about the program. If entries may
 * be missing, it becomes the core's error of that entry. Any other exception is a defect of the program and
 * ends the job.
 */
static bool read_source_failed(struct read_call *call)
{
    php_arv_running *job = reader_job(call->reader);
    if (!job || !job->tolerates || !instanceof_function(EG(exception)->ce, php_arv_ce_SourceException))
        return false;
    php_arv_error_from_exception(call->err);
    if (call->err->code > ARV_EVANISHED || call->err->code <= ARV_EEXISTS)
        call->err->code = ARV_ESOURCE; /* the class counts, not the code that the exception has */
    zend_clear_exception();
    call->got = call->err->code;
    return true;
}

static void read_run(void *arg)
{
    struct read_call *call = arg;
    zval length, data;
    call->ran = true;
    ZVAL_LONG(&length, (zend_long)call->length);
    ZVAL_UNDEF(&data);
    php_arv_callback_call(&call->reader->callback, &data, 1, &length);
    if (EG(exception)) {
        if (!read_source_failed(call))
            call->got = ARV_ECALLBACK;
    } else if (Z_TYPE(data) != IS_STRING) {
        call->got = arv_error_set(call->err, ARV_ECALLBACK,
                                  "A read callback returned a value of type %s; it must return a "
                                  "string, \"\" at the end.",
                                  zend_zval_type_name(&data));
    } else if (Z_STRLEN(data) > call->length) {
        call->got = arv_error_set(call->err, ARV_ECALLBACK,
                                  "A read callback returned %zu bytes when it was asked for at most "
                                  "%zu.",
                                  Z_STRLEN(data), call->length);
    } else {
        memcpy(call->into, Z_STRVAL(data), Z_STRLEN(data));
        call->got = (int64_t)Z_STRLEN(data);
    }
    zval_ptr_dtor(&data);
}

/* Called by the core. */
static int64_t reader_read(void *user_data, void *into, size_t length, arv_error *err)
{
    struct read_call call = {user_data, into, length, err, ARV_ECANCELED, false};
    if (!php_arv_callback_given(&call.reader->callback))
        return arv_error_set(err, ARV_ECANCELED, "The job was cancelled.");
    if (php_arv_guard(read_run, &call))
        return call.got;
    if (!call.ran || !EG(exception) || php_arv_exits())
        return arv_error_set(err, ARV_ECANCELED, "The job was cancelled because the program ended.");
    php_arv_error_from_exception(err);
    php_arv_running *job = reader_job(call.reader);
    if (job)
        job->ops->blame(job);
    return err->code;
}

static void reader_unlink(php_arv_reader *reader)
{
    if (!reader->link)
        return;
    *reader->link = reader->next;
    if (reader->next)
        reader->next->link = reader->link;
    reader->link = NULL;
    reader->next = NULL;
    reader->list = NULL;
}

static void reader_drop(php_arv_dropped *dropped)
{
    php_arv_reader *reader = (php_arv_reader *)dropped;
    reader_unlink(reader);
    php_arv_callback_drop(&reader->callback);
    efree(reader);
}

/* Called by the core. */
static void reader_release(void *user_data)
{
    php_arv_reader *reader = user_data;
    if (php_arv_let(&reader->held))
        php_arv_later_drop(&reader->held.dropped);
}

static php_arv_reader *reader_new(list_object *list, const zend_fcall_info *info,
                                  const zend_fcall_info_cache *cache)
{
    php_arv_reader *reader = ecalloc(1, sizeof *reader);
    php_arv_callback_set(&reader->callback, info, cache);
    reader->held.dropped.drop = reader_drop;
    reader->list = list;
    reader->next = list->readers;
    reader->link = &list->readers;
    if (reader->next)
        reader->next->link = &reader->next;
    list->readers = reader;
    return reader;
}

/* ---- object ----------------------------------------------------------------------------------------- */

static void list_free(zend_object *object)
{
    list_object *list = list_of(object);
    while (list->readers) {
        php_arv_reader *reader = list->readers;
        reader_unlink(reader);
        php_arv_callback_drop(&reader->callback);
    }
    arv_entries_unref(list->entries);
    list->entries = NULL;
    php_arv_drop_now();
    zend_object_std_dtor(object);
}

static HashTable *list_gc(zend_object *object, zval **table, int *count)
{
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    for (php_arv_reader *reader = list_of(object)->readers; reader; reader = reader->next)
        php_arv_callback_gc(&reader->callback, buffer);
    return php_arv_gc_end(object, buffer, table, count);
}

php_arv_kind php_arv_kind_EntryList = PHP_ARV_KIND(list_object, .free = list_free, .gc = list_gc);

/* ---- methods ---------------------------------------------------------------------------------------- */

ZEND_METHOD(Archivist_EntryList, __construct)
{
    list_object *list = list_of(Z_OBJ_P(ZEND_THIS));
    arv_entries_options options = {.struct_bytes = sizeof options};
    zend_long memory = 0;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(0, 1)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG(memory)
    ZEND_PARSE_PARAMETERS_END();
    if (list->entries) {
        php_arv_throw_format(ARV_ESTATE, "The list of entries was constructed already.");
        RETURN_THROWS();
    }
    if (memory < 0 || (memory > 0 && memory < 1 << 20)) {
        php_arv_throw_format(ARV_EINVALID,
                             "The argument $memoryBytes is " ZEND_LONG_FMT
                             "; 0 (the default) and %d or more are allowed.",
                             memory, 1 << 20);
        RETURN_THROWS();
    }
    options.memory_bytes = (size_t)memory;
    arv_error_clear(&err);
    php_arv_ok(arv_entries_new(&list->entries, &options, &err), &err);
}

typedef struct entry_arguments {
    zend_string *name, *owner;
    HashTable *persons;
    zend_string **keys; /* of the persons, until entry_free() */
    const char **texts;
    uint32_t key_count;
    zend_long size, modified;
    bool no_size, no_modified;
} entry_arguments;

#define ENTRY_ARGUMENTS                                                                                      \
    {                                                                                                        \
        NULL, NULL, NULL, NULL, NULL, 0, 0, 0, true, true                                                    \
    }

static void entry_free(entry_arguments *arguments)
{
    for (uint32_t i = 0; i < arguments->key_count; i++)
        zend_string_release(arguments->keys[i]);
    if (arguments->keys) {
        efree(arguments->keys);
        efree(arguments->texts);
    }
    arguments->keys = NULL;
    arguments->key_count = 0;
}

/* Keys are texts. Whole numbers count as texts, since PHP makes numbers of the numeric keys of an array. */
static bool entry_persons(entry_arguments *arguments, arv_entry *entry)
{
    uint32_t most = arguments->persons ? zend_hash_num_elements(arguments->persons) : 0;
    zval *key;
    if (most == 0)
        return true;
    arguments->keys = safe_emalloc(most, sizeof *arguments->keys, 0);
    arguments->texts = safe_emalloc(most, sizeof *arguments->texts, 0);
    ZEND_HASH_FOREACH_VAL(arguments->persons, key)
    {
        ZVAL_DEREF(key);
        if ((Z_TYPE_P(key) != IS_STRING && Z_TYPE_P(key) != IS_LONG) ||
            (Z_TYPE_P(key) == IS_STRING && strlen(Z_STRVAL_P(key)) != Z_STRLEN_P(key))) {
            entry_free(arguments);
            php_arv_throw_format(ARV_EINVALID, "The argument $persons must hold strings without NUL "
                                               "bytes or whole numbers.");
            return false;
        }
        arguments->keys[arguments->key_count] = zval_get_string(key);
        arguments->texts[arguments->key_count] = ZSTR_VAL(arguments->keys[arguments->key_count]);
        arguments->key_count++;
    }
    ZEND_HASH_FOREACH_END();
    entry->persons = arguments->texts;
    entry->person_count = arguments->key_count;
    return true;
}

/* Makes the entry of the arguments, which entry_free() frees, or throws. */
static bool entry_make(zval *this, entry_arguments *arguments, arv_entry *entry)
{
    if (!php_arv_entries_free(Z_OBJ_P(this)))
        return false;
    memset(entry, 0, sizeof *entry);
    entry->name = ZSTR_VAL(arguments->name);
    entry->name_length = ZSTR_LEN(arguments->name);
    entry->owner = arguments->owner ? ZSTR_VAL(arguments->owner) : NULL;
    entry->size_bytes = arguments->no_size ? ARV_SIZE_UNKNOWN : arguments->size;
    entry->modified_at_unix = arguments->no_modified ? ARV_TIME_UNKNOWN : arguments->modified;
    if (arguments->owner && strlen(ZSTR_VAL(arguments->owner)) != ZSTR_LEN(arguments->owner)) {
        php_arv_throw_format(ARV_EINVALID, "The argument $owner holds a NUL byte.");
        return false;
    }
    if (!arguments->no_size && arguments->size < 0) {
        php_arv_throw_format(ARV_EINVALID,
                             "The argument $sizeBytes is " ZEND_LONG_FMT "; it must be 0 or more, or null.",
                             arguments->size);
        return false;
    }
    if (!arguments->no_modified && entry->modified_at_unix == ARV_TIME_UNKNOWN) {
        php_arv_throw_format(ARV_EINVALID,
                             "The argument $modifiedAt is " ZEND_LONG_FMT
                             ", which is no time; give seconds since 1970, or null.",
                             arguments->modified);
        return false;
    }
    return entry_persons(arguments, entry);
}

#define LIST_DONE(rc, err)                                                                                   \
    do {                                                                                                     \
        if (!php_arv_ok((rc), (err)))                                                                        \
            RETURN_THROWS();                                                                                 \
        RETURN_OBJ_COPY(Z_OBJ_P(ZEND_THIS));                                                                 \
    } while (0)

ZEND_METHOD(Archivist_EntryList, addFile)
{
    entry_arguments a = ENTRY_ARGUMENTS;
    zend_string *path;
    arv_entry entry;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(2, 6)
    Z_PARAM_STR(a.name)
    Z_PARAM_STR(path)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_NULL(a.owner)
    Z_PARAM_LONG_OR_NULL(a.size, a.no_size)
    Z_PARAM_LONG_OR_NULL(a.modified, a.no_modified)
    Z_PARAM_ARRAY_HT(a.persons)
    ZEND_PARSE_PARAMETERS_END();
    if (!entry_make(ZEND_THIS, &a, &entry))
        RETURN_THROWS();
    if (!(path = php_arv_path_take(path))) {
        entry_free(&a);
        RETURN_THROWS();
    }
    arv_error_clear(&err);
    int rc = arv_entries_add_path(list_of(Z_OBJ_P(ZEND_THIS))->entries, &entry, ZSTR_VAL(path), &err);
    zend_string_release(path);
    entry_free(&a);
    LIST_DONE(rc, &err);
}

ZEND_METHOD(Archivist_EntryList, addString)
{
    entry_arguments a = ENTRY_ARGUMENTS;
    zend_string *data;
    arv_entry entry;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(2, 5)
    Z_PARAM_STR(a.name)
    Z_PARAM_STR(data)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_NULL(a.owner)
    Z_PARAM_LONG_OR_NULL(a.modified, a.no_modified)
    Z_PARAM_ARRAY_HT(a.persons)
    ZEND_PARSE_PARAMETERS_END();
    if (!entry_make(ZEND_THIS, &a, &entry))
        RETURN_THROWS();
    arv_error_clear(&err);
    int rc = arv_entries_add_memory(list_of(Z_OBJ_P(ZEND_THIS))->entries, &entry, ZSTR_VAL(data),
                                    ZSTR_LEN(data), &err);
    entry_free(&a);
    LIST_DONE(rc, &err);
}

ZEND_METHOD(Archivist_EntryList, addCallback)
{
    entry_arguments a = ENTRY_ARGUMENTS;
    zend_fcall_info info = {0};
    zend_fcall_info_cache cache = {0};
    arv_entry entry;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(2, 6)
    Z_PARAM_STR(a.name)
    Z_PARAM_FUNC(info, cache)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_NULL(a.owner)
    Z_PARAM_LONG_OR_NULL(a.size, a.no_size)
    Z_PARAM_LONG_OR_NULL(a.modified, a.no_modified)
    Z_PARAM_ARRAY_HT(a.persons)
    ZEND_PARSE_PARAMETERS_END();
    if (!entry_make(ZEND_THIS, &a, &entry))
        RETURN_THROWS();
    list_object *list = list_of(Z_OBJ_P(ZEND_THIS));
    php_arv_reader *reader = reader_new(list, &info, &cache);
    arv_error_clear(&err);
    int rc = arv_entries_add_callback(list->entries, &entry, reader_read, reader_release, reader, &err);
    entry_free(&a);
    if (rc < 0)
        reader_drop(&reader->held.dropped);
    LIST_DONE(rc, &err);
}

ZEND_METHOD(Archivist_EntryList, addFolder)
{
    entry_arguments a = ENTRY_ARGUMENTS;
    zend_string *folder;
    HashTable *exclude = (HashTable *)&zend_empty_array;
    arv_folder_options options = {.struct_bytes = sizeof options};
    arv_entry entry;
    arv_error err;
    zend_string *links = NULL;
    ZEND_PARSE_PARAMETERS_START(2, 6)
    Z_PARAM_STR(a.name)
    Z_PARAM_STR(folder)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_NULL(a.owner)
    Z_PARAM_ARRAY_HT(a.persons)
    Z_PARAM_STR(links)
    Z_PARAM_ARRAY_HT(exclude)
    ZEND_PARSE_PARAMETERS_END();
    if (links &&
        (strlen(ZSTR_VAL(links)) != ZSTR_LEN(links) || !arv_links_parse(ZSTR_VAL(links), &options.links))) {
        php_arv_throw_format(ARV_EINVALID,
                             "The argument $links is none of \"follow\", \"skip\" and \"record\".");
        RETURN_THROWS();
    }
    if (!entry_make(ZEND_THIS, &a, &entry))
        RETURN_THROWS();
    const char **patterns = php_arv_strings_take(exclude, "exclude", &options.exclude_count);
    if (patterns && strlen(entry.name) != entry.name_length) {
        php_arv_throw_format(ARV_EINVALID, "The argument $name holds a NUL byte.");
        folder = NULL;
    } else if (patterns) {
        folder = php_arv_path_take(folder);
    }
    if (!patterns || !folder) {
        if (patterns)
            efree(patterns);
        entry_free(&a);
        RETURN_THROWS();
    }
    options.exclude = patterns;
    options.owner = entry.owner;
    options.persons = entry.persons;
    options.person_count = entry.person_count;
    arv_error_clear(&err);
    int rc = arv_entries_add_folder(list_of(Z_OBJ_P(ZEND_THIS))->entries,
                                    entry.name_length ? entry.name : NULL, ZSTR_VAL(folder), &options, &err);
    zend_string_release(folder);
    efree(patterns);
    entry_free(&a);
    LIST_DONE(rc, &err);
}

ZEND_METHOD(Archivist_EntryList, addList)
{
    zend_string *path;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(path)
    ZEND_PARSE_PARAMETERS_END();
    if (!php_arv_entries_free(Z_OBJ_P(ZEND_THIS)))
        RETURN_THROWS();
    if (PG(open_basedir) && *PG(open_basedir)) {
        php_arv_throw_format(ARV_EUNSUPPORTED,
                             "addList() is refused while open_basedir is set, since the paths in the "
                             "list are not compared with it; add the files with addFile().");
        RETURN_THROWS();
    }
    if (!(path = php_arv_path_take(path)))
        RETURN_THROWS();
    arv_error_clear(&err);
    int rc = arv_entries_add_list(list_of(Z_OBJ_P(ZEND_THIS))->entries, ZSTR_VAL(path), &err);
    zend_string_release(path);
    LIST_DONE(rc, &err);
}

ZEND_METHOD(Archivist_EntryList, count)
{
    ZEND_PARSE_PARAMETERS_NONE();
    list_object *list = list_of(Z_OBJ_P(ZEND_THIS));
    if (list->given || !list->entries)
        RETURN_LONG(list->count);
    RETURN_LONG((zend_long)arv_entries_count(list->entries));
}

ZEND_METHOD(Archivist_EntryList, totalBytes)
{
    ZEND_PARSE_PARAMETERS_NONE();
    list_object *list = list_of(Z_OBJ_P(ZEND_THIS));
    if (list->given || !list->entries)
        RETURN_LONG(list->total_bytes);
    RETURN_LONG((zend_long)arv_entries_total_bytes(list->entries));
}
