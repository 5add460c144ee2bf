/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "container.h"
#include "package/deflate.h"
#include "test.h"

enum { MIB = 1 << 20 };

static const char *const zip_python =
    "import sys, zipfile\n"
    "z = zipfile.ZipFile(sys.argv[1])\n"
    "bad = z.testzip()\n"
    "assert bad is None, bad\n"
    "assert len(z.infolist()) == int(sys.argv[2]), len(z.infolist())\n"
    "for i in z.infolist():\n"
    "    assert i.date_time == (1980, 1, 1, 0, 0, 0), i\n"
    "    assert i.external_attr >> 16 == (0o40755 if i.is_dir() else 0o100644), i\n"
    "    assert i.create_system == 3\n";

/* Everybody's opinion on a container; unzip is left out where it would take too long. */
static void zip_judge(const char *path, const char *entries)
{
    JUDGE("unzip", "-tqq", path);
    JUDGE("7z", "t", "-bd", path);
    JUDGE("bsdtar", "-tf", path);
    JUDGE("python3", "-c", zip_python, path, entries);
}

/* The part of a stream reader that matters: where the data end must stand in the data. */
static const char *const zip_stream =
    "import struct, sys, zlib\n"
    "f = open(sys.argv[1], 'rb').read()\n"
    "at = n = 0\n"
    "wide = []\n"
    "while f[at:at + 4] == b'PK\3\4':\n"
    "    h = struct.unpack_from('<IHHHHHIIIHH', f, at)\n"
    "    name = f[at + 30:at + 30 + h[9]].decode()\n"
    "    at += 30 + h[9] + h[10]\n"
    "    n += 1\n"
    "    if not h[2] & 8:\n"
    "        assert h[10] == 0 and h[1] == 20, (name, h)\n"
    "        data = f[at:at + h[7]]\n"
    "        at += h[7]\n"
    "        if h[3] == 8: data = zlib.decompress(data, -15)\n"
    "        assert zlib.crc32(data) == h[6] and len(data) == h[8], name\n"
    "        continue\n"
    "    assert h[3] == 8 and h[6] == 0, (name, h)\n"
    "    z = zlib.decompressobj(-15)\n"
    "    data = z.decompress(f[at:])\n"
    "    assert z.eof, name\n"
    "    packed = len(f) - at - len(z.unused_data)\n"
    "    at += packed\n"
    "    form = '<IIQQ' if h[10] else '<IIII'\n"
    "    if h[10]: wide.append(name)\n"
    "    d = struct.unpack_from(form, f, at)\n"
    "    assert d == (0x08074b50, zlib.crc32(data), packed, len(data)), (name, d)\n"
    "    at += struct.calcsize(form)\n"
    "assert f[at:at + 4] == b'PK\1\2', at\n"
    "assert n == int(sys.argv[2]), n\n"
    "assert wide == sys.argv[3:], wide\n";

/* The extracted file is what went in. */
static void zip_check_file(const char *name, const void *data, size_t length)
{
    size_t got;
    char *content = test_read_file(test_path("out/%s", name), &got);
    CHECK_INT(got, length);
    CHECK_MEM(content, data, length);
    free(content);
}

static void *text(size_t length, uint64_t seed)
{
    void *data = malloc(length + 1);
    CHECK(data);
    container_fill_text(data, length, seed);
    return data;
}

static void *noise(size_t length, uint64_t seed)
{
    void *data = malloc(length + 1);
    CHECK(data);
    test_fill_random(data, length, seed);
    return data;
}

static void round_trip(int level, bool reproducible)
{
    enum { LARGE = 3 * MIB + 12345, EXACT = 2 * MIB };
    char path[512];
    void *large = text(LARGE, 1), *packed = noise(LARGE, 2), *exact = text(EXACT, 3);
    char *mixed = text(LARGE, 4);
    container c;
    snprintf(path, sizeof path, "%s/a.zip", test_dir());
    test_fill_random(mixed + MIB, MIB, 5); /* its second chunk is incompressible */
    container_open(&c, path, ARV_FORMAT_ZIP, level, reproducible);
    container_add_packed(&c, "mimetype", "application/vnd.etsi.asic-e+zip", 31);
    container_add(&c, "b/data/empty", NULL, 0);
    container_add_folder(&c, "b/data/folder");
    container_add(&c, "b/data/Größe.txt", large, 40000);
    container_add_packed(&c, "b/data/small.jpg", packed, 30000);
    container_add(&c, "b/data/noise", packed, 500);
    container_add(&c, "b/data/large.html", large, LARGE);
    container_add_packed(&c, "b/data/large.mp4", packed, LARGE);
    container_add(&c, "b/data/mixed", mixed, LARGE);
    container_add_unknown(&c, "b/data/unknown", exact, EXACT);
    container_add_unknown(&c, "b/data/unknown-short", exact, 1000);
    container_add_unknown(&c, "b/data/unknown-empty", NULL, 0);
    container_close(&c);
    zip_judge(path, "12");
    JUDGE("python3", "-c", zip_stream, path, "12", "b/data/unknown");
    JUDGE("unzip", "-q", path, "-d", test_path("out"));
    zip_check_file("mimetype", "application/vnd.etsi.asic-e+zip", 31);
    zip_check_file("b/data/empty", NULL, 0);
    CHECK_INT(test_count_dir(test_path("out/b/data/folder")), 0);
    zip_check_file("b/data/Größe.txt", large, 40000);
    zip_check_file("b/data/small.jpg", packed, 30000);
    zip_check_file("b/data/noise", packed, 500);
    zip_check_file("b/data/large.html", large, LARGE);
    zip_check_file("b/data/large.mp4", packed, LARGE);
    zip_check_file("b/data/mixed", mixed, LARGE);
    zip_check_file("b/data/unknown", exact, EXACT);
    zip_check_file("b/data/unknown-short", exact, 1000);
    zip_check_file("b/data/unknown-empty", NULL, 0);
    size_t length;
    char *bytes = test_read_file(path, &length);
    CHECK_INT(length, c.written);
    CHECK_MEM(bytes, "PK\3\4\x14\0\0\0\0\0\0\0\x21\0", 14); /* stored, plain, 1980-01-01 */
    CHECK_MEM(bytes + 30, "mimetypeapplication/vnd", 23);
    CHECK_INT(bytes[28], 0); /* no extra field before a magic that stands at a fixed place */
    free(bytes);
    free(large);
    free(packed);
    free(exact);
    free(mixed);
}

