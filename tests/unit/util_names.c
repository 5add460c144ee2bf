/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc_fail.h"
#include "names_result.h"
#include "test.h"
#include "util/names.h"
#include "util/time.h"

static const char *safe(const char *name)
{
    static text out;
    arv_error err = {0};
    CHECK_OK(try_safe(&out, name, strlen(name), &err), &err);
    return out.bytes;
}

static bool same_key(const char *a, const char *b)
{
    static text safe_text, key_a, key_b;
    arv_error err = {0};
    CHECK_OK(try_safe(&safe_text, a, strlen(a), &err), &err);
    make_fold(&key_a, safe_text.bytes, safe_text.length);
    CHECK_OK(try_safe(&safe_text, b, strlen(b), &err), &err);
    make_fold(&key_b, safe_text.bytes, safe_text.length);
    return key_a.length == key_b.length && memcmp(key_a.bytes, key_b.bytes, key_a.length) == 0;
}

TEST(ordinary_names_stay_as_they_are)
{
    static const char *const names[] = {"essay.pdf",
                                        "Abgabe von Jörg Müller/Übung 3.docx",
                                        "a/b/c",
                                        ".profile",
                                        "日本語/答え.txt",
                                        "x;y=z (1) [2] {3} #4 @5 !6 $7 8 ^9 `a` 'b', c+d-e_f.g&h",
                                        "Dr. Meier",
                                        "~",
                                        "~a",
                                        "a~b.c",
                                        "con fig.txt",
                                        "console",
                                        "com10",
                                        "nul l",
                                        "🎉.png",
                                        "e\xCC\xA8\xCC\x81x"};
    for (size_t i = 0; i < sizeof names / sizeof *names - 1; i++) {
        text out;
        arv_error err = {0};
        CHECK_OK(try_safe(&out, names[i], strlen(names[i]), &err), &err);
        CHECK_STR(out.bytes, names[i]);
        CHECK(out.lossless && !out.must_suffix);
    }
}

TEST(forbidden_characters_become_underscores)
{
    CHECK_STR(safe("a<b>c:d\"e|f?g*h\\i"), "a_b_c_d_e_f_g_h_i");
    CHECK_STR(safe("100% done.txt"), "100_ done.txt"); /* sha256sum -c would not find 100%25 */
    CHECK_STR(safe("a\x01\x1f\x7f\xC2\x80\xC2\x9F\tb\n"), "a______b_");
    CHECK_STR(safe("gpj\xE2\x80\xAE.exe"), "gpj_.exe");
    CHECK_STR(safe("a\xE2\x80\x8B\xE2\x80\x8F\xE2\x80\xA8\xE2\x81\xA0\xEF\xBB\xBF\xD8\x9C"), "a______");
    CHECK_STR(safe("a\xEF\xBF\xBF\xEF\xB7\x90\xF0\x9F\xBF\xBE\xEF\xBF\xB9z"), "a____z");
    CHECK_STR(safe("a\xEF\xBF\xBD.txt"), "a\xEF\xBF\xBD.txt");
}

TEST(versions_that_unzip_would_drop_are_disarmed)
{
    CHECK_STR(safe("essay;1"), "essay_1");
    CHECK_STR(safe("a;/b;22/;"), "a_/b_22/_");
    CHECK_STR(safe("a;1;2"), "a;1_2");
    CHECK_STR(safe("a;1.txt"), "a;1.txt");
}

TEST(no_path_leads_out_of_the_folder)
{
    CHECK_STR(safe("/etc/passwd"), "_/etc/passwd");
    CHECK_STR(safe("../../x"), "__/__/x");
    CHECK_STR(safe("./x/."), "_/x/_");
    CHECK_STR(safe("a//b/"), "a/_/b/_");
    CHECK_STR(safe("/"), "_/_");
    CHECK_STR(safe("C:\\Windows\\x"), "C__Windows_x");
    CHECK_STR(safe("..."), "___");
}

TEST(blanks_and_dots_at_the_ends_are_replaced)
{
    CHECK_STR(safe("  a . b.. "), "__a . b___");
    CHECK_STR(safe(" /x. /y"), "_/x__/y");
    CHECK_STR(safe("   "), "___");
    CHECK_STR(safe("_."), "__");
}

