/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include "container.h"
#include "package/tar_name.h"
#include "test.h"

enum { MIB = 1 << 20, LARGE = 3 * MIB + 12345, EXACT = 2 * MIB };

static const char *const tar_python =
    "import sys, tarfile\n"
    "t = tarfile.open(fileobj=sys.stdin.buffer, mode='r|*') if sys.argv[1] == '-' else "
    "tarfile.open(sys.argv[1])\n"
    "n = 0\n"
    "for m in t:\n"
    "    n += 1\n"
    "    assert m.mode == (0o755 if m.isdir() else 0o644), m.mode\n"
    "    assert (m.uid, m.gid, m.uname, m.gname, m.mtime) == (0, 0, '', '', 315532800)\n"
    "    if m.isfile():\n"
    "        assert len(t.extractfile(m).read()) == m.size\n"
    "assert n == int(sys.argv[2]), n\n";

/* Who takes the first end for the end of the file loses nothing. */
static const char *const one_member = "import sys, zlib\n"
                                      "d = zlib.decompressobj(31)\n"
                                      "data = d.decompress(open(sys.argv[1], 'rb').read())\n"
                                      "assert d.eof and d.unused_data == b''\n"
                                      "assert len(data) % 512 == 0 and data[-1024:] == bytes(1024)\n";

static const char *const long_name =
    "base/data/a-rather-long-folder-name-that-somebody-gave/and-another-one-below-it/"
    "and-a-third-one/because-why-not/file-with-an-equally-long-name-in-it.txt";
static const char *const longest_name =
    "base/data/0123456789012345678901234567890123456789012345678901234567890123456789"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678/x.txt";

static void check_file(const char *name, const void *data, size_t length)
{
    size_t got;
    char *content = test_read_file(test_path("out/%s", name), &got);
    CHECK_INT(got, length);
    CHECK_MEM(content, data, length);
    free(content);
}

static void fill(container *c, const char *large, const char *packed)
{
    container_add(c, "base/data/empty", NULL, 0);
    container_add_folder(c, "base/data/folder");
    container_add(c, "base/data/Größe.txt", large, 40000);
    container_add_folder(c, "base/data/Übung");
    container_add_packed(c, "base/data/small.jpg", packed, 30000);
    container_add(c, "base/data/block", large, 512);
    container_add(c, long_name, large, 700);
    container_add(c, longest_name, large, 800);
    container_add(c, "base/data/large.html", large, LARGE);
    container_add_packed(c, "base/data/large.mp4", packed, LARGE);
    container_add(c, "base/data/noise", packed, LARGE);
    container_add(c, "base/data/exact", large, EXACT);
}

static void check_content(const char *large, const char *packed)
{
    check_file("base/data/empty", NULL, 0);
    CHECK_INT(test_count_dir(test_path("out/base/data/folder")), 0);
    CHECK_INT(test_count_dir(test_path("out/base/data/Übung")), 0);
    check_file("base/data/Größe.txt", large, 40000);
    check_file("base/data/small.jpg", packed, 30000);
    check_file("base/data/block", large, 512);
    check_file(long_name, large, 700);
    check_file(longest_name, large, 800);
    check_file("base/data/large.html", large, LARGE);
    check_file("base/data/large.mp4", packed, LARGE);
    check_file("base/data/noise", packed, LARGE);
    check_file("base/data/exact", large, EXACT);
}

static void round_trip(arv_format format, int level, bool reproducible)
{
    char path[512];
    snprintf(path, sizeof path, "%s/a.%s", test_dir(), arv_format_name(format));
    char *large = malloc(LARGE), *packed = malloc(LARGE);
    container c;
    CHECK(large && packed);
    container_fill_text(large, LARGE, 1);
    test_fill_random(packed, LARGE, 2);
    container_open(&c, path, format, level, reproducible);
    fill(&c, large, packed);
    container_close(&c);
    if (format == ARV_FORMAT_TAR_GZ) {
        JUDGE("gzip", "-t", path);
        JUDGE("python3", "-c", one_member, path);
    }
    if (format == ARV_FORMAT_TAR_ZST)
        JUDGE("zstd", "-tq", path);
    else
        JUDGE("python3", "-c", tar_python, path, "12");
    JUDGE("7z", "t", "-bd", path);
    JUDGE("mkdir", test_path("out"), test_path("gnu"));
    JUDGE("env", "LC_ALL=C.UTF-8", "bsdtar", "-xf", path, "-C", test_path("out"));
    check_content(large, packed);
    JUDGE("tar", "-xf", path, "-C", test_path("gnu"));
    JUDGE("diff", "-r", test_path("out"), test_path("gnu"));
    free(large);
    free(packed);
}