TEST(zip_of_all_kinds_of_entries_is_read_by_everybody)
{
    round_trip(-1, false);
}

TEST(zip_stored_is_read_by_everybody)
{
    round_trip(0, false);
}

TEST(zip_reproducible_is_read_by_everybody)
{
    round_trip(-1, true);
}

TEST(zip_of_level_9_is_read_by_everybody)
{
    round_trip(9, false);
}

TEST(zip_without_entries_is_read_by_python_and_7z)
{
    const char *path = test_path("a.zip");
    container c;
    container_open(&c, path, ARV_FORMAT_ZIP, -1, false);
    container_close(&c);
    CHECK_INT(c.written, 22);
    JUDGE("python3", "-c", zip_python, path, "0");
    JUDGE("7z", "t", "-bd", path);
}

TEST(zip_of_many_small_files_is_read_by_everybody)
{
    enum { FILES = 3000 };
    char path[512], name[64];
    container c;
    snprintf(path, sizeof path, "%s/a.zip", test_dir());
    container_open(&c, path, ARV_FORMAT_ZIP, -1, false);
    for (unsigned i = 0; i < FILES; i++) {
        size_t length = i % 3 == 0 ? 1024 : i % 4000;
        void *data = i % 7 == 6 ? noise(length, i) : text(length, i);
        snprintf(name, sizeof name, "b/data/%04u.txt", i);
        container_add(&c, name, data, length);
        free(data);
    }
    container_close(&c);
    zip_judge(path, "3000");
    JUDGE("unzip", "-q", path, "-d", test_path("out"));
    for (unsigned i = 0; i < FILES; i += 97) {
        size_t length = i % 3 == 0 ? 1024 : i % 4000;
        void *data = i % 7 == 6 ? noise(length, i) : text(length, i);
        snprintf(name, sizeof name, "b/data/%04u.txt", i);
        zip_check_file(name, data, length);
        free(data);
    }
}

TEST_TIMEOUT(zip_of_more_than_65535_entries_has_a_zip64_end, 120)
{
    const char *path = test_path("a.zip");
    char name[64];
    container c;
    for (unsigned count = 65534; count <= 65536; count++) { /* both sides of the border */
        CHECK_SCENE("%u files", count);
        container_open(&c, path, ARV_FORMAT_ZIP, -1, false);
        for (unsigned i = 0; i < count; i++) {
            snprintf(name, sizeof name, "data/%05u", i);
            container_add(&c, name, "x", 1);
        }
        container_close(&c);
        JUDGE("bsdtar", "-tf", path);
        size_t length;
        char *bytes = test_read_file(path, &length);
        bool zip64 = memcmp(bytes + length - 42, "PK\6\7", 4) == 0;
        CHECK_INT(zip64, count >= 65535);
        free(bytes);
    }
    zip_judge(path, "65536");
}

