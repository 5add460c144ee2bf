/* SPDX-License-Identifier: Apache-2.0 */
#include "container.h"

#include <stdlib.h>
#include <string.h>
#include "test.h"

static void container_write(container *c, const arv__buf *bytes)
{
    CHECK(bytes->length == 0 || fwrite(bytes->data, bytes->length, 1, c->file) == 1);
    c->written += bytes->length;
}

void container_open(container *c, const char *path, arv_format format, int level, bool reproducible)
{
    arv_error err = {0};
    memset(c, 0, sizeof *c);
    c->ops = arv__format_find(format);
    CHECK(c->ops);
    arv__format_settings settings = {.format = format,
                                     .level = level < 0 ? c->ops->level_default : level,
                                     .reproducible = reproducible,
                                     .modified_at_unix = 315532800,
                                     .memory_bytes = 1 << 20,
                                     .temp_directory = test_dir()};
    CHECK_OK(c->ops->open(&c->format, &settings, &err), &err);
    for (unsigned i = 0; i < 2; i++)
        CHECK_OK(c->ops->worker_new(&c->workers[i], c->format, &err), &err);
    c->unit.pieces = calloc(ARV__UNIT_PIECES, sizeof *c->unit.pieces);
    arv__buf_init(&c->unit.in, 2 * ARV__UNIT_BYTES);
    arv__buf_init(&c->unit.out, arv__unit_out_bytes(c->ops));
    c->file = fopen(path, "wb");
    CHECK(c->unit.pieces && c->file);
}

static void container_encode(container *c)
{
    arv_error err = {0};
    arv__unit *unit = &c->unit;
    arv__buf_clear(&unit->out);
    CHECK_OK(c->ops->encode(c->format, c->workers[c->turn++ % 2], unit, &err), &err);
    CHECK(!unit->out_is_in || unit->out.length == 0);
    CHECK(!unit->out_is_in || unit->framed || (unit->verbatim && unit->verbatim_at == 0));
    if (unit->verbatim && !unit->out_is_in && unit->in.length > 0)
        CHECK_MEM(unit->out.data + unit->verbatim_at, unit->in.data, unit->in.length);
}

static void container_place(container *c)
{
    arv_error err = {0};
    CHECK_OK(c->ops->place(c->format, &c->unit, &err), &err);
    container_write(c, c->unit.out_is_in ? &c->unit.in : &c->unit.out);
    c->copied += !c->unit.out_is_in;
    c->uncopied += c->unit.out_is_in;
}

static void container_forget(container *c)
{
    for (unsigned i = 0; i < c->unit.piece_count; i++) {
        free(c->names[i]);
        c->names[i] = NULL;
    }
    c->unit.piece_count = 0;
    c->unit.framed = false;
    arv__buf_clear(&c->unit.in);
}

/* As the packer reads the inner chunks of a file that does not compress. */
static void container_frame(container *c)
{
    unsigned char *raw = malloc(c->unit.in.length), *from = raw, *block;
    size_t at = 0, length = c->unit.in.length;
    CHECK(raw && length == ARV__UNIT_BYTES);
    memcpy(raw, c->unit.in.data, length);
    CHECK(arv__buf_reserve(&c->unit.in, ARV__UNIT_FRAMED_BYTES - length));
    c->unit.in.length = ARV__UNIT_FRAMED_BYTES;
    c->unit.framed = true;
    while ((block = arv__unit_block(&c->unit, &at, &length)) != NULL) {
        memcpy(block, from, length);
        from += length;
    }
    CHECK_INT(from - raw, ARV__UNIT_BYTES);
    free(raw);
}

static void container_flush(container *c)
{
    if (c->unit.piece_count == 0)
        return;
    container_encode(c);
    container_place(c);
    container_forget(c);
}

static arv__piece *container_piece(container *c, const char *name, const void *data, size_t length)
{
    unsigned at = c->unit.piece_count++;
    arv__piece *piece = &c->unit.pieces[at];
    CHECK((c->names[at] = strdup(name)) != NULL);
    *piece = (arv__piece){.name = c->names[at],
                          .name_length = (uint32_t)strlen(name),
                          .first = true,
                          .last = true,
                          .entry_bytes = length,
                          .offset = c->unit.in.length,
                          .length = length};
    arv__buf_append(&c->unit.in, data, length);
    CHECK_INT(c->unit.in.failed, 0);
    return piece;
}

static void container_chunks(container *c, const char *name, const void *data, size_t length,
                             uint64_t entry_bytes, bool packed)
{
    bool first = true, last;
    container_flush(c);
    do {
        size_t n = length < ARV__UNIT_BYTES ? length : ARV__UNIT_BYTES;
        last = entry_bytes == UINT64_MAX ? n < ARV__UNIT_BYTES : n == length;
        arv__piece *piece = container_piece(c, name, data, n);
        piece->first = first;
        piece->last = last;
        piece->entry_bytes = entry_bytes;
        piece->no_compress = packed;
        if (packed && !first && !last && c->ops->frames)
            container_frame(c);
        container_flush(c);
        data = n ? (const char *)data + n : data;
        length -= n;
        first = false;
    } while (!last);
}

