/* SPDX-License-Identifier: Apache-2.0 */

/* What records make of a job, and which ones do not fit. */

#include "job/history.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

#define UUID "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"
#define SHA "\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""
#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX_ELSE "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define CREATED "{\"kind\":\"created\",\"at_ms\":1000,\"version\":1,\"uuid\":\"" UUID "\"}"
#define ATTEMPT(n) "{\"kind\":\"attempt\",\"at_ms\":2000,\"number\":" #n "}"
#define ANNOUNCED                                                                                            \
    "{\"kind\":\"announced\",\"at_ms\":1,\"targets\":[\"file:///a/8f/" UUID ".zip\",\"file:///b/8f/" UUID    \
    ".zip\"]}"
#define PACKAGED(failures)                                                                                   \
    "{\"kind\":\"packaged\",\"at_ms\":1,\"streamed\":false,\"entries\":3,\"payload_bytes\":30,"              \
    "\"container_bytes\":99,\"failures\":" #failures "," SHA "}"
#define STORED(n) "{\"kind\":\"stored\",\"at_ms\":1,\"target\":" #n ",\"version\":\"v\",\"stored_at\":7}"
#define ERROR "\"code\":-44,\"flags\":0,\"message\":\"It failed.\""
#define RETRY "{\"kind\":\"retry\",\"at_ms\":1,\"retry_at_ms\":9000," ERROR "}"
#define UNDO(n) "{\"kind\":\"undo\",\"at_ms\":1,\"ending\":" #n "," ERROR "}"
#define ENDED(n) "{\"kind\":\"ended\",\"at_ms\":8000,\"state\":" #n "}"
#define SEEDED "{\"kind\":\"seeded\",\"at_ms\":1,\"seed\":\"" HEX "\"}"
#define ASKED(n) "{\"kind\":\"asked\",\"at_ms\":1,\"number\":" #n ",\"imprint\":\"" HEX "\"}"
#define ASKED_ELSE(n) "{\"kind\":\"asked\",\"at_ms\":1,\"number\":" #n ",\"imprint\":\"" HEX_ELSE "\"}"
#define STAMPED(token) "{\"kind\":\"stamped\",\"at_ms\":1,\"token\":\"" token "\"}"
#define PROVEN                                                                                               \
    "{\"kind\":\"packaged\",\"at_ms\":1,\"streamed\":false,\"entries\":3,\"payload_bytes\":30,"              \
    "\"container_bytes\":99,\"failures\":0,\"closing\":\"" HEX "\"," SHA "}"
#define SEALED(n, hex) "{\"kind\":\"sealed\",\"at_ms\":1,\"number\":" #n ",\"imprint\":\"" hex "\"}"
#define BESIDE(n, suffix)                                                                                    \
    "{\"kind\":\"beside\",\"at_ms\":1,\"number\":" #n ",\"suffix\":\"" suffix "\",\"text\":\"{}\"," SHA "}"
#define STORED_BESIDE(n, object)                                                                             \
    "{\"kind\":\"stored\",\"at_ms\":1,\"target\":" #n ",\"beside\":" #object                                 \
    ",\"version\":\"w\",\"stored_at\":7}"
#define PLAIN(kind) "{\"kind\":\"" kind "\",\"at_ms\":1}"

static arv__history history;
static arv_staged_status status;
static arv_error err;

static int apply(const char *text)
{
    arv_json *record = NULL;
    CHECK_OK(arv_json_parse(&record, text, strlen(text), 1 << 20, &err), &err);
    int rc = arv__history_apply(&history, record, &err);
    arv_json_free(record);
    return rc;
}

static void tell(const char *const *records)
{
    memset(&history, 0, sizeof history);
    for (; *records; records++)
        if (apply(*records) < 0)
            test_fail(__FILE__, __LINE__, "%s: %s", *records, err.message);
    arv__history_status(&history, &status);
}
#define TELL(...) tell((const char *const[]){__VA_ARGS__, NULL})