TEST(tar_is_read_by_everybody)
{
    round_trip(ARV_FORMAT_TAR, 0, false);
}

TEST(tar_gz_is_read_by_everybody)
{
    round_trip(ARV_FORMAT_TAR_GZ, -1, false);
}

TEST(tar_gz_reproducible_is_read_by_everybody)
{
    round_trip(ARV_FORMAT_TAR_GZ, -1, true);
}

TEST(tar_gz_stored_is_read_by_everybody)
{
    round_trip(ARV_FORMAT_TAR_GZ, 0, false);
}

TEST(tar_gz_of_level_9_is_read_by_everybody)
{
    round_trip(ARV_FORMAT_TAR_GZ, 9, false);
}

TEST(tar_zst_is_read_by_everybody)
{
    round_trip(ARV_FORMAT_TAR_ZST, -1, false);
}

TEST(tar_zst_of_the_lowest_and_highest_level_is_read_by_everybody)
{
    round_trip(ARV_FORMAT_TAR_ZST, 0, false);
    JUDGE("rm", "-r", test_path("out"), test_path("gnu"));
    round_trip(ARV_FORMAT_TAR_ZST, 19, false);
}

TEST(tar_writes_inner_chunks_without_a_copy)
{
    char *data = calloc(1, LARGE);
    container c;
    CHECK(data);
    container_open(&c, test_path("a.tar"), ARV_FORMAT_TAR, 0, false);
    container_add(&c, "b/x", data, LARGE); /* header + 1 MiB, 1 MiB, 1 MiB, the rest + padding */
    CHECK_INT(c.uncopied, 2);
    CHECK_INT(c.copied, 2);
    container_add(&c, "b/y", data, EXACT); /* header + 1 MiB, 1 MiB */
    CHECK_INT(c.uncopied, 3);
    CHECK_INT(c.copied, 3);
    container_close(&c);
    CHECK_INT(c.written, 512 + LARGE + 512 - LARGE % 512 + 512 + EXACT + 1024);
    free(data);
}

TEST(tar_without_entries_is_two_blocks)
{
    container c;
    container_open(&c, test_path("a.tar"), ARV_FORMAT_TAR, 0, false);
    container_close(&c);
    CHECK_INT(c.written, 1024);
    JUDGE("bsdtar", "-tf", test_path("a.tar"));
    container_open(&c, test_path("a.tar.gz"), ARV_FORMAT_TAR_GZ, -1, false);
    container_close(&c);
    JUDGE("python3", "-c", one_member, test_path("a.tar.gz"));
}

/* Only the header matters here: the entry is not written to its end. */
static char *first_blocks(uint64_t entry_bytes, size_t *length)
{
    const arv__format_ops *ops = arv__format_find(ARV_FORMAT_TAR);
    arv__format_settings settings = {.format = ARV_FORMAT_TAR, .modified_at_unix = 315532800};
    arv__piece piece = {
        .name = "b/x", .name_length = 3, .first = true, .entry_bytes = entry_bytes, .length = 1};
    arv__unit unit = {.pieces = &piece, .piece_count = 1};
    arv__format *format;
    arv__worker *worker;
    arv_error err = {0};
    arv__buf_init(&unit.in, 16);
    arv__buf_init(&unit.out, arv__unit_out_bytes(ops));
    arv__buf_byte(&unit.in, 'x');
    CHECK_OK(ops->open(&format, &settings, &err), &err);
    CHECK_OK(ops->worker_new(&worker, format, &err), &err);
    int rc = ops->encode(format, worker, &unit, &err);
    ops->worker_free(worker);
    ops->close(format);
    arv__buf_cleanup(&unit.in);
    if (entry_bytes == UINT64_MAX) {
        CHECK_ERR(rc, &err, ARV_EINTERNAL, "without its size");
        arv__buf_cleanup(&unit.out);
        return NULL;
    }
    CHECK_OK(rc, &err);
    return arv__buf_take(&unit.out, length);
}

TEST(tar_entry_of_8_gib_has_its_size_in_an_extended_header)
{
    size_t length;
    char *bytes = first_blocks((UINT64_C(1) << 33) - 1, &length);
    CHECK_INT(length, 513);
    CHECK_MEM(bytes + 124, "77777777777", 12);
    arv_free(bytes);
    bytes = first_blocks(UINT64_C(1) << 33, &length);
    CHECK_INT(length, 3 * 512 + 1);
    CHECK_INT(bytes[156], 'x');
    CHECK_MEM(bytes + 512, "19 size=8589934592\n", 20);
    CHECK_INT(bytes[1024 + 156], '0');
    arv_free(bytes);
}

