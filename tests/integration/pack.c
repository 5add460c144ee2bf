/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "package/known.h"
#include "packing.h"

enum { LARGE_BYTES = 3 * 1024 * 1024 + 12345, ROOM = 24 << 20 };

static const arv_format formats[] = {ARV_FORMAT_ZIP, ARV_FORMAT_TAR_ZST, ARV_FORMAT_TAR_GZ, ARV_FORMAT_TAR};
enum { FORMATS = sizeof formats / sizeof formats[0], SOURCES = 8, EVERYTHING = 18 + 3000 };

static const char *program(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "/usr/bin/%s", name);
    if (access(path, X_OK) != 0)
        test_skip("%s is not installed", name);
    return name;
}

static void run_ok(const char *const argv[])
{
    char *output;
    int status = test_run(&output, argv);
    if (status != 0)
        test_fail(__FILE__, __LINE__, "%s ended with %d: %s", argv[0], status, output);
    free(output);
}

static void text_of(unsigned char *into, size_t length, unsigned seed)
{
    static const char words[] = "the student answered question and the teacher gave marks for it ";
    for (size_t i = 0; i < length; i++)
        into[i] = (unsigned char)words[(i * 7 + seed + (i >> 9)) % (sizeof words - 1)];
}

/* Unpacks with a foreign program and lets sha256sum judge both manifests. */
static void judge_unpacked(const char *path, const char *folder)
{
    char base[600];
    mkdir(folder, 0700);
    run_ok((const char *[]){program("bsdtar"), "-xf", path, "-C", folder, NULL});
    snprintf(base, sizeof base, "%s/exam", folder);
    static const char *const manifests[] = {"manifest-sha256.txt", "tagmanifest-sha256.txt"};
    for (int i = 0; i < 2; i++)
        run_ok((const char *[]){"env", "-C", base, "sha256sum", "--strict", "--quiet", "-c", manifests[i],
                                NULL});
}

static void judge_container(arv_format format, const char *path)
{
    static const char zip_check[] = "import sys,zipfile\n"
                                    "z=zipfile.ZipFile(sys.argv[1])\n"
                                    "assert z.testzip() is None\n"
                                    "f=open(sys.argv[1],'rb')\n"
                                    "wide=[]\n"
                                    "for i in z.infolist():\n"
                                    "    f.seek(i.header_offset+28)\n"
                                    "    if f.read(2)!=b'\\0\\0': wide.append(i.filename)\n"
                                    "    stored=i.compress_type==0\n"
                                    "    assert not (stored and i.flag_bits&8), i\n"
                                    "assert wide==[] or\\\n"
                                    "    wide==['exam/data/calls/unknown 8 MiB',\n"
                                    "           'exam/data/calls/unknown large'], wide\n";
    static const char tar_check[] = "import sys,tarfile\n"
                                    "t=tarfile.open(sys.argv[1])\n"
                                    "n=[m.name for m in t]\n"
                                    "assert 'exam/bagit.txt' in n\n";
    switch (format) {
    case ARV_FORMAT_ZIP:
        run_ok((const char *[]){program("unzip"), "-tqq", path, NULL});
        run_ok((const char *[]){program("7z"), "t", "-bd", path, NULL});
        run_ok((const char *[]){"python3", "-c", zip_check, path, NULL});
        break;
    case ARV_FORMAT_TAR_ZST:
        run_ok((const char *[]){program("zstd"), "-tq", path, NULL});
        break;
    case ARV_FORMAT_TAR_GZ:
        run_ok((const char *[]){"gzip", "-t", path, NULL});
        run_ok((const char *[]){"python3", "-c", tar_check, path, NULL});
        break;
    default:
        run_ok((const char *[]){"tar", "-tf", path, NULL});
        run_ok((const char *[]){"python3", "-c", tar_check, path, NULL});
    }
}

static unsigned char *large_text, *large_noise;

static void make_large(void)
{
    large_text = malloc(ROOM);
    large_noise = malloc(ROOM);
    text_of(large_text, ROOM, 3);
    test_fill_random(large_noise, ROOM, 5);
}