TEST(device_names_get_an_underscore)
{
    static const char *const names[] = {"CON",    "con.txt",   "PrN",    "AUX.tar.gz",  "nul ",
                                        "COM0",   "com9.x",    "LPT1",   "lpt\xC2\xB9", "COM\xC2\xB3.y",
                                        "CONIN$", "conout$.a", "CLOCK$", "nul .txt",    "cloc\xE2\x84\xAA$"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_INT(safe(names[i])[0] == '_', strcmp(names[i], "nul ") != 0);
    CHECK_STR(safe("nul "), "nul_");
    CHECK_STR(safe("a/CON/nul.txt"), "a/_CON/_nul.txt");
    CHECK_STR(safe("COM\xC2\xB3.y"), "_COM\xC2\xB3.y");
}

TEST(names_are_composed)
{
    text out;
    arv_error err = {0};
    CHECK_OK(try_safe(&out, "Mu\xCC\x88ller", 8, &err), &err);
    CHECK_STR(out.bytes, "Müller");
    CHECK(!out.lossless);
    CHECK_STR(safe("\xE1\x84\x80\xE1\x85\xA1"), "가");
}

TEST(bad_names_are_refused_with_their_place)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *part;
    } bad[] = {
        {"", 0, "empty"},
        {"ab\0c", 4, "NUL at byte 2"},
        {"ab\xFF", 3, "at byte 2 (0xff)"},
        {"\xC0\xAF", 2, "at byte 0 (0xc0)"},             /* overlong '/' */
        {"a\xE0\x80\xAF", 4, "at byte 1 (0xe0)"},        /* overlong '/' */
        {"a\xF0\x80\x80\xAF", 5, "at byte 1 (0xf0)"},    /* overlong '/' */
        {"x\xED\xA0\x80", 4, "at byte 1 (0xed)"},        /* surrogate */
        {"\xED\xBF\xBF", 3, "at byte 0 (0xed)"},         /* surrogate */
        {"\xF4\x90\x80\x80", 4, "at byte 0 (0xf4)"},     /* above U+10FFFF */
        {"\xF8\x88\x80\x80\x80", 5, "at byte 0 (0xf8)"}, /* five bytes */
        {"\x80", 1, "at byte 0 (0x80)"},
        {"12345678\xE2\x82", 10, "at byte 8 (0xe2)"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_SCENE("name %zu", i);
        text out;
        arv_error err = {0};
        CHECK_ERR(try_safe(&out, bad[i].bytes, bad[i].length, &err), &err, ARV_ENAME, bad[i].part);
        CHECK_INT(out.length, 0);
        CHECK(arv__utf8_valid(err.message, strlen(err.message), NULL));
        arv__buf buf;
        arv__buf_init(&buf, 1000);
        CHECK_ERR(arv__name_safe_component(&buf, bad[i].bytes, bad[i].length, &err), &err, ARV_ENAME,
                  bad[i].part);
        arv__buf_cleanup(&buf);
    }
}

TEST(names_beyond_16_kib_are_refused)
{
    static char name[ARV__NAME_ORIGINAL_BYTES + 2];
    text out;
    arv_error err = {0};
    memset(name, 'a', sizeof name);
    CHECK_OK(try_safe(&out, name, ARV__NAME_ORIGINAL_BYTES, &err), &err);
    CHECK_INT(out.length, ARV__NAME_COMPONENT_BYTES);
    CHECK_ERR(try_safe(&out, name, ARV__NAME_ORIGINAL_BYTES + 1, &err), &err, ARV_ENAME, "at most 16384");
}

TEST(long_components_keep_their_extension)
{
    char name[512];
    for (size_t fill = 170; fill < 240; fill++) {
        memset(name, 'a', fill);
        strcpy(name + fill, ".docx");
        const char *out = safe(name);
        CHECK_INT(strlen(out), fill + 5 < 180 ? fill + 5 : 180);
        CHECK_STR(out + strlen(out) - 5, ".docx");
        strcpy(name + fill, ".this extension is none");
        CHECK(strlen(safe(name)) <= 180);
    }
    for (size_t i = 0; i < 100; i++)
        memcpy(name + i * 3, "€", 3);
    strcpy(name + 300, ".pdf");
    CHECK_INT(strlen(safe(name)), 58 * 3 + 4);
    memset(name, 'b', 300);
    name[179] = '.';
    name[300] = '\0';
    CHECK_INT(safe(name)[179], '_');
}