static void check_name(const char *name, bool extended, const char *prefix, const char *field)
{
    char fields[2][ARV__TAR_PREFIX_BYTES + 1];
    memset(fields, 'x', sizeof fields);
    CHECK_INT(arv__tar_name(fields[0], fields[1], name, strlen(name)), extended);
    fields[0][ARV__TAR_NAME_BYTES] = fields[1][ARV__TAR_PREFIX_BYTES] = '\0';
    CHECK_STR(fields[0], field);
    CHECK_STR(fields[1], prefix);
}

TEST(tar_names_stand_whole_in_the_header_where_they_fit)
{
    char name[300];
    check_name("b/x", false, "", "b/x");
    check_name("b/Größe.txt", true, "", "b/Größe.txt");
    check_name("b/Übung/", true, "", "b/Übung/");
    memset(name, 'n', sizeof name);
    name[100] = '\0';
    check_name(name, false, "", name);
    name[100] = 'n';
    name[155] = '/';
    name[256] = '\0';
    char prefix[156];
    memcpy(prefix, name, 155);
    prefix[155] = '\0';
    check_name(name, false, prefix, name + 156);
    memcpy(name + 200, "ü", 2);
    check_name(name, true, prefix, name + 156);
}

TEST(tar_names_that_do_not_fit_have_a_short_one_that_no_other_has)
{
    char name[300], other[300], field[ARV__TAR_NAME_BYTES], again[ARV__TAR_NAME_BYTES];
    char prefix[ARV__TAR_PREFIX_BYTES];
    memset(name, 'n', sizeof name);
    memcpy(name + 90, "ü", 2); /* of which one byte would fit */
    name[270] = '\0';
    CHECK(arv__tar_name(field, prefix, name, 270));
    CHECK_MEM(field, name, 90);
    CHECK_INT(field[90], '~');
    CHECK_INT(strspn(field + 91, "0123456789abcdef"), 8);
    CHECK_INT(field[99], '\0');
    CHECK_INT(prefix[0], '\0');
    memcpy(other, name, sizeof name);
    other[269] = 'm';
    CHECK(arv__tar_name(again, prefix, other, 270));
    CHECK(memcmp(field, again, sizeof field) != 0);
    other[269] = '/';
    memcpy(other + 90, "nn", 2);
    CHECK(arv__tar_name(again, prefix, other, 270));
    CHECK_MEM(again, other, 90);
    CHECK_INT(again[90], '~');
    CHECK_INT(again[99], '/');
}

TEST(tar_refuses_an_entry_of_unknown_size)
{
    CHECK(first_blocks(UINT64_MAX, NULL) == NULL);
}

TEST(tar_gz_stores_packed_units_without_trying)
{
    unsigned char *data = malloc(2 * MIB);
    container c;
    size_t length;
    CHECK(data);
    test_fill_random(data, 2 * MIB, 3);
    container_open(&c, test_path("a.tar.gz"), ARV_FORMAT_TAR_GZ, 9, false);
    container_add_packed(&c, "b/x", data, 2 * MIB);
    container_close(&c);
    char *bytes = test_read_file(test_path("a.tar.gz"), &length);
    CHECK_MEM(bytes, "\x1f\x8b\x08\0\0\0\0\0\0\xff\0\xff\xff", 13); /* a stored block of 65535 */
    JUDGE("gzip", "-t", test_path("a.tar.gz"));
    free(bytes);
    free(data);
}

TEST(tar_bytes_are_the_same_whichever_worker_made_them)
{
    static const arv_format formats[] = {ARV_FORMAT_TAR_GZ, ARV_FORMAT_TAR_ZST, ARV_FORMAT_ZIP};
    char *large = malloc(LARGE), *packed = malloc(LARGE);
    CHECK(large && packed);
    container_fill_text(large, LARGE, 1);
    test_fill_random(packed, LARGE, 2);
    for (unsigned f = 0; f < 3; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        char *bytes[2];
        size_t lengths[2];
        for (unsigned i = 0; i < 2; i++) {
            container c;
            container_open(&c, test_path("%u", i), formats[f], -1, false);
            c.turn = i;
            fill(&c, large, packed);
            container_close(&c);
            bytes[i] = test_read_file(test_path("%u", i), &lengths[i]);
        }
        CHECK_INT(lengths[0], lengths[1]);
        CHECK_MEM(bytes[0], bytes[1], lengths[0]);
        free(bytes[0]);
        free(bytes[1]);
    }
    free(large);
    free(packed);
}
