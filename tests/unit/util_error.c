/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <arv/error.h>

#include "test.h"
#include "util/names.h"

TEST(every_code_has_a_name_a_sentence_and_a_number_of_its_own)
{
    static const int codes[] = {
#define ONE(name, number, exception, text) ARV_E##name,
        ARV_ERROR_LIST(ONE)
#undef ONE
    };
    size_t count = sizeof codes / sizeof *codes;
    for (size_t i = 0; i < count; i++) {
        const char *text = arv_error_text(codes[i]);
        CHECK(codes[i] < 0);
        CHECK(strcmp(arv_error_name(codes[i]), "UNKNOWN") != 0);
        CHECK(strlen(text) > 10 && text[strlen(text) - 1] == '.');
        for (size_t k = 0; k < i; k++)
            CHECK(codes[i] != codes[k]);
    }
    CHECK_STR(arv_error_name(ARV_EEXISTS), "EXISTS");
    CHECK_STR(arv_error_name(0), "OK");
    CHECK_STR(arv_error_name(12345), "UNKNOWN");
    CHECK_STR(arv_error_name(INT_MIN), "UNKNOWN");
    CHECK(arv_error_text(12345)[0]);
}

TEST(set_fills_everything_and_returns_the_code)
{
    arv_error err;
    memset(&err, 0xAA, sizeof err);
    CHECK_INT(arv_error_set(&err, ARV_ESIZE, "It has %d bytes.", 5), ARV_ESIZE);
    CHECK_INT(err.code, ARV_ESIZE);
    CHECK_INT(err.domain, ARV_DOMAIN_CORE);
    CHECK_INT(err.flags, 0);
    CHECK_INT(err.detail, 0);
    CHECK_STR(err.message, "It has 5 bytes.");
    CHECK_INT(arv_error_set(NULL, ARV_ESIZE, "%s", "x"), ARV_ESIZE);
    CHECK_INT(arv_error_system(NULL, ENOENT, "%s", "x"), ARV_ENOTFOUND);
    arv_error_prefix(NULL, "%s", "x");
    arv_error_clear(NULL);
}

TEST(what_may_succeed_later_is_retryable_and_nothing_else)
{
    static const int codes[] = {
#define ONE(name, number, exception, text) ARV_E##name,
        ARV_ERROR_LIST(ONE)
#undef ONE
    };
    arv_error err;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        CHECK_SCENE("%s", arv_error_name(codes[i]));
        bool later = codes[i] == ARV_EOFFLINE || codes[i] == ARV_ETIMEOUT || codes[i] == ARV_ENOMEM;
        arv_error_set(&err, codes[i], "It failed.");
        CHECK_INT(err.flags, later ? ARV_ERROR_RETRYABLE : 0);
    }
    arv_error_system(&err, ENOMEM, "It cannot be read");
    CHECK_INT(err.flags, ARV_ERROR_RETRYABLE);
    arv_error_prefix(&err, "Job 1: ");
    CHECK_INT(err.flags, ARV_ERROR_RETRYABLE);
    arv_error_system(&err, EIO, "It cannot be read");
    CHECK_INT(err.flags, 0);
    arv_error_set(&err, ARV_ETIMEOUT, "It took too long.");
    arv_error_clear(&err);
    CHECK_INT(err.flags, 0);
}

TEST(an_empty_message_becomes_the_default_sentence)
{
    arv_error err;
    const char *nothing = "";
    arv_error_set(&err, ARV_EBOMB, "%s", nothing);
    CHECK_STR(err.message, arv_error_text(ARV_EBOMB));
}

TEST(the_old_message_may_be_an_argument_of_the_new_one)
{
    arv_error err;
    arv_error_set(&err, ARV_EIO, "The disk is gone.");
    arv_error_set(&err, ARV_ESOURCE, "Reading stopped: %s", err.message);
    CHECK_STR(err.message, "Reading stopped: The disk is gone.");
    arv_error_prefix(&err, "Again %s ", err.message);
    CHECK_STR(err.message, "Again Reading stopped: The disk is gone. "
                           "Reading stopped: The disk is gone.");
    CHECK_INT(err.code, ARV_ESOURCE);
}

TEST(errno_is_translated_and_told)
{
    static const struct {
        int system_errno, code;
    } expected[] = {
        {ENOENT, ARV_ENOTFOUND}, {EEXIST, ARV_EEXISTS},  {EACCES, ARV_EACCESS},  {EPERM, ARV_EACCESS},
        {EROFS, ARV_EACCESS},    {ENOSPC, ARV_ENOSPACE}, {EDQUOT, ARV_ENOSPACE}, {EFBIG, ARV_ENOSPACE},
        {ENOMEM, ARV_ENOMEM},    {ELOOP, ARV_EUNSAFE},   {EXDEV, ARV_EUNSAFE},   {EIO, ARV_EIO},
        {EMFILE, ARV_EIO},       {99999, ARV_EIO},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        CHECK_SCENE("errno %d", expected[i].system_errno);
        arv_error err;
        int code = arv_error_system(&err, expected[i].system_errno, "The file '%s' fails", "a.pdf");
        CHECK_INT(code, expected[i].code);
        CHECK_INT(err.code, code);
        CHECK_INT(err.domain, ARV_DOMAIN_SYSTEM);
        CHECK_INT(err.detail, expected[i].system_errno);
        CHECK_HAS(err.message, "The file 'a.pdf' fails: ");
        CHECK_INT(err.message[strlen(err.message) - 1], '.');
    }
    arv_error err;
    arv_error_system(&err, ENOENT, "Opening failed.");
    CHECK_STR(err.message, "Opening failed: No such file or directory.");
}

