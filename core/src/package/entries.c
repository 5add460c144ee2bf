/* SPDX-License-Identifier: Apache-2.0 */
#include "package/entries.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "package/failures.h"
#include "util/names.h"
#include "util/options.h"

/*
 * An entry becomes a record of the sorter at once. The list keeps nothing else of it, but for bytes given
 * in memory and the pointers of callbacks. Those take their room from the sorter's share of
 * `memory_bytes`, so that the sorter spills earlier: the bound holds for both together.
 */

enum {
    ENTRIES_MEMORY_DEFAULT_BYTES = 12 << 20,
    ENTRIES_MEMORY_MIN_BYTES = 1 << 20,
    ENTRIES_SORTER_MIN_BYTES = 512 << 10,
    ENTRIES_CHUNK_BYTES = 16 << 10,
    ENTRIES_OWNERS_BYTES = 128 << 10, /* of the owners that records refer to */
    ENTRIES_PATH_BYTES = 4096,        /* with the final NUL: the kernel's own limit */
    ENTRIES_KEY_BYTES = 64 << 10,
    ENTRIES_SAFE_BYTES = 16 << 10,
    ENTRIES_VALUE_BYTES = 96 << 10,
    ENTRIES_PERSONS_BYTES = ARV_PERSONS_MAX * (ARV_PERSON_BYTES_MAX + 1)
};
#define ENTRIES_SIZE_MAX (INT64_C(1) << 43) /* of one: the bound of our own verifier */

struct arv__entries_chunk {
    arv__entries_chunk *next;
    size_t size, used;
    unsigned char bytes[];
};

/* ---- life --------------------------------------------------------------------------------------
 */

int arv_entries_new(arv_entries **entries, const arv_entries_options *options, arv_error *err)
{
    arv_entries_options known = {0};
    int status = options ? ARV__OPTIONS_TAKE(&known, options, "arv_entries_options", err) : 0;
    size_t memory_bytes = known.memory_bytes;
    *entries = NULL;
    if (status < 0)
        return status;
    if (memory_bytes == 0)
        memory_bytes = ENTRIES_MEMORY_DEFAULT_BYTES;
    if (memory_bytes < ENTRIES_MEMORY_MIN_BYTES)
        return arv_error_set(err, ARV_EINVALID,
                             "A list of entries cannot work with %zu bytes of memory; give it at "
                             "least %d.",
                             memory_bytes, ENTRIES_MEMORY_MIN_BYTES);
    arv_entries *e = arv_calloc(1, sizeof *e);
    if (!e)
        return arv_error_nomem(err, "a list of entries");
    e->references = 1;
    e->memory_bytes = memory_bytes;
    e->keep_going = known.keep_going;
    arv__buf_init(&e->safe, ENTRIES_SAFE_BYTES);
    arv__buf_init(&e->key, ENTRIES_KEY_BYTES);
    arv__buf_init(&e->value, ENTRIES_VALUE_BYTES);
    arv__buf_init(&e->owners, ENTRIES_OWNERS_BYTES);
    arv__buf_init(&e->persons, ENTRIES_PERSONS_BYTES);
    if (known.temp_directory) {
        e->temp_directory = arv_strdup(known.temp_directory);
        if (!e->temp_directory)
            status = arv_error_nomem(err, "a list of entries");
    }
    if (status == 0)
        status = arv__sorter_new(&e->sorter, memory_bytes, e->temp_directory, err);
    if (status < 0)
        arv_entries_unref(e);
    else
        *entries = e;
    return status;
}

arv_entries *arv_entries_ref(arv_entries *entries)
{
    entries->references++;
    return entries;
}

void arv_entries_unref(arv_entries *entries)
{
    if (!entries || --entries->references > 0)
        return;
    for (size_t i = 0; i < entries->callback_count; i++)
        arv__entries_release(entries, i);
    for (arv__entries_chunk *next, *c = entries->chunks; c; c = next) {
        next = c->next;
        arv_free(c);
    }
    arv_free(entries->callbacks);
    arv__sorter_free(entries->sorter);
    arv__doubled_cleanup(&entries->doubled);
    arv__buf_cleanup(&entries->safe);
    arv__buf_cleanup(&entries->key);
    arv__buf_cleanup(&entries->value);
    arv__buf_cleanup(&entries->owners);
    arv__buf_cleanup(&entries->persons);
    arv_free(entries->temp_directory);
    arv_free(entries);
}