/* One of everything: small and large, of each kind of source, empty ones, odd names. */
static void add_everything(packing *p, packing_source sources[SOURCES])
{
    char name[64];
    static bool written;

    if (!large_text)
        make_large();
    if (!written) {
        test_write_file(test_path("small"), large_text, 5000);
        test_write_file(test_path("large"), large_text, LARGE_BYTES);
        test_write_file(test_path("noise"), large_noise, LARGE_BYTES);
        test_write_file(test_path("exact"), large_text, 2 << 20);
        test_write_file(test_path("nothing"), "", 0);
        written = true;
    }
    CHECK_OK(packing_path(p, "files/small.txt", test_path("small")), &p->error);
    CHECK_OK(packing_path(p, "files/large.html", test_path("large")), &p->error);
    CHECK_OK(packing_path(p, "files/noise.jpg", test_path("noise")), &p->error);
    CHECK_OK(packing_path(p, "files/two MiB", test_path("exact")), &p->error);
    CHECK_OK(packing_path(p, "files/nothing", test_path("nothing")), &p->error);
    CHECK_OK(packing_memory(p, "memory/Übung – 日本.txt", "memory"), &p->error);
    CHECK_OK(packing_memory(p, "memory/CON", "device"), &p->error);
    CHECK_OK(packing_memory(p, "memory/a:b", "colon"), &p->error);
    CHECK_OK(packing_memory(p, "memory/A_b", "case"), &p->error);
    CHECK_OK(packing_bytes(p, "memory/large", large_text + 9, LARGE_BYTES), &p->error);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "many/%04d.json", i);
        CHECK_OK(packing_bytes(p, name, large_text + i, (size_t)(i % 1500)), &p->error);
    }
    sources[0] = (packing_source){.data = large_text, .length = 700, .step = 13};
    CHECK_OK(packing_callback(p, "calls/known small", 700, &sources[0]), &p->error);
    sources[1] = (packing_source){.data = large_noise, .length = LARGE_BYTES};
    CHECK_OK(packing_callback(p, "calls/known large", LARGE_BYTES, &sources[1]), &p->error);
    sources[2] = (packing_source){.data = large_text, .length = 900};
    CHECK_OK(packing_callback(p, "calls/unknown small", ARV_SIZE_UNKNOWN, &sources[2]), &p->error);
    sources[3] = (packing_source){.data = large_text, .length = 12 << 20, .step = 100000};
    CHECK_OK(packing_callback(p, "calls/unknown large", ARV_SIZE_UNKNOWN, &sources[3]), &p->error);
    sources[4] = (packing_source){.data = large_noise, .length = LARGE_BYTES};
    CHECK_OK(packing_callback(p, "calls/unknown middle", ARV_SIZE_UNKNOWN, &sources[4]), &p->error);
    sources[5] = (packing_source){.data = large_text};
    CHECK_OK(packing_callback(p, "calls/unknown empty", ARV_SIZE_UNKNOWN, &sources[5]), &p->error);
    sources[6] = (packing_source){.data = large_noise, .length = 8 << 20};
    CHECK_OK(packing_callback(p, "calls/unknown 8 MiB", ARV_SIZE_UNKNOWN, &sources[6]), &p->error);
    sources[7] = (packing_source){.data = large_text, .length = (8 << 20) - 1, .step = 70000};
    CHECK_OK(packing_callback(p, "calls/unknown less", ARV_SIZE_UNKNOWN, &sources[7]), &p->error);
}

TEST_TIMEOUT(every_format_holds_everything_and_foreign_programs_agree, 300)
{
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        packing p;
        packing_source sources[SOURCES];
        char folder[300];
        const char *path = test_path("out%d.%s", f, arv_format_name(formats[f]));

        CHECK_OK(packing_open(&p, 2), &p.error);
        p.options.format = formats[f];
        p.options.digests |= ARV_DIGEST_SHA512;
        add_everything(&p, sources);
        CHECK_OK(packing_run(&p, path), &p.error);
        CHECK_INT(p.phases, 15);
        CHECK_INT(p.totals.entries_done, EVERYTHING);
        CHECK_INT(p.totals.payload_entries, EVERYTHING);
        CHECK_INT(p.totals.bytes_done, p.totals.payload_bytes);
        for (int i = 0; i < SOURCES; i++)
            CHECK_INT(sources[i].released, 1);
        packing_close(&p);

        judge_container(formats[f], path);
        snprintf(folder, sizeof folder, "%s", test_path("unpacked%d", f));
        judge_unpacked(path, folder);
        run_ok((const char *[]){"env", "-C", test_path("unpacked%d/exam", f), "sha512sum", "--strict",
                                "--quiet", "-c", "manifest-sha512.txt", NULL});
        run_ok((const char *[]){"cmp", test_path("large"),
                                test_path("unpacked%d/exam/data/files/large.html", f), NULL});
        run_ok((const char *[]){"cmp", test_path("nothing"),
                                test_path("unpacked%d/exam/data/files/nothing", f), NULL});
        size_t length;
        char *back = test_read_file(test_path("unpacked%d/exam/data/calls/unknown large", f), &length);
        CHECK_INT(length, 12 << 20);
        CHECK_MEM(back, large_text, length);
        free(back);
    }
}

