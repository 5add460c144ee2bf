/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <time.h>

#include "test.h"
#include "util/log.h"
#include "util/time.h"

static void check_against_libc(int64_t at)
{
    arv__date date;
    struct tm tm;
    time_t t = (time_t)at;
    arv__date_from_unix(at, &date);
    CHECK(gmtime_r(&t, &tm) != NULL);
    CHECK_INT(date.year, tm.tm_year + 1900);
    CHECK_INT(date.month, tm.tm_mon + 1);
    CHECK_INT(date.day, tm.tm_mday);
    CHECK_INT(date.hour, tm.tm_hour);
    CHECK_INT(date.minute, tm.tm_min);
    CHECK_INT(date.second, tm.tm_sec);
    CHECK_INT(arv__date_to_unix(&date), at);
}

TEST(dates_agree_with_libc_from_year_0_to_9999)
{
    for (int64_t at = -62167219200; at <= 253402300799; at += 86400 * 13 + 4567)
        check_against_libc(at);
    for (int64_t day = -30000; day < 60000; day++) {
        check_against_libc(day * 86400);
        check_against_libc(day * 86400 - 1);
    }
}

TEST(times_beyond_four_digit_years_are_clamped)
{
    arv__date date;
    arv__date_from_unix(INT64_MAX, &date);
    CHECK_INT(date.year, 9999);
    CHECK_INT(date.second, 59);
    arv__date_from_unix(INT64_MIN, &date);
    CHECK_INT(date.year, 0);
    CHECK_INT(date.month, 1);
}

static const char *rfc3339(int64_t at)
{
    static char text[64];
    arv__buf buf;
    arv__buf_init(&buf, 63);
    arv__buf_rfc3339(&buf, at);
    CHECK_INT(buf.failed, 0);
    memcpy(text, buf.data, buf.length);
    text[buf.length] = '\0';
    arv__buf_cleanup(&buf);
    return text;
}

TEST(rfc3339_is_fixed_in_width_and_in_utc)
{
    CHECK_STR(rfc3339(0), "1970-01-01T00:00:00Z");
    CHECK_STR(rfc3339(-1), "1969-12-31T23:59:59Z");
    CHECK_STR(rfc3339(951782400), "2000-02-29T00:00:00Z");
    CHECK_STR(rfc3339(1795255200), "2026-11-21T10:00:00Z");
    CHECK_STR(rfc3339(INT64_MAX), "9999-12-31T23:59:59Z");
    CHECK_STR(rfc3339(INT64_MIN), "0000-01-01T00:00:00Z");
}

TEST(clocks_run)
{
    int64_t wall = arv__now_unix_us();
    uint64_t mono = arv__monotonic_ns(), cpu = arv__thread_cpu_ns();
    CHECK(wall > INT64_C(1700000000) * 1000000 && wall / 1000000 - time(NULL) <= 1);
    while (arv__thread_cpu_ns() - cpu < 1000000)
        ;
    CHECK(arv__monotonic_ns() > mono);
    CHECK(arv__now_unix_us() - wall < INT64_C(60) * 1000000);
}

static int records;
static arv_log_record last_record;
static arv_log_field last_field;

static void keep_record(void *user_data, const arv_log_record *record)
{
    CHECK(user_data == &records);
    records++;
    last_record = *record;
    if (record->field_count)
        last_field = record->fields[record->field_count - 1];
}

TEST(a_record_carries_what_it_was_given)
{
    arv__logger log = {keep_record, &records, ARV_LOG_INFO};
    arv__log(&log, ARV_LOG_NOTICE, "job", "uuid", "Done.", ARV__TEXT("name", "x"), ARV__INT("bytes", 77));
    CHECK_INT(records, 1);
    CHECK_INT(last_record.level, ARV_LOG_NOTICE);
    CHECK_STR(last_record.source, "job");
    CHECK_STR(last_record.job, "uuid");
    CHECK_STR(last_record.message, "Done.");
    CHECK(last_record.at_unix_us > INT64_C(1700000000) * 1000000);
    CHECK_INT(last_record.field_count, 2);
    CHECK_STR(last_field.name, "bytes");
    CHECK_INT(last_field.type, ARV_FIELD_INTEGER);
    CHECK_INT(last_field.integer, 77);
    arv__log(&log, ARV_LOG_ERROR, "job", NULL, "No field.");
    CHECK_INT(records, 2);
    CHECK_INT(last_record.field_count, 0);
    CHECK(last_record.job == NULL);
}

TEST(records_below_the_level_and_without_a_sink_are_dropped)
{
    arv__logger log = {keep_record, &records, ARV_LOG_WARNING}, silent = {0};
    arv__log(&log, ARV_LOG_NOTICE, "job", NULL, "Dropped.");
    arv__log(&silent, ARV_LOG_ERROR, "job", NULL, "Dropped.");
    arv__log((arv__logger *)NULL, ARV_LOG_ERROR, "job", NULL, "Dropped.");
    arv__log_fields(&log, ARV_LOG_INFO, "job", NULL, "Dropped.", NULL, 0);
    CHECK_INT(records, 0);
}

TEST(level_names_and_levels_agree)
{
    for (int level = ARV_LOG_DEBUG; level <= ARV_LOG_ERROR; level++)
        CHECK_INT(arv_log_level_parse(arv_log_level_name((arv_log_level)level)), level);
    CHECK_INT(arv_log_level_parse("loud"), -1);
    CHECK_INT(arv_log_level_parse(""), -1);
    CHECK_INT(arv_log_level_parse(NULL), -1);
    CHECK_STR(arv_log_level_name((arv_log_level)99), "unknown");
}