void arv__entries_release(arv_entries *entries, uint64_t callback_index)
{
    if (callback_index >= entries->callback_count || entries->callbacks[callback_index].released)
        return;
    arv_async *callback = &entries->callbacks[callback_index];
    callback->released = true;
    if (callback->release)
        callback->release(callback->user_data);
}

uint64_t arv_entries_count(const arv_entries *entries)
{
    return arv__sorter_count(entries->sorter);
}

uint64_t arv_entries_total_bytes(const arv_entries *entries)
{
    return entries->total_bytes;
}

void arv_entries_get_doubled(const arv_entries *entries, arv_entries_doubled *doubled)
{
    *doubled = entries->doubled.found;
}

int arv__entries_check(const arv_entries *entries, arv_error *err)
{
    if (entries->closed)
        return arv_error_set(err, ARV_ESTATE,
                             "A job has begun with this list of entries, so nothing can be added "
                             "to it; make a new list for the next job.");
    if (entries->spoilt || arv__sorter_failed(entries->sorter))
        return arv_error_set(err, ARV_ESTATE,
                             "This list of entries is incomplete since something could not be "
                             "added to it; remove the cause of that error and make a new list.");
    return 0;
}

void arv__entries_spoil(arv_entries *entries)
{
    entries->spoilt = true;
}

/* ---- adding one --------------------------------------------------------------------------------
 */

/* Takes memory from the sorter's share. */
static int entries_reserve(arv_entries *entries, size_t bytes, arv_error *err)
{
    size_t most = entries->memory_bytes - ENTRIES_SORTER_MIN_BYTES;
    if (bytes > most - entries->reserved_bytes)
        return arv_error_set(err, ARV_ELIMIT,
                             "Entries whose content is given in memory, and callbacks, would take "
                             "more than %zu bytes; give larger ones as files, or raise the memory "
                             "limit of the list.",
                             most);
    int status =
        arv__sorter_bound(entries->sorter, entries->memory_bytes - entries->reserved_bytes - bytes, err);
    if (status == 0)
        entries->reserved_bytes += bytes;
    return status;
}

int arv__entries_persons(arv_entries *entries, const char *const *persons, size_t count, arv__plan_item *item,
                         arv_error *err)
{
    arv__buf *kept = &entries->persons;
    arv__buf_clear(kept);
    if (count > ARV_PERSONS_MAX)
        return arv_error_set(err, ARV_ELIMIT,
                             "An entry was given the keys of %zu persons; at most %d are recorded.", count,
                             ARV_PERSONS_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t length = persons && persons[i] ? strlen(persons[i]) : 0;
        if (!arv__person_valid(length ? persons[i] : "", length)) {
            char quote[ARV__QUOTE_BYTES];
            return arv_error_set(err, ARV_EINVALID,
                                 "The key %s of a person cannot be recorded: give 1 to %d bytes of UTF-8 "
                                 "without control characters.",
                                 arv__quote(quote, sizeof quote, length ? persons[i] : "", length),
                                 ARV_PERSON_BYTES_MAX);
        }
        arv__buf_append(kept, persons[i], length + 1);
    }
    item->persons = count ? (const char *)kept->data : NULL;
    item->persons_length = kept->length;
    return arv__buf_status(kept, "the persons of an entry", err);
}

static int entries_item_init(arv__plan_item *item, arv_entries *entries, const arv_entry *entry,
                             arv__from from, arv_error *err)
{
    if (!entry || !entry->name)
        return arv_error_set(err, ARV_EINVALID, "An entry needs a name.");
    *item = (arv__plan_item){.from = from,
                             .original = entry->name,
                             .original_length = entry->name_length ? entry->name_length : strlen(entry->name),
                             .owner = entry->owner,
                             .owner_length = entry->owner ? strlen(entry->owner) : 0,
                             .size_bytes = entry->size_bytes,
                             .modified_at_unix = entry->modified_at_unix};
    int status = arv__entries_check(entries, err);
    return status < 0 ? status
                      : arv__entries_persons(entries, entry->persons, entry->person_count, item, err);
}