TEST(long_paths_lose_folders_and_keep_the_last_component)
{
    char name[2048] = "";
    for (int i = 0; i < 20; i++)
        sprintf(name + strlen(name), "%02d%098d/", i, 0);
    strcat(name, "the last one.pdf");
    const char *out = safe(name);
    CHECK_INT(strlen(out), 8 * 101 + 16);
    CHECK_MEM(out, name, 8 * 101);
    CHECK_STR(out + 8 * 101, "the last one.pdf");
}

TEST(one_component_has_no_slash)
{
    static const char *const names[][2] = {{"a/b", "a_b"},   {"/", "_"},
                                           {"../x", ".._x"}, {"..", "__"},
                                           {"CON", "_CON"},  {"Kurs: Ökologie/1.", "Kurs_ Ökologie_1_"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        text out;
        arv_error err = {0};
        arv__buf buf;
        arv__buf_init(&buf, 1000);
        CHECK_OK(arv__name_safe_component(&buf, names[i][0], strlen(names[i][0]), &err), &err);
        keep(&out, &buf);
        CHECK_STR(out.bytes, names[i][1]);
    }
}

TEST(keys_are_equal_for_case_and_normal_forms)
{
    CHECK(same_key("Straße", "STRASSE"));
    CHECK(same_key("Straße/Ä.PDF", "STRASSE/a\xCC\x88.pdf"));
    CHECK(same_key("Mu\xCC\x88ller", "MÜLLER"));
    CHECK(same_key("ﬁle", "FILE"));
    CHECK(same_key("ΣΊΣΥΦΟΣ", "σίσυφος"));
    CHECK(same_key("１２.txt", "12.TXT"));
    CHECK(same_key("가", "\xE1\x84\x80\xE1\x85\xA1"));
    CHECK(same_key("ᾳ", "ΑΙ"));
    CHECK(same_key("ẞ", "ss"));
    CHECK(same_key("a\xC2\xAD"
                   "b",
                   "ab"));
    CHECK(same_key("x/\xE2\x84\xAA", "X/k"));
    CHECK(!same_key("a", "b"));
    CHECK(!same_key("a", "ä"));
    CHECK(!same_key("a/b", "a／b"));
    CHECK(!same_key("1", "2"));
}

TEST(keys_sort_the_content_of_a_folder_behind_a_file_of_its_name)
{
    static text file, inside, beside;
    static const char *const names[][3] = {{"a", "A/b", "a!"}, {"é", "É/b", "é!"}, {"a", "a/é", "a!"}};
    for (size_t i = 0; i < 3; i++) {
        make_fold(&file, names[i][0], strlen(names[i][0]));
        make_fold(&inside, names[i][1], strlen(names[i][1]));
        make_fold(&beside, names[i][2], strlen(names[i][2]));
        CHECK(memchr(inside.bytes, '/', inside.length) == NULL);
        CHECK(strcmp(file.bytes, inside.bytes) < 0);
        CHECK(strcmp(inside.bytes, beside.bytes) < 0);
        CHECK_MEM(inside.bytes, file.bytes, file.length);
        CHECK_INT(inside.bytes[file.length], 1);
    }
}

static const unsigned char digest[10] = {0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF};

TEST(the_suffix_is_base32_and_stands_before_the_extension)
{
    text out;
    make_suffix(&out, "a/b.pdf", 7, digest);
    CHECK_STR(out.bytes, "a/b~abcdefghijklmnop.pdf");
    make_suffix(&out, ".profile", 8, digest);
    CHECK_STR(out.bytes, ".profile~abcdefghijklmnop");
    make_suffix(&out, "Dr. Meier", 9, digest);
    CHECK_STR(out.bytes, "Dr. Meier~abcdefghijklmnop");
    unsigned char high[10];
    memset(high, 0xFF, sizeof high);
    make_suffix(&out, "x", 1, high);
    CHECK_STR(out.bytes, "x~7777777777777777");
}

TEST(the_suffix_keeps_all_limits)
{
    text out;
    char name[1024];
    memset(name, 'a', sizeof name);
    for (size_t i = 150; i < 900; i += 150)
        name[i] = '/';
    memcpy(name + 896, ".pdf", 4);
    name[750] = 'b';
    name[899 - 170] = '/';
    make_suffix(&out, name, 900, digest);
    CHECK(out.length <= ARV__NAME_PATH_BYTES);
    CHECK_STR(out.bytes + out.length - 21, "~abcdefghijklmnop.pdf");
    memset(name, 'a', 900);
    for (size_t i = 1; i < 899; i += 2)
        name[i] = '/';
    name[898] = 'a';
    make_suffix(&out, name, 899, digest);
    CHECK(out.length <= ARV__NAME_PATH_BYTES && out.length > 890);
    CHECK_STR(out.bytes + out.length - 20, "a/a~abcdefghijklmnop");
    for (size_t i = 0; i < 60; i++)
        memcpy(name + 3 * i, "€", 3);
    make_suffix(&out, name, 180, digest);
    CHECK_INT(out.length, 54 * 3 + 17);
}

TEST(names_that_look_suffixed_must_be_suffixed)
{
    static const char *const suspicious[] = {
        "a~abcdefghijklmnop.pdf",     "A~ABCDEFGHIJKLMNOP.PDF",
        "x/~abcdefghijklmn27",        "é~abcdefghijklmnop",
        "a～abcdefghijklmnop",        "a~ａbcdefghijklmnop.x",
        "a~abcdefgh\xC2\xADijklmnop", "a~abcdefghijklmnop\xE2\x80\xA4pdf"};
    static const char *const harmless[] = {"a~abcdefghijklmno.pdf", "a~abcdefghijklmnopq",
                                           "a~abcdefghijklmno1",    "abcdefghijklmnop",
                                           "a~abcdefghijklmnop-x",  "é~abc"};
    text out;
    arv_error err = {0};
    for (size_t i = 0; i < sizeof suspicious / sizeof *suspicious; i++) {
        CHECK_SCENE("%s", suspicious[i]);
        CHECK_OK(try_safe(&out, suspicious[i], strlen(suspicious[i]), &err), &err);
        CHECK(out.must_suffix && out.lossless);
    }
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        CHECK_SCENE("%s", harmless[i]);
        CHECK_OK(try_safe(&out, harmless[i], strlen(harmless[i]), &err), &err);
        CHECK(!out.must_suffix);
    }
    CHECK_OK(try_safe(&out, "a~abcdefghijklmnop.pdf/x", 24, &err), &err);
    CHECK_STR(out.bytes, "a_abcdefghijklmnop.pdf/x");
    CHECK(!out.must_suffix && !out.lossless);
    CHECK_STR(safe("é～abcdefghijklmnop/x"), "é_abcdefghijklmnop/x");
}