static void container_small(container *c, const char *name, const void *data, size_t length, bool packed)
{
    container_piece(c, name, data, length)->no_compress = packed;
    if (c->unit.in.length >= ARV__UNIT_BYTES || c->unit.piece_count == ARV__UNIT_PIECES)
        container_flush(c);
}

void container_add(container *c, const char *name, const void *data, size_t length)
{
    if (length > ARV__UNIT_BYTES)
        container_chunks(c, name, data, length, length, false);
    else
        container_small(c, name, data, length, false);
}

void container_add_packed(container *c, const char *name, const void *data, size_t length)
{
    if (length > ARV__UNIT_BYTES)
        container_chunks(c, name, data, length, length, true);
    else
        container_small(c, name, data, length, true);
}

void container_add_unknown(container *c, const char *name, const void *data, size_t length)
{
    container_chunks(c, name, data, length, UINT64_MAX, false);
}

void container_add_folder(container *c, const char *name)
{
    container_piece(c, name, NULL, 0)->folder = true;
}

/* What is zero becomes a hole of the file. */
static void container_place_sparse(container *c)
{
    arv_error err = {0};
    const arv__buf *in = &c->unit.in;
    size_t at = 0, length;
    CHECK_OK(c->ops->place(c->format, &c->unit, &err), &err);
    c->written += in->length;
    while (c->unit.framed && arv__unit_block(&c->unit, &at, &length)) {
        const unsigned char *header = in->data + at - length - ARV__BLOCK_HEADER_BYTES;
        CHECK(fwrite(header, ARV__BLOCK_HEADER_BYTES, 1, c->file) == 1);
        CHECK_INT(fseeko(c->file, (off_t)length, SEEK_CUR), 0);
    }
    if (!c->unit.framed)
        CHECK_INT(fseeko(c->file, (off_t)in->length, SEEK_CUR), 0);
}

void container_add_zeros(container *c, const char *name, uint64_t length, bool packed)
{
    uint64_t units = (length + ARV__UNIT_BYTES - 1) / ARV__UNIT_BYTES;
    container_flush(c);
    void *zeros = calloc(1, ARV__UNIT_BYTES);
    CHECK(zeros && units > 2);
    for (uint64_t i = 0; i < units; i++) {
        bool last = i + 1 == units;
        if (i < 2 || last) {
            container_forget(c);
            size_t n = last ? (size_t)(length - i * ARV__UNIT_BYTES) : ARV__UNIT_BYTES;
            arv__piece *piece = container_piece(c, name, zeros, n);
            piece->entry_bytes = length;
            piece->no_compress = packed;
            piece->first = i == 0;
            piece->last = last;
            if (packed && i > 0 && !last && c->ops->frames)
                container_frame(c);
            container_encode(c);
        }
        if (c->unit.out_is_in)
            container_place_sparse(c);
        else
            container_place(c);
    }
    container_forget(c);
    free(zeros);
}

void container_close(container *c)
{
    arv_error err = {0};
    int more;
    container_flush(c);
    do {
        arv__buf_clear(&c->unit.out);
        more = c->ops->finish(c->format, c->workers[0], &c->unit.out, &err);
        CHECK_OK(more, &err);
        container_write(c, &c->unit.out);
    } while (more);
    CHECK_INT(fclose(c->file), 0);
    for (unsigned i = 0; i < 2; i++)
        c->ops->worker_free(c->workers[i]);
    c->ops->close(c->format);
    arv__buf_cleanup(&c->unit.in);
    arv__buf_cleanup(&c->unit.out);
    free(c->unit.pieces);
}

void container_judge(const char *const argv[])
{
    char *output = NULL;
    int status = test_run(&output, argv);
    if (status != 0)
        test_fail(argv[0], 0, "%s says %d: %s", argv[0], status, output);
    free(output);
}

void container_fill_text(void *into, size_t length, uint64_t seed)
{
    static const char *const words[] = {
        "the ",   "question ", "answer ",   "of ",  "student ",  "<p>",     "</p>\n",
        "grade ", "because ",  "energy ",   "and ", "is ",       "not ",    "<li>",
        "a ",     "function ", "integral ", "law ", "contract ", "</li>\n", "<div class=\"que\">"};
    char *out = into;
    size_t used = 0;
    uint64_t x = seed * 0x9E3779B97F4A7C15u + 88172645463325252u;
    while (used < length) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        char number[16];
        uint64_t pick = (x >> 33) % (sizeof words / sizeof words[0] + 4);
        const char *word = number;
        if (pick < sizeof words / sizeof words[0])
            word = words[pick];
        else
            snprintf(number, sizeof number, "%u ", (unsigned)(x & 0xFFFFF));
        size_t n = strlen(word);
        n = n < length - used ? n : length - used;
        memcpy(out + used, word, n);
        used += n;
    }
}