int arv__entries_stat(const struct stat *st, const char *shown, arv__plan_item *item, arv_error *err)
{
    char quote[ARV__QUOTE_BYTES];
    arv__quote(quote, sizeof quote, shown, strlen(shown));
    if (S_ISLNK(st->st_mode))
        return arv_error_set(err, ARV_ELINK,
                             "The file %s is a symbolic link; give the path of the file that it "
                             "leads to.",
                             quote);
    if (!S_ISREG(st->st_mode))
        return arv_error_set(err, ARV_ESPECIAL,
                             "%s is %s and has no content that could be archived; leave it out.", quote,
                             S_ISDIR(st->st_mode)    ? "a folder"
                             : S_ISFIFO(st->st_mode) ? "a named pipe"
                             : S_ISSOCK(st->st_mode) ? "a socket"
                                                     : "a device");
    item->size_bytes = st->st_size;
    item->modified_seen = item->modified_at_unix == ARV_TIME_UNKNOWN;
    if (item->modified_seen)
        item->modified_at_unix = st->st_mtim.tv_sec;
    return 0;
}

int arv__entries_unreadable(int system_errno, const char *shown, arv_error *err)
{
    char quote[ARV__QUOTE_BYTES];
    arv__quote(quote, sizeof quote, shown, strlen(shown));
    int vanished = system_errno == ENOENT || system_errno == ENOTDIR;
    int code = arv_error_system(err, system_errno,
                                vanished ? "%s is not there any more; see who removed it and begin "
                                           "again"
                                         : "%s cannot be read; see that the user who archives may "
                                           "read it",
                                quote);
    if (code != ARV_ENOMEM)
        code = vanished ? ARV_EVANISHED : ARV_EUNREADABLE;
    if (err)
        err->code = code;
    return code;
}

int arv__entries_put(arv_entries *entries, const arv__plan_item *item, arv_error *err)
{
    arv__record record;
    uint64_t total = entries->total_bytes + (item->size_bytes > 0 ? (uint64_t)item->size_bytes : 0);
    int status = arv__entries_check(entries, err);
    if (status < 0)
        return status;
    if (item->size_bytes > ENTRIES_SIZE_MAX)
        return arv_error_set(err, ARV_ELIMIT,
                             "An entry of %lld bytes is too large; an archive takes files of at most "
                             "8 TiB. Split it.",
                             (long long)item->size_bytes);
    if (total < entries->total_bytes || item->size_bytes < ARV_SIZE_UNKNOWN)
        return arv_error_set(err, ARV_EINVALID,
                             "An entry cannot have a size of %lld bytes; give its size or "
                             "ARV_SIZE_UNKNOWN.",
                             (long long)item->size_bytes);
    status = arv__entries_record(entries, item, &record, err);
    if (status == 0)
        status = arv__sorter_add(entries->sorter, &record, err);
    if (status == 0) {
        entries->total_bytes = total;
        if (item->from == ARV__FROM_CALLBACK && item->size_bytes < 0)
            entries->size_unknown = true;
    }
    return status;
}

int arv__entries_put_failure(arv_entries *entries, const arv__plan_item *item, int status, arv_error *err)
{
    if (!entries->keep_going || !arv__failure_of_source(status))
        return status;
    arv_error why = *err;
    arv__plan_item failed = {.from = ARV__FROM_FAILURE,
                             .original = item->original,
                             .original_length = item->original_length,
                             .owner = item->owner,
                             .owner_length = item->owner_length,
                             .persons = item->persons,
                             .persons_length = item->persons_length,
                             .size_bytes = ARV_SIZE_UNKNOWN,
                             .modified_at_unix = ARV_TIME_UNKNOWN,
                             .failure_code = why.code,
                             .failure = why.message};
    return arv__entries_put(entries, &failed, err);
}

int arv_entries_add_path(arv_entries *entries, const arv_entry *entry, const char *path, arv_error *err)
{
    arv__plan_item item;
    arv_error own;
    if (!err)
        err = &own;
    int status = entries_item_init(&item, entries, entry, ARV__FROM_PATH, err);
    if (status < 0)
        return status;
    if (!path || !*path || strlen(path) >= ENTRIES_PATH_BYTES)
        return arv_error_set(err, ARV_EINVALID,
                             "The path of an entry is missing or has more than %d bytes; give an "
                             "existing file.",
                             ENTRIES_PATH_BYTES - 1);
    item.path = path;
    if (item.size_bytes == ARV_SIZE_UNKNOWN) {
        struct stat st;
        status = arv__fs->fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW);
        status = status < 0 ? arv__entries_unreadable(-status, path, err)
                            : arv__entries_stat(&st, path, &item, err);
        if (status == 0)
            status = arv__doubled_note(&entries->doubled, &st, err);
    }
    return status < 0 ? arv__entries_put_failure(entries, &item, status, err)
                      : arv__entries_put(entries, &item, err);
}