/* Zeros, then a small entry; that one is beyond 4 GiB of the container when they are packed. */
static void near_four_gib(uint64_t length, bool packed, bool wide)
{
    const char *path = test_path("a.zip");
    char size[32];
    container c;
    snprintf(size, sizeof size, "%llu", (unsigned long long)length);
    container_open(&c, path, ARV_FORMAT_ZIP, -1, false);
    container_add(&c, "b/data/a", "before", 6);
    container_add_zeros(&c, "b/data/zeros", length, packed);
    container_add(&c, "b/data/z", "behind", 6);
    container_close(&c);
    CHECK(packed ? c.written > length : c.written < UINT64_C(100) * MIB);
    static const char *const script =
        "import struct, sys, zipfile\n"
        "z = zipfile.ZipFile(sys.argv[1])\n"
        "i = z.getinfo('b/data/zeros')\n"
        "assert i.file_size == int(sys.argv[2]), i\n"
        "assert z.read('b/data/a') == b'before' and z.read('b/data/z') == b'behind'\n"
        "f = z.open(i)\n"
        "assert f.read(3 << 20) == bytes(3 << 20)\n"
        "assert len(z.infolist()) == 3\n"
        "wide = sys.argv[3] == '1'\n"
        "assert i.extract_version == (45 if wide else 20), i\n"
        "raw = open(sys.argv[1], 'rb')\n"
        "raw.seek(i.header_offset)\n"
        "h = struct.unpack('<IHHHHHIIIHH', raw.read(30))\n"
        "most = 0xFFFFFFFF if wide else 0\n"
        "assert h[1:4] == (i.extract_version, 8, 8) and h[6:9] == (0, most, most), h\n"
        "assert h[10] == (20 if wide else 0), h\n"
        "raw.seek(h[9] + h[10] + i.compress_size, 1)\n"
        "form = '<IIQQ' if wide else '<IIII'\n"
        "d = struct.unpack(form, raw.read(struct.calcsize(form)))\n"
        "assert d == (0x08074b50, i.CRC, i.compress_size, i.file_size), d\n"
        "assert raw.tell() == z.getinfo('b/data/z').header_offset\n";
    JUDGE("python3", "-c", script, path, size, wide ? "1" : "0");
    JUDGE("bsdtar", "-tvf", path);
    JUDGE("7z", "t", "-bd", path);
}

#define FOUR_GIB (UINT64_C(4096) * MIB)

TEST_TIMEOUT(zip_entry_beyond_4_gib_deflated_is_zip64, 240)
{
    near_four_gib(FOUR_GIB + 4 * MIB, false, true);
}

TEST_TIMEOUT(zip_entry_beyond_4_gib_in_stored_blocks_is_zip64, 240)
{
    near_four_gib(FOUR_GIB + 4 * MIB, true, true);
}

TEST_TIMEOUT(zip_entry_below_4_gib_whose_stored_blocks_are_above_is_zip64, 240)
{
    near_four_gib(FOUR_GIB - 50000, true, true);
}

/* One byte decides: what the stored blocks could have must have a place in 32 bits. */
TEST_TIMEOUT(zip_entry_just_below_4_gib_has_a_descriptor_of_32_bits, 240)
{
    uint64_t most = FOUR_GIB - 1 - UINT64_C(4095) * ARV__UNIT_BLOCKS * ARV__BLOCK_HEADER_BYTES - 55;
    CHECK_INT(arv__deflate_parts_max(most), FOUR_GIB - 1);
    CHECK_INT(arv__deflate_parts_max(most - 1), FOUR_GIB - 2);
    near_four_gib(most - 1, true, false);
    near_four_gib(most, true, true);
}

TEST_TIMEOUT(zip_entries_of_about_4_gib_are_zip64, 240)
{
    near_four_gib(FOUR_GIB - 1, false, true);
    near_four_gib(FOUR_GIB, false, true);
    near_four_gib(FOUR_GIB + 1, false, true);
}

TEST(zip_frames_inner_chunks_without_a_copy)
{
    enum { LARGE = 4 * MIB + 5 };
    void *data = noise(LARGE, 1);
    container c;
    container_open(&c, test_path("a.zip"), ARV_FORMAT_ZIP, -1, false);
    container_add_packed(&c, "b/x", data, LARGE);
    CHECK_INT(c.uncopied, 3);
    CHECK_INT(c.copied, 2);
    container_close(&c);
    zip_judge(test_path("a.zip"), "1");
    JUDGE("python3", "-c", zip_stream, test_path("a.zip"), "1");
    free(data);
}

TEST(zip_refuses_chunks_out_of_order)
{
    const arv__format_ops *ops = arv__format_find(ARV_FORMAT_ZIP);
    arv__format_settings settings = {.format = ARV_FORMAT_ZIP,
                                     .level = 1,
                                     .memory_bytes = 4096,
                                     .temp_directory = test_dir()};
    arv__piece piece = {.name = "a", .name_length = 1, .last = true, .entry_bytes = 10};
    arv__unit unit = {.pieces = &piece, .piece_count = 1};
    arv__format *format;
    arv_error err = {0};
    arv__buf_init(&unit.out, 4096);
    CHECK_OK(ops->open(&format, &settings, &err), &err);
    CHECK_ERR(ops->place(format, &unit, &err), &err, ARV_EINTERNAL, "out of order");
    piece = (arv__piece){.name = "a", .name_length = 1, .first = true, .entry_bytes = 10};
    CHECK_OK(ops->place(format, &unit, &err), &err);
    CHECK_ERR(ops->finish(format, NULL, &unit.out, &err), &err, ARV_EINTERNAL, "inside an entry");
    ops->close(format);
    arv__buf_cleanup(&unit.out);
}