static const char *quoted(const char *name, size_t length)
{
    static char out[ARV__QUOTE_BYTES];
    return arv__quote(out, sizeof out, name, length);
}

TEST(quotes_escape_what_cannot_be_shown)
{
    CHECK_STR(quoted("a b.pdf", 7), "'a b.pdf'");
    CHECK_STR(quoted("", 0), "''");
    CHECK_STR(quoted("é\n\0\xFF\xE2\x82", 7), "'é\\x0a\\x00\\xff\\xe2\\x82'");
    CHECK_STR(quoted("\xE2\x80\xAE\xC2\x85", 5), "'\\xe2\\x80\\xae\\xc2\\x85'");
}

TEST(quotes_beyond_200_bytes_are_cut_in_the_middle)
{
    static char name[512];
    memset(name, 'a', 198);
    CHECK_INT(strlen(quoted(name, 198)), 200);
    CHECK(!strstr(quoted(name, 198), "…"));
    memset(name, 'a', 500);
    memcpy(name + 490, "the end.pd", 10);
    CHECK_HAS(quoted(name, 500), "aaa…aaa");
    CHECK_HAS(quoted(name, 500), "the end.pd'");
}

TEST(a_quote_fits_into_any_array)
{
    for (size_t capacity = 1; capacity < 40; capacity++) {
        char into[41];
        memset(into, '#', sizeof into);
        arv__quote(into, capacity, "€€€€€€€€€€€€", 36);
        CHECK(strlen(into) < capacity);
        CHECK(arv__utf8_valid(into, strlen(into), NULL));
        CHECK_INT(into[capacity], '#');
    }
}