/* Copies bytes to where they stay until the list is freed. */
static int entries_keep(arv_entries *entries, const void *data, size_t length, const void **kept,
                        arv_error *err)
{
    arv__entries_chunk *chunk = entries->chunks;
    if (!chunk || length > chunk->size - chunk->used) {
        size_t size = length > ENTRIES_CHUNK_BYTES / 4 ? length : ENTRIES_CHUNK_BYTES;
        if (size > entries->memory_bytes)
            size = entries->memory_bytes; /* is refused, and the sum below cannot overflow */
        int status = entries_reserve(entries, size + sizeof *chunk, err);
        if (status < 0)
            return status;
        chunk = arv_malloc(sizeof *chunk + size);
        if (!chunk) {
            entries->reserved_bytes -= size + sizeof *chunk;
            return arv_error_nomem(err, "the content of an entry");
        }
        *chunk = (arv__entries_chunk){.size = size};
        /* A chunk for a single entry must not hide the free room of the chunk before it. */
        arv__entries_chunk **link = &entries->chunks;
        if (*link && size != ENTRIES_CHUNK_BYTES)
            link = &(*link)->next;
        chunk->next = *link;
        *link = chunk;
    }
    if (length > 0)
        memcpy(chunk->bytes + chunk->used, data, length);
    *kept = chunk->bytes + chunk->used;
    chunk->used += length;
    return 0;
}

int arv_entries_add_memory(arv_entries *entries, const arv_entry *entry, const void *data, size_t length,
                           arv_error *err)
{
    arv__plan_item item;
    int status = entries_item_init(&item, entries, entry, ARV__FROM_MEMORY, err);
    if (status < 0)
        return status;
    if (!data && length > 0)
        return arv_error_set(err, ARV_EINVALID, "An entry of %zu bytes needs its content.", length);
    if (item.size_bytes != ARV_SIZE_UNKNOWN && (uint64_t)item.size_bytes != length)
        return arv_error_set(err, ARV_ESIZE,
                             "An entry was announced with %lld bytes and given with %zu; announce "
                             "what is given.",
                             (long long)item.size_bytes, length);
    item.size_bytes = (int64_t)length;
    status = entries_keep(entries, data, length, &item.data, err);
    return status < 0 ? status : arv__entries_put(entries, &item, err);
}

static int entries_callback_room(arv_entries *entries, arv_error *err)
{
    size_t capacity = entries->callback_capacity ? entries->callback_capacity * 2 : 16;
    if (entries->callback_count < entries->callback_capacity)
        return 0;
    size_t more = (capacity - entries->callback_capacity) * sizeof *entries->callbacks;
    int status = entries_reserve(entries, more, err);
    if (status < 0)
        return status;
    arv_async *callbacks = arv_reallocarray(entries->callbacks, capacity, sizeof *callbacks);
    if (!callbacks) {
        entries->reserved_bytes -= more;
        return arv_error_nomem(err, "a callback entry");
    }
    entries->callbacks = callbacks;
    entries->callback_capacity = capacity;
    return 0;
}

static int entries_add_source(arv_entries *entries, const arv_entry *entry, const arv_async *source,
                              arv_error *err)
{
    arv__plan_item item;
    int status = entries_item_init(&item, entries, entry, ARV__FROM_CALLBACK, err);
    if (status < 0)
        return status;
    if (!source->read)
        return arv_error_set(err, ARV_EINVALID, "An entry from a callback needs the callback.");
    status = entries_callback_room(entries, err);
    if (status < 0)
        return status;
    item.callback_index = entries->callback_count;
    status = arv__entries_put(entries, &item, err);
    if (status < 0)
        return status;
    entries->callbacks[entries->callback_count++] = *source;
    return 0;
}

int arv_entries_add_callback(arv_entries *entries, const arv_entry *entry, arv_read_cb read,
                             arv_release_cb release, void *user_data, arv_error *err)
{
    const arv_async source = {.read = read, .release = release, .user_data = user_data};
    return entries_add_source(entries, entry, &source, err);
}

int arv_entries_add_async(arv_entries *entries, const arv_entry *entry, const arv_async_ops *ops,
                          void *user_data, arv_error *err)
{
    if (!ops || !ops->begin)
        return arv_error_set(err, ARV_EINVALID,
                             "An entry whose source answers later needs a function that begins it.");
    const arv_async source = {.read = ops->read,
                              .release = ops->release,
                              .user_data = user_data,
                              .begin = ops->begin,
                              .cancel = ops->cancel};
    return entries_add_source(entries, entry, &source, err);
}