TEST(a_whole_life_is_told)
{
    TELL(CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, STORED(1), STORED(0), ENDED(100));
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK_STR(status.uuid, UUID);
    CHECK_INT(status.attempts, 1);
    CHECK_INT(status.requested_at_unix, 1);
    CHECK_INT(status.begun_at_unix, 2);
    CHECK_INT(status.ended_at_unix, 8);
    CHECK_INT(status.entries, 3);
    CHECK_INT(status.payload_bytes, 30);
    CHECK_INT(status.container_bytes, 99);
    CHECK_INT(status.container.present, ARV_DIGEST_SHA256);
    CHECK_INT(status.container.sha256[0], 0xe3);
    CHECK_INT(status.target_count, 2);
    CHECK_STR(status.targets[1].address, "file:///b/8f/" UUID ".zip#version=v");
    CHECK(status.targets[0].stored && status.targets[1].stored);
    CHECK_STR(history.archive.objects[0].key, "8f/" UUID ".zip");
    CHECK_STR(history.archive.objects[0].version, "v");
}

TEST(a_retry_waits_and_the_next_attempt_goes_on)
{
    TELL(CREATED, ATTEMPT(1), PACKAGED(0), RETRY);
    CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
    CHECK_INT(status.retry_at_unix, 9);
    CHECK_INT(status.error.code, ARV_EIO);
    CHECK_STR(status.error.message, "It failed.");
    CHECK(status.packaged);
    CHECK_OK(apply(ATTEMPT(2)), &err);
    arv__history_status(&history, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.retry_at_unix, 0);
    CHECK_INT(status.attempts, 2);
    CHECK_INT(status.begun_at_unix, 2);
}

TEST(what_could_not_be_taken_back_waits_and_keeps_why_the_job_failed)
{
    TELL(CREATED, ATTEMPT(1),
         "{\"kind\":\"undo\",\"at_ms\":1,\"ending\":250,\"code\":-80,\"flags\":0,\"message\":\"No.\"}",
         RETRY);
    CHECK_INT(status.state, ARV_JOB_ERROR_HANDLING);
    CHECK_INT(status.retry_at_unix, 9);
    CHECK_STR(status.error.message, "No.");
    CHECK_INT(history.undo_failures, 1);
    CHECK_OK(apply(ENDED(250)), &err);
    arv__history_status(&history, &status);
    CHECK_INT(status.retry_at_unix, 0);
}

TEST(an_interrupted_run_does_not_count_and_a_killed_one_does)
{
    TELL(CREATED, ATTEMPT(1), PLAIN("interrupted"));
    CHECK_INT(status.attempts, 0);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    TELL(CREATED, ATTEMPT(1), ATTEMPT(2));
    CHECK_INT(status.attempts, 2);
}

TEST(a_job_that_came_to_nothing_has_nothing)
{
    TELL(CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, STORED(0), UNDO(240), ENDED(240));
    CHECK_INT(status.state, ARV_JOB_FAILURE);
    CHECK_INT(status.target_count, 0);
    CHECK(!status.packaged);
    CHECK_INT(status.error.code, ARV_EIO);
    CHECK_OK(apply(PLAIN("requeued")), &err);
    arv__history_status(&history, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.attempts, 0);
    CHECK_INT(status.begun_at_unix, 0);
    CHECK_INT(status.error.code, 0);
}

TEST(a_partial_job_keeps_what_it_has_until_there_is_something_better)
{
    TELL(CREATED, ATTEMPT(1), PACKAGED(2), ANNOUNCED, STORED(0), STORED(1), ENDED(105));
    CHECK_INT(status.state, ARV_JOB_PARTIAL);
    CHECK_INT(status.failures, 2);
    CHECK_OK(apply(PLAIN("requeued")), &err);
    arv__history_status(&history, &status);
    CHECK_INT(status.target_count, 2);
    CHECK(!status.packaged); /* entries are needed again */
    CHECK_INT(history.archive.generation, 1);
    /* nothing better */
    CHECK_OK(apply(ATTEMPT(1)), &err);
    CHECK_OK(apply(UNDO(105)), &err);
    CHECK_OK(apply(ENDED(105)), &err);
    arv__history_status(&history, &status);
    CHECK_INT(status.state, ARV_JOB_PARTIAL);
    CHECK_INT(status.failures, 2);
    CHECK(status.targets[0].stored);
    /* something better */
    CHECK_OK(apply(PLAIN("requeued")), &err);
    CHECK_INT(history.archive.generation, 2);
    CHECK_OK(apply(ATTEMPT(1)), &err);
    CHECK_OK(apply(PACKAGED(0)), &err);
    CHECK_OK(apply(ANNOUNCED), &err);
    CHECK_OK(apply(STORED(0)), &err);
    CHECK_OK(apply(STORED(1)), &err);
    CHECK_OK(apply(ENDED(100)), &err);
    CHECK(!history.has_former);
}