TEST_TIMEOUT(same_bytes_whatever_the_threads_and_the_memory, 300)
{
    static const unsigned threads[] = {1, 2, 8, 2};
    static const size_t memory[] = {0, 4 << 20, 64 << 20, 0};

    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        arv_digests first = {0};
        for (int t = 0; t < 4; t++) {
            CHECK_SCENE("%u threads, %zu bytes", threads[t], memory[t]);
            packing p;
            packing_source sources[SOURCES];
            const char *path = test_path("out.%d.%d", f, t);
            CHECK_OK(packing_open(&p, threads[t]), &p.error);
            p.options.format = formats[f];
            p.options.memory_bytes = memory[t];
            p.options.threads = t == 3 ? 1 : 0;
            add_everything(&p, sources);
            CHECK_OK(packing_run(&p, path), &p.error);
            if (t == 0)
                first = p.totals.container;
            CHECK_MEM(p.totals.container.sha256, first.sha256, ARV_SHA256_BYTES);
            packing_close(&p);
            if (t > 0)
                run_ok((const char *[]){"cmp", test_path("out.%d.0", f), path, NULL});
        }
    }
}

TEST(container_digest_and_length_are_those_of_the_file)
{
    packing p;
    packing_source sources[SOURCES];
    char hex[129], *output;
    struct stat st;

    CHECK_OK(packing_open(&p, 2), &p.error);
    p.options.digests |= ARV_DIGEST_SHA512;
    add_everything(&p, sources);
    CHECK_OK(packing_run(&p, test_path("out.zip")), &p.error);
    test_run(&output, (const char *[]){"sha512sum", test_path("out.zip"), NULL});
    CHECK_HAS(output, arv_digests_hex(&p.totals.container, ARV_DIGEST_SHA512, hex));
    free(output);
    CHECK_INT(stat(test_path("out.zip"), &st), 0);
    CHECK_INT(st.st_size, p.totals.container_bytes);
    CHECK_INT(st.st_mode & 0777, 0600);
    packing_close(&p);
}

TEST(incompressible_large_file_is_stored)
{
    packing p;
    char *output;

    make_large();
    test_write_file(test_path("noise"), large_noise, LARGE_BYTES);
    CHECK_OK(packing_open(&p, 2), &p.error);
    CHECK_OK(packing_path(&p, "noise", test_path("noise")), &p.error);
    CHECK_OK(packing_run(&p, test_path("out.zip")), &p.error);
    packing_close(&p);
    test_run(&output, (const char *[]){program("unzip"), "-v", test_path("out.zip"), NULL});
    char *line = strstr(output, "exam/data/noise");
    CHECK(line != NULL);
    while (line > output && line[-1] != '\n')
        line--;
    CHECK_HAS(line, "Stored");
    free(output);
}

TEST(an_archive_of_nothing_is_a_valid_bag)
{
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        packing p;
        const char *path = test_path("out%d", f);
        CHECK_OK(packing_open(&p, 2), &p.error);
        p.options.format = formats[f];
        CHECK_OK(packing_run(&p, path), &p.error);
        CHECK_INT(p.totals.payload_entries, 0);
        packing_close(&p);
        char folder[300];
        snprintf(folder, sizeof folder, "%s", test_path("unpacked%d", f));
        mkdir(folder, 0700);
        run_ok((const char *[]){program("bsdtar"), "-xf", path, "-C", folder, NULL});
        CHECK_INT(test_count_dir(test_path("unpacked%d/exam/data", f)), 0);
        run_ok((const char *[]){"env", "-C", test_path("unpacked%d/exam", f), "sha256sum", "--quiet", "-c",
                                "tagmanifest-sha256.txt", NULL});
    }
}

TEST(empty_folders_are_kept)
{
    packing p;
    mkdir(test_path("in"), 0700);
    mkdir(test_path("in/empty"), 0700);
    test_write_file(test_path("in/file"), "x", 1);
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        CHECK_OK(packing_open(&p, 2), &p.error);
        p.options.format = formats[f];
        CHECK_OK(arv_entries_add_folder(p.entries, NULL, test_path("in"), NULL, &p.error), &p.error);
        CHECK_OK(packing_run(&p, test_path("out%d", f)), &p.error);
        packing_close(&p);
        char folder[300];
        snprintf(folder, sizeof folder, "%s", test_path("unpacked%d", f));
        judge_unpacked(test_path("out%d", f), folder);
        CHECK_INT(test_count_dir(test_path("unpacked%d/exam/data/empty", f)), 0);
    }
}

