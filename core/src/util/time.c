/* SPDX-License-Identifier: Apache-2.0 */
#include "util/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/*
 * Computes the calendar without libc: gmtime() is neither safe between threads nor the same on every
 * system, and the formats need no time zone. Years begin in March, so that the leap day is the last day
 * of its year; the calendar repeats after an era of 400 years.
 */

enum { DAYS_PER_ERA = 146097, DAYS_FROM_YEAR_0_TO_1970 = 719468 };
#define SECONDS_PER_DAY INT64_C(86400)
#define UNIX_YEAR_0 INT64_C(-62167219200)
#define UNIX_YEAR_9999_END INT64_C(253402300799)

static uint64_t time_read_ns(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int64_t clock_offset_us;

int64_t arv__now_unix_us(void)
{
    return (int64_t)(time_read_ns(CLOCK_REALTIME) / 1000u) +
           __atomic_load_n(&clock_offset_us, __ATOMIC_RELAXED);
}

void arv__clock_set_offset_us(int64_t offset_us)
{
    __atomic_store_n(&clock_offset_us, offset_us, __ATOMIC_RELAXED);
}

uint64_t arv__monotonic_ns(void)
{
    return time_read_ns(CLOCK_MONOTONIC);
}

uint64_t arv__thread_cpu_ns(void)
{
#ifdef CLOCK_THREAD_CPUTIME_ID
    return time_read_ns(CLOCK_THREAD_CPUTIME_ID);
#else
    return 0;
#endif
}

void arv__date_from_unix(int64_t at_unix, arv__date *date)
{
    if (at_unix < UNIX_YEAR_0)
        at_unix = UNIX_YEAR_0;
    if (at_unix > UNIX_YEAR_9999_END)
        at_unix = UNIX_YEAR_9999_END;
    int64_t days = at_unix / SECONDS_PER_DAY;
    int64_t seconds = at_unix % SECONDS_PER_DAY;
    if (seconds < 0) {
        seconds += SECONDS_PER_DAY;
        days--;
    }
    days += DAYS_FROM_YEAR_0_TO_1970;
    int64_t era = (days >= 0 ? days : days - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day_of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    date->day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    date->month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    date->year = (int)(year_of_era + era * 400 + (date->month <= 2));
    date->hour = (int)(seconds / 3600);
    date->minute = (int)(seconds / 60 % 60);
    date->second = (int)(seconds % 60);
}

int64_t arv__date_to_unix(const arv__date *date)
{
    int64_t year = (int64_t)date->year - (date->month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month_from_march = date->month > 2 ? date->month - 3 : date->month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date->day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    int64_t days = era * DAYS_PER_ERA + day_of_era - DAYS_FROM_YEAR_0_TO_1970;
    return days * SECONDS_PER_DAY + date->hour * INT64_C(3600) + date->minute * INT64_C(60) + date->second;
}

static void time_digits(char *into, int value, int count)
{
    for (int i = count - 1; i >= 0; i--, value /= 10)
        into[i] = (char)('0' + value % 10);
}

static const char time_form[] = "0000-00-00T00:00:00Z";

static void time_print(char text[sizeof time_form], int64_t at_unix)
{
    arv__date date;
    memcpy(text, time_form, sizeof time_form);
    arv__date_from_unix(at_unix, &date);
    time_digits(text, date.year, 4);
    time_digits(text + 5, date.month, 2);
    time_digits(text + 8, date.day, 2);
    time_digits(text + 11, date.hour, 2);
    time_digits(text + 14, date.minute, 2);
    time_digits(text + 17, date.second, 2);
}

void arv__buf_rfc3339(arv__buf *buf, int64_t at_unix)
{
    char text[sizeof time_form];
    time_print(text, at_unix);
    arv__buf_append(buf, text, sizeof text - 1);
}

bool arv__time_parse(const char *text, size_t length, int64_t *at_unix)
{
    char again[sizeof time_form];
    arv__date date;
    if (length != sizeof time_form - 1)
        return false;
    for (size_t i = 0; i < length; i++)
        if (time_form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != time_form[i])
            return false;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &date.year, &date.month, &date.day, &date.hour, &date.minute,
               &date.second) != 6)
        return false;
    *at_unix = arv__date_to_unix(&date);
    time_print(again, *at_unix); /* no 30 February */
    return memcmp(again, text, length) == 0;
}