TEST(results_are_appended)
{
    arv__buf buf;
    bool lossless, must_suffix;
    arv__buf_init(&buf, 100);
    arv__buf_text(&buf, "data/");
    CHECK_INT(arv__name_safe(&buf, "é\n", 3, &lossless, &must_suffix, NULL), 0);
    CHECK(!lossless);
    CHECK_INT(arv__name_safe(&buf, "x", 1, NULL, NULL, NULL), 0);
    CHECK_INT(arv__name_fold(&buf, "/Y", 2, NULL), 0);
    CHECK_INT(arv__name_fold(&buf, "É", 2, NULL), 0);
    CHECK_STR(arv__buf_text_z(&buf), "data/é_x\x01y"
                                     "é");
    arv__buf_cleanup(&buf);
    arv__buf_init(&buf, 3);
    CHECK_INT(arv__name_safe(&buf, "four", 4, NULL, NULL, NULL), ARV_ELIMIT);
    arv__buf_cleanup(&buf);
}

static void names_body(void *ud, bool must_succeed)
{
    static char name[ARV__NAME_ORIGINAL_BYTES];
    arv__buf buf;
    arv_error err = {0};
    (void)ud;
    memset(name, 'a', sizeof name);
    for (size_t i = 0; i + 12 < sizeof name; i += 12)
        memcpy(name + i, "\xCE\xA9\xCC\x81\xC3\x84/\xE2\x84\xAB~x", 12);
    arv__buf_init(&buf, 1u << 20);
    int status = arv__name_safe(&buf, name, sizeof name, NULL, NULL, &err);
    if (status == 0)
        status = arv__name_fold(&buf, name, sizeof name, &err);
    if (status == 0)
        status = arv__name_safe_component(&buf, name, sizeof name, &err);
    for (size_t i = 0; i + 2 < sizeof name; i += 2)
        memcpy(name + i, "ö", 2);
    if (status == 0)
        status = arv__name_safe(&buf, name, sizeof name, NULL, NULL, &err);
    if (status == 0)
        status = arv__name_suffix(&buf, "x", 1, digest, &err);
    if (must_succeed)
        CHECK_OK(status, &err);
    else if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, "not enough memory");
    arv__buf_cleanup(&buf);
}

TEST(every_failed_allocation_is_reported)
{
    CHECK(test_each_allocation(names_body, NULL) >= 4);
}

/* Generous: what it guards against is a cost that grows with the square of the length. */
TEST(names_cost_little_time)
{
    static char marks[ARV__NAME_ORIGINAL_BYTES];
    char name[64];
    arv__buf buf;
    arv__buf_init(&buf, 4096);
    uint64_t start = arv__thread_cpu_ns();
    for (int i = 0; i < 200000; i++) {
        arv__buf_clear(&buf);
        int length = sprintf(name, "users/%06d/Submission of user %d.pdf", i / 10, i);
        CHECK_INT(arv__name_safe(&buf, name, (size_t)length, NULL, NULL, NULL), 0);
        CHECK_INT(arv__name_fold(&buf, name, (size_t)length, NULL), 0);
    }
    CHECK(arv__thread_cpu_ns() - start < UINT64_C(2000000000));
    for (size_t i = 0; i + 4 <= sizeof marks; i += 4)
        memcpy(marks + i, i < sizeof marks / 2 ? "\xCC\x81\xCC\x81" : "\xCC\x96\xCC\x96", 4);
    start = arv__thread_cpu_ns();
    CHECK_INT(arv__name_safe(&buf, marks, sizeof marks, NULL, NULL, NULL), 0);
    CHECK(arv__thread_cpu_ns() - start < UINT64_C(5000000000));
    arv__buf_cleanup(&buf);
}