TEST(a_token_is_that_of_one_closing_document)
{
    TELL(CREATED, ATTEMPT(1), SEEDED, ASKED(1), STAMPED("0aff"));
    CHECK_INT(history.stamps_asked, 1);
    CHECK_INT(history.token_bytes, 2);
    CHECK_INT(history.token[1], 0xff);
    CHECK(arv__history_has_token(&history, history.seed)); /* the same bytes */
    CHECK_OK(apply(PLAIN("discarded")), &err);
    CHECK_INT(history.token_bytes, 2); /* the same may be packed again */
    CHECK_OK(apply(ASKED_ELSE(2)), &err);
    CHECK(!arv__history_has_token(&history, history.seed));
    CHECK_INT(history.token_bytes, 0);
    CHECK_OK(apply(ATTEMPT(2)), &err);
    CHECK_OK(apply(ASKED_ELSE(3)), &err); /* the answer of the second was lost */
    CHECK_INT(history.stamps_asked, 3);
}

TEST(a_seal_is_over_the_closing_document_of_what_is_stored)
{
    TELL(CREATED, ATTEMPT(1), PROVEN, ANNOUNCED, STORED(0), STORED(1), SEALED(1, HEX), SEALED(2, HEX),
         ENDED(100));
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK_INT(history.archive.seals, 2);
}

TEST(what_stands_beside_an_archive_is_known_for_each_of_its_targets)
{
    static const char *const records[] = {CREATED,   ATTEMPT(1), PACKAGED(0),        ANNOUNCED,
                                          STORED(0), STORED(1),  BESIDE(0, ".json"), STORED_BESIDE(1, 1),
                                          NULL};
    const arv__archive *archive = &history.archive;
    tell(records);
    CHECK_INT(archive->beside_count, 1);
    CHECK_STR(archive->beside[0].key, "8f/" UUID ".json");
    CHECK_INT(archive->beside[0].length, 2);
    CHECK_MEM(archive->beside[0].bytes, "{}", 2);
    CHECK(!archive->beside[0].stored[0] && archive->beside[0].stored[1]);
    CHECK_STR(archive->beside[0].versions[1], "w");
    CHECK(arv__history_unstored_beside(archive) == archive->beside);
    CHECK_ERR(apply(ENDED(100)), &err, ARV_EFORMAT, "journal");
    CHECK_OK(apply(STORED_BESIDE(0, 1)), &err);
    CHECK(arv__history_unstored_beside(archive) == NULL);
    CHECK_OK(apply(BESIDE(1, ".tsr")), &err);
    CHECK_STR(archive->beside[1].key, "8f/" UUID ".0001.tsr");
    CHECK(arv__history_unstored_beside(archive) == &archive->beside[1]);
    CHECK_OK(apply(PLAIN("recalled")), &err);
    CHECK(arv__history_unstored_beside(archive) == archive->beside);
    CHECK_STR(archive->beside[0].versions[1], "w"); /* that one is removed */
    CHECK_OK(apply(PLAIN("discarded")), &err);
    CHECK_INT(archive->beside_count, 0);
}