/* A message of `filler` bytes "a" and then many of one character, in every way to be made. */
static void check_cut(const char *character, size_t filler)
{
    char long_text[2048];
    size_t width = strlen(character), length = filler;
    memset(long_text, 'a', filler);
    for (; length + width < sizeof long_text - 1; length += width)
        memcpy(long_text + length, character, width);
    long_text[length] = '\0';

    arv_error err;
    arv_error_set(&err, ARV_EIO, "%s", long_text);
    CHECK(arv__utf8_valid(err.message, strlen(err.message), NULL));
    CHECK(strlen(err.message) > ARV_ERROR_MESSAGE_BYTES - 1 - width);
    CHECK_MEM(err.message, long_text, strlen(err.message));

    arv_error_prefix(&err, "Job %s: ", "é");
    CHECK(arv__utf8_valid(err.message, strlen(err.message), NULL));
    CHECK(strlen(err.message) > ARV_ERROR_MESSAGE_BYTES - 1 - width);

    arv_error_prefix(&err, "%s", long_text);
    CHECK(arv__utf8_valid(err.message, strlen(err.message), NULL));

    arv_error_system(&err, ENOSPC, "%s", long_text);
    CHECK(arv__utf8_valid(err.message, strlen(err.message), NULL));
    CHECK_HAS(err.message, ": No space left on device.");
    CHECK(strlen(err.message) > ARV_ERROR_MESSAGE_BYTES - 1 - width);
}

TEST(a_message_that_is_too_long_is_cut_between_characters)
{
    static const char *const characters[] = {"a", "é", "€", "😀"};
    for (size_t i = 0; i < 4; i++)
        for (size_t filler = 0; filler < 8; filler++)
            check_cut(characters[i], filler);
}

TEST(clear_empties)
{
    arv_error err;
    arv_error_system(&err, EIO, "x");
    err.flags = ARV_ERROR_FATAL;
    arv_error_clear(&err);
    CHECK_INT(err.code, 0);
    CHECK_INT(err.domain, ARV_DOMAIN_CORE);
    CHECK_INT(err.flags, 0);
    CHECK_INT(err.detail, 0);
    CHECK_STR(err.message, "");
}

TEST(what_is_appended_is_whole_where_there_is_room)
{
    arv_error err;
    char tail[ARV_ERROR_MESSAGE_BYTES];
    memset(tail, 'x', sizeof tail);
    tail[ARV_ERROR_MESSAGE_BYTES - 100] = '\0';
    arv_error_set(&err, ARV_ESIZE, "Short.");
    arv_error_append(&err, " %s", tail);
    CHECK_INT(strlen(err.message), 7 + strlen(tail));
    /* Where there is none, half of it belongs to each. */
    arv_error_set(&err, ARV_ESIZE, "%s", tail);
    arv_error_append(&err, " %s", tail);
    CHECK_INT(strlen(err.message), ARV_ERROR_MESSAGE_BYTES - 1);
    CHECK(err.message[ARV_ERROR_MESSAGE_BYTES / 2 - 1] == ' ');
}

TEST(error_is_about_its_subject_and_copies_carry_it)
{
    arv_error err, copy;
    arv_error_set(&err, ARV_EEXISTS, "The object is there.");
    CHECK_STR(err.subject, "");
    CHECK(!arv_error_is_about(&err, "7a/object"));
    arv_error_about(&err, "7a/object");
    arv_error_prefix(&err, "Job %d: ", 7);
    arv_error_append(&err, " %s", "Choose another key.");
    copy = err;
    CHECK_STR(copy.subject, "7a/object");
    CHECK(arv_error_is_about(&copy, "7a/object"));
    CHECK(!arv_error_is_about(&copy, "7a/object.zip") && !arv_error_is_about(&copy, "7a"));
    arv_error_about(&err, "/srv/exam");
    CHECK_STR(err.subject, "/srv/exam");
    arv_error_about(&err, NULL);
    CHECK_STR(err.subject, "");
    arv_error_about(NULL, "7a/object");
}

TEST(error_set_anew_is_about_nothing)
{
    arv_error err;
    arv_error_set(&err, ARV_EIO, "One.");
    arv_error_about(&err, "one");
    arv_error_system(&err, ENOENT, "Two");
    CHECK_STR(err.subject, "");
    arv_error_about(&err, "two");
    arv_error_clear(&err);
    CHECK_STR(err.subject, "");
}

TEST(error_subject_is_cut_and_still_found)
{
    arv_error err;
    char path[3 * ARV_ERROR_SUBJECT_BYTES];
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    arv_error_set(&err, ARV_EIO, "It cannot be read.");
    arv_error_about(&err, path);
    CHECK_INT(strlen(err.subject), ARV_ERROR_SUBJECT_BYTES - 1);
    CHECK(arv_error_is_about(&err, path));
    path[ARV_ERROR_SUBJECT_BYTES / 2] = 'b';
    CHECK(!arv_error_is_about(&err, path));
}