static int occurrences(const char *text, const char *part)
{
    int count = 0;
    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

/* Another file of the same size, written long ago; the time of the one that is read counts. */
TEST(a_file_that_was_replaced_after_the_walk_has_its_own_time)
{
    static const char *const names[] = {"small", "large"};
    static unsigned char data[3 << 20];
    const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    packing p;
    char folder[300];
    mkdir(test_path("in"), 0700);
    for (int i = 0; i < 2; i++)
        test_write_file(test_path("in/%s", names[i]), data, i ? sizeof data : 5);
    CHECK_OK(packing_open(&p, 2), &p.error);
    p.options.format = ARV_FORMAT_TAR;
    CHECK_OK(arv_entries_add_folder(p.entries, NULL, test_path("in"), NULL, &p.error), &p.error);
    arv_entry given = {.name = "given", .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = 2000};
    CHECK_OK(arv_entries_add_path(p.entries, &given, test_path("in/small"), &p.error), &p.error);
    for (int i = 0; i < 2; i++) {
        const char *path = test_path("in/%s", names[i]);
        CHECK_INT(unlink(path), 0);
        test_write_file(path, data, i ? sizeof data : 5);
        CHECK_INT(utimensat(AT_FDCWD, path, times, 0), 0);
    }
    CHECK_OK(packing_run(&p, test_path("out.tar")), &p.error);
    packing_close(&p);
    snprintf(folder, sizeof folder, "%s", test_path("unpacked"));
    judge_unpacked(test_path("out.tar"), folder);
    char *list = test_read_file(test_path("unpacked/exam/metadata/entries.jsonl"), NULL);
    CHECK_INT(occurrences(list, "\"modified\":\"1970-01-01T00:16:40Z\""), 2);
    CHECK_INT(occurrences(list, "\"modified\":\"1970-01-01T00:33:20Z\""), 1);
    free(list);
}

TEST(first_entry_stands_first_and_stored)
{
    static const char text[] = "application/vnd.etsi.asic-e+zip";
    packing p;
    size_t length;

    static const arv__known table[] = {{ARV__KNOWN_FIRST, "mimetype"}, {ARV__KNOWN_NOWHERE, NULL}};
    arv__known_entries = table;
    CHECK_OK(packing_open(&p, 2), &p.error);
    p.options.first_entry_name = "mimetype";
    p.options.first_entry_data = text;
    p.options.first_entry_length = strlen(text);
    CHECK_OK(packing_memory(&p, "a", "a"), &p.error);
    CHECK_OK(packing_run(&p, test_path("out.zip")), &p.error);
    packing_close(&p);
    char *bytes = test_read_file(test_path("out.zip"), &length);
    CHECK_MEM(bytes + 30, "mimetype", 8);
    CHECK_MEM(bytes + 38, text, strlen(text));
    CHECK_INT(bytes[8], 0); /* stored */
    free(bytes);
    judge_container(ARV_FORMAT_ZIP, test_path("out.zip"));
}

/* Where a tar has its checksum stands no octal digit, whatever the archive is called. */
TEST(the_first_512_bytes_of_a_zip_are_never_those_of_a_tar)
{
    for (size_t length = 1; length <= 260; length += length < 100 || length >= 122 ? 9 : 1) {
        char name[300];
        packing p;
        size_t size;
        memset(name, '7', length);
        name[length] = '\0';
        unlink(test_path("out.zip"));
        CHECK_OK(packing_open(&p, 1), &p.error);
        p.options.name = name;
        p.options.level = length % 10;
        CHECK_OK(packing_memory(&p, "0", "0"), &p.error);
        CHECK_OK(packing_run(&p, test_path("out.zip")), &p.error);
        packing_close(&p);
        unsigned char *bytes = (unsigned char *)test_read_file(test_path("out.zip"), &size);
        size_t base = length < 118 ? length : 118;
        CHECK_INT(bytes[26], base + strlen("/README.txt"));
        CHECK_MEM(bytes + 30 + base, "/README.txt", 11);
        CHECK_INT(bytes[6] | bytes[8], 0); /* no descriptor; stored */
        CHECK(bytes[22] + 256 * bytes[23] >= 900);
        CHECK_MEM(bytes + 30 + base + 11, "README: what this folder is", 27);
        for (unsigned i = 148; i < 156; i++)
            CHECK(bytes[i] < '0' || bytes[i] > '7');
        free(bytes);
    }
}

TEST(twelve_thousand_entries_have_pages_and_a_good_bag)
{
    packing p;
    char name[32], folder[300];

    CHECK_OK(packing_open(&p, 2), &p.error);
    p.options.format = ARV_FORMAT_TAR;
    for (int i = 0; i < 12000; i++) {
        snprintf(name, sizeof name, "%02d/%05d", i % 37, i);
        CHECK_OK(packing_memory(&p, name, name), &p.error);
    }
    CHECK_OK(packing_run(&p, test_path("out.tar")), &p.error);
    packing_close(&p);
    snprintf(folder, sizeof folder, "%s", test_path("unpacked"));
    judge_unpacked(test_path("out.tar"), folder);
    CHECK(test_exists(test_path("unpacked/exam/index-0003.html")));
}