TEST(a_record_that_does_not_fit_is_refused)
{
    static const struct {
        const char *records[9];
        const char *refused;
    } cases[] = {
        {{NULL}, ATTEMPT(1)},
        {{NULL}, PLAIN("requeued")},
        {{CREATED}, CREATED},
        {{NULL}, "{\"kind\":\"created\",\"at_ms\":1,\"version\":2,\"uuid\":\"" UUID "\"}"},
        {{CREATED}, ATTEMPT(2)},
        {{CREATED}, ATTEMPT(0)},
        {{CREATED}, PACKAGED(0)},
        {{CREATED}, ANNOUNCED},
        {{CREATED}, RETRY},
        {{CREATED}, ENDED(100)},
        {{CREATED}, PLAIN("interrupted")},
        {{CREATED}, PLAIN("requeued")},
        {{CREATED}, PLAIN("discarded")},
        {{CREATED, ATTEMPT(1)}, PLAIN("recalled")},
        {{CREATED}, PLAIN("dreamt")},
        {{CREATED}, "{\"at_ms\":1}"},
        {{CREATED}, "{\"kind\":\"attempt\"}"},
        {{CREATED, ATTEMPT(1)}, STORED(0)},
        {{CREATED, ATTEMPT(1)}, ENDED(100)},
        {{CREATED, ATTEMPT(1)}, "{\"kind\":\"announced\",\"at_ms\":1,\"targets\":[]}"},
        {{CREATED, ATTEMPT(1)}, "{\"kind\":\"announced\",\"at_ms\":1,\"targets\":[\"x\"]}"},
        {{CREATED, ATTEMPT(1)}, "{\"kind\":\"announced\",\"at_ms\":1,\"targets\":[7]}"},
        {{CREATED, ATTEMPT(1)},
         "{\"kind\":\"packaged\",\"at_ms\":1,\"streamed\":false,\"entries\":3,\"payload_bytes\":30,"
         "\"container_bytes\":99,\"failures\":0,\"sha256\":\"E3\"}"},
        {{CREATED, ATTEMPT(1)}, "{\"kind\":\"retry\",\"at_ms\":1,\"retry_at_ms\":9}"},
        {{CREATED, ATTEMPT(1)}, UNDO(100)},
        {{CREATED, ATTEMPT(1), PACKAGED(0)}, PACKAGED(0)},
        {{CREATED, ATTEMPT(1), PACKAGED(0)}, STORED(0)},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED}, ANNOUNCED},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED}, STORED(2)},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, STORED(0)}, STORED(0)},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, STORED(0)}, ENDED(100)},
        {{CREATED, ATTEMPT(1), PACKAGED(1), ANNOUNCED, STORED(0), STORED(1)}, ENDED(100)},
        {{CREATED, ATTEMPT(1), UNDO(250)}, ENDED(240)},
        {{CREATED, ATTEMPT(1), UNDO(105)}, ENDED(105)}, /* there is nothing to go back to */
        {{CREATED, ATTEMPT(1), UNDO(240)}, ATTEMPT(2)},
        {{CREATED, ATTEMPT(1), UNDO(240)}, UNDO(240)},
        {{CREATED, UNDO(250), ENDED(250)}, ATTEMPT(1)},
        {{CREATED}, SEEDED},
        {{CREATED, ATTEMPT(1)}, "{\"kind\":\"seeded\",\"at_ms\":1,\"seed\":\"00\"}"},
        {{CREATED, ATTEMPT(1), SEEDED}, SEEDED},
        {{CREATED, ATTEMPT(1), PACKAGED(0)}, SEEDED},
        {{CREATED}, ASKED(1)},
        {{CREATED, ATTEMPT(1)}, ASKED(0)},
        {{CREATED, ATTEMPT(1)}, ASKED(2)},
        {{CREATED, ATTEMPT(1), PACKAGED(0)}, ASKED(1)},
        {{CREATED, ATTEMPT(1), ASKED(1), STAMPED("00")}, ASKED(2)}, /* it is there */
        {{CREATED, ATTEMPT(1)}, STAMPED("00")},
        {{CREATED, ATTEMPT(1), ASKED(1)}, STAMPED("")},
        {{CREATED, ATTEMPT(1), ASKED(1)}, STAMPED("0")},
        {{CREATED, ATTEMPT(1), ASKED(1)}, STAMPED("0G")},
        {{CREATED, ATTEMPT(1), ASKED(1), STAMPED("00")}, STAMPED("00")},
        {{CREATED, ATTEMPT(1), ASKED(1), PACKAGED(0)}, STAMPED("00")},
        {{CREATED, ATTEMPT(1), PROVEN, ANNOUNCED, STORED(0)}, SEALED(1, HEX)},
        {{CREATED, ATTEMPT(1), PROVEN, ANNOUNCED, STORED(0), STORED(1)}, SEALED(2, HEX)},
        {{CREATED, ATTEMPT(1), PROVEN, ANNOUNCED, STORED(0), STORED(1)}, SEALED(1, HEX_ELSE)},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, STORED(0), STORED(1)}, SEALED(1, HEX)},
        {{CREATED, ATTEMPT(1), PACKAGED(0)}, BESIDE(0, ".json")},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED}, BESIDE(0, ".tsr")},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED}, BESIDE(10000, ".tsr")},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED}, BESIDE(4294967296, ".json")},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, BESIDE(0, ".json")}, BESIDE(0, ".json")},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, BESIDE(0, ".json"), BESIDE(1, ".a"), BESIDE(2, ".a"),
          BESIDE(3, ".a")},
         BESIDE(4, ".a")},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, BESIDE(0, ".json")}, STORED_BESIDE(0, 0)},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, BESIDE(0, ".json")}, STORED_BESIDE(0, 2)},
        {{CREATED, ATTEMPT(1), PACKAGED(0), ANNOUNCED, BESIDE(0, ".json"), STORED_BESIDE(0, 1)},
         STORED_BESIDE(0, 1)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_SCENE("case %zu", i);
        tell(cases[i].records);
        CHECK_ERR(apply(cases[i].refused), &err, ARV_EFORMAT, "journal");
    }
}

TEST(what_is_written_is_what_is_read)
{
    arv__buf buf;
    arv_location locations[1] = {{.address = "file:///a/8f/" UUID ".zip"}};
    arv__packaged packaged = {.streamed = true, .entries = 1, .container_bytes = UINT64_C(1) << 40};
    arv_object object = {.version = "7", .stored_at_unix = 5};
    arv_error error = {.code = ARV_EOFFLINE, .flags = ARV_ERROR_RETRYABLE, .message = "A \"b\" \\"};
    static const unsigned char imprint[ARV_SHA256_BYTES] = "an imprint";
    static unsigned char token[ARV__TOKEN_BYTES_MAX];
    const arv_digests beside = {.present = ARV_DIGEST_SHA256, .sha256 = "of that"};
    packaged.has_closing = true;
    memcpy(packaged.closing, imprint, sizeof imprint);
    packaged.container.present = ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512;
    packaged.container.sha512[63] = 9;
    memset(&history, 0, sizeof history);
    arv__buf_init(&buf, 1 << 20);
#define WRITTEN(call)                                                                                        \
    do {                                                                                                     \
        arv__buf_clear(&buf);                                                                                \
        call;                                                                                                \
        CHECK_OK(apply(arv__buf_text_z(&buf)), &err);                                                        \
    } while (0)
    WRITTEN(arv__record_created(&buf, UUID));
    WRITTEN(arv__record_torn(&buf, 12));
    WRITTEN(arv__record_attempt(&buf, 1));
    WRITTEN(arv__record_seeded(&buf, imprint));
    CHECK_MEM(history.seed, imprint, sizeof imprint);
    WRITTEN(arv__record_asked(&buf, 1, imprint));
    memset(token, 7, sizeof token);
    WRITTEN(arv__record_stamped(&buf, token, sizeof token));
    CHECK_MEM(history.token, token, sizeof token);
    WRITTEN(arv__record_announced(&buf, locations, 1));
    WRITTEN(arv__record_packaged(&buf, &packaged));
    CHECK(history.archive.streamed);
    CHECK_INT(history.archive.container.sha512[63], 9);
    CHECK_MEM(history.archive.closing, imprint, sizeof imprint);
    CHECK(history.archive.container_bytes == UINT64_C(1) << 40);
    WRITTEN(arv__record_stored(&buf, 0, 0, &object));
    WRITTEN(arv__record_beside(&buf, 0, ".json", "{\"a\":1}\n", 8, &beside));
    CHECK_MEM(history.archive.beside[0].bytes, "{\"a\":1}\n", 8);
    CHECK_MEM(history.archive.beside[0].digests.sha256, beside.sha256, sizeof beside.sha256);
    WRITTEN(arv__record_stored(&buf, 0, 1, &object));
    CHECK(history.archive.beside[0].stored[0]);
    WRITTEN(arv__record_sealed(&buf, 1, imprint));
    CHECK_INT(history.archive.seals, 1);
    WRITTEN(arv__record_retry(&buf, &error, 77));
    CHECK_INT(history.error.code, ARV_EOFFLINE);
    CHECK_INT(history.error.flags, ARV_ERROR_RETRYABLE);
    CHECK_STR(history.error.message, "A \"b\" \\");
    WRITTEN(arv__record_attempt(&buf, 2));
    WRITTEN(arv__record_interrupted(&buf));
    WRITTEN(arv__record_attempt(&buf, 2));
    WRITTEN(arv__record_recalled(&buf));
    CHECK(history.archive.packaged && !history.archive.targets[0].stored);
    WRITTEN(arv__record_discarded(&buf, "It rots."));
    CHECK(!history.archive.packaged && !history.archive.announced);
    WRITTEN(arv__record_undo(&buf, ARV_JOB_ABORTED, &error));
    WRITTEN(arv__record_ended(&buf, ARV_JOB_ABORTED));
    WRITTEN(arv__record_requeued(&buf));
    CHECK_INT(history.state, ARV_JOB_QUEUED);
    arv__buf_cleanup(&buf);
}
