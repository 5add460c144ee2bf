/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The power fails during a whole job, before and after each call that changes the disk, and of what
 * was not synced nothing or any part is left (power_fs.h); or the process is killed, and everything
 * is still there, but not for sure. Then an application starts again; when it has been told the end,
 * the power fails once more with nothing left of what was not synced; and what is there is compared
 * with the reference model: what was acknowledged is there.
 *
 * The second test takes each sync out of the source, one after the other: the search must then find
 * a loss. A site that nobody misses is named: either the sync is superfluous or the model has a hole.
 *
 * A sample unless ARCHIVIST_FAULTS=full (sweep.h).
 */

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"
#include "job/journal.h"
#include "power_trial.h"
#include "sweep.h"
#include "test.h"

enum { SAMPLE_TRIALS = 150, SHOWN_MOST = 6 };

typedef struct searching {
    power_trials *shared;
    whole_job jobs[POWER_KINDS];
    unsigned worker, workers, step, offset, index;
    uint64_t seed;
    char sha256[65];
    char why[400];         /* of the first that was wrong */
    unsigned trials, most; /* 0: all */
    bool stops;            /* at the first that is wrong */
} searching;

static bool search_trial(void *user_data, const power_trial *t, unsigned kind)
{
    searching *s = user_data;
    char why[400];
    s->index++;
    if (s->index % s->step != s->offset || s->index / s->step % s->workers != s->worker)
        return true;
    if (s->most && s->trials == s->most)
        return false;
    s->trials++;
    bool good = power_trial_run(&s->jobs[kind], t, s->shared, why);
    __atomic_add_fetch(&s->shared->trials[kind][t->kept], 1, __ATOMIC_RELAXED);
    if (good)
        return true;
    __atomic_add_fetch(&s->shared->wrong[kind][t->kept], 1, __ATOMIC_RELAXED);
    memcpy(s->why, why, sizeof why);
    if (!s->stops && __atomic_add_fetch(&s->shared->shown, 1, __ATOMIC_RELAXED) <= SHOWN_MOST)
        printf("# WRONG %s: the power fails %s call %u of %s, kept: %s, %s: %s\n%s", t->kind->name,
               t->after ? "after" : "before", t->nth, fault_fs_name(t->op),
               t->kept == POWER_NONE  ? "nothing"
               : t->kept == POWER_ALL ? "all, until later"
                                      : "some",
               t->cancels ? "cancelled" : "resumed", why, power_fs_story());
    return !s->stops;
}

static void search_worker(void *user_data, unsigned number)
{
    searching s = *(searching *)user_data;
    s.worker = number;
    s.workers = sweep_workers();
    for (unsigned kind = 0; kind < POWER_KINDS; kind++)
        power_trial_place(&s.jobs[kind], kind, number, s.sha256);
    power_trials_each(s.shared, s.seed, search_trial, &s);
}

static bool count_trial_only(void *user_data, const power_trial *t, unsigned kind)
{
    (void)t;
    (void)kind;
    ++*(unsigned *)user_data;
    return true;
}

TEST_TIMEOUT(a_job_survives_that_the_power_fails, 300)
{
    power_trials *shared = sweep_share(sizeof *shared);
    searching s = {.shared = shared, .seed = sweep_seed()};
    unsigned all = 0, wrong = 0;
    if (sweep_is_full())
        alarm(0);
    power_trials_learn(shared, s.sha256);
    power_trials_each(shared, s.seed, count_trial_only, &all);
    s.step = sweep_is_full() || all < SAMPLE_TRIALS ? 1 : all / SAMPLE_TRIALS;
    s.offset = (unsigned)(s.seed % s.step);
    bool good = sweep_run(search_worker, &s);
    printf("\npower failures: one of %u\n\n| kind of job            | nothing kept | some kept | "
           "killed | wrong |\n|---|--:|--:|--:|--:|\n",
           s.step);
    for (unsigned kind = 0; kind < POWER_KINDS; kind++) {
        const unsigned *w = shared->wrong[kind], *n = shared->trials[kind];
        printf("| %-22s | %12u | %9u | %6u | %5u |\n", power_kind_name(kind), n[POWER_NONE], n[POWER_SOME],
               n[POWER_ALL], w[0] + w[1] + w[2]);
        wrong += w[0] + w[1] + w[2];
    }
    printf("changes lost: %u\n", shared->lost);
    CHECK(good);
    CHECK_INT(wrong, 0);
}

/* ---- every sync ------------------------------------------------------------------------------ */

static char sites[POWER_SITES_MOST][120];
static unsigned site_count;

/* What no job does: a storage changes hands, by hand. */
#define ADOPTED_KEY "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip"

/* [child] Its first owner puts an object there; the next one adopts the storage and removes it. */
static void adoption_step(const char *folder, bool adopts)
{
    const arv_storage_option options[] = {{"owner", adopts ? "new" : "old"},
                                          {adopts ? "adopt" : "create", "1"}};
    char url[500];
    arv_error err;
    arv_task *task;
    arv_storage *storage;
    arv_engine *engine = test_engine_new();
    snprintf(url, sizeof url, "file://%s", folder);
    CHECK_OK(arv_storage_open(&storage, engine, url, options, 2, &err), &err);
    if (adopts)
        CHECK_OK(arv_storage_remove(storage, ADOPTED_KEY, NULL, NULL, &task, &err), &err);
    else
        CHECK_OK(arv_storage_put_file(storage, test_path("plain/source/answer.txt"), ADOPTED_KEY, NULL, NULL,
                                      NULL, &task, &err),
                 &err);
    CHECK_OK(test_finish(0, &task, &err), &err);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

/* The first owner's part happens on the system's own table. */
static void adoption_in_child(const char *folder, const arv__fileops *model)
{
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        if (model)
            fault_fs_install_over(model);
        adoption_step(folder, model != NULL);
        _exit(0);
    }
    CHECK_CHILD(pid);
}

/* Once its new owner was told that something was done there, the storage is the new owner's. */
static bool adoption_lasts(unsigned worker, char why[400])
{
    char mark[1000] = "";
    const char *folder = test_path("adopted-%u", worker);
    char path[500];
    CHECK_INT(mkdir(folder, 0700), 0);
    snprintf(path, sizeof path, "%s/storage", folder);
    adoption_in_child(path, NULL);
    adoption_in_child(path, power_fs_open(folder));
    power_fs_cut_some(POWER_NONE, 1);
    FILE *f = fopen(test_path("adopted-%u/storage/.archivist-storage", worker), "r");
    CHECK(f != NULL);
    CHECK(fread(mark, 1, sizeof mark - 1, f) > 0);
    fclose(f);
    if (strstr(mark, "\"new\""))
        return true;
    snprintf(why, 400, "its new owner has removed an object, and the storage is the old one's again");
    return false;
}

/* What needs two failures of the power, the second before the first step behind the mended journal was
 * flushed: the line that was cut off, longer than the new one, must not come back under it. */
#define MENDED_UUID "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d"

static int mended_take(void *user_data, const arv_json *record, arv_error *err)
{
    (void)user_data, (void)record, (void)err;
    return 0;
}

static arv__journal mended_open(int folder_fd)
{
    arv__journal journal;
    arv_error err;
    CHECK_OK(arv__journal_open(&journal, folder_fd, MENDED_UUID, "it", mended_take, NULL, &err), &err);
    return journal;
}

static int mended_make(const char *folder)
{
    arv__buf record;
    arv_error err;
    CHECK_INT(mkdir(folder, 0700), 0);
    int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(folder_fd >= 0);
    arv__buf_init(&record, 100);
    arv__buf_literal(&record, "{}");
    CHECK_OK(arv__journal_create(folder_fd, MENDED_UUID, "it", &record, &err), &err);
    arv__buf_cleanup(&record);
    return folder_fd;
}

/* The line of a second record. */
static size_t mended_line(const char *folder, char line[200])
{
    arv__buf record;
    arv_error err;
    int folder_fd = mended_make(folder);
    arv__journal journal = mended_open(folder_fd);
    uint64_t from = journal.end_bytes;
    arv__buf_init(&record, 100);
    arv__buf_literal(&record, "{}");
    CHECK_OK(arv__journal_append(&journal, &record, &err), &err);
    ssize_t length = pread(journal.fd, line, 200, (off_t)from);
    CHECK(length > 0 && length < 200);
    arv__buf_cleanup(&record);
    arv__journal_close(&journal);
    close(folder_fd);
    return (size_t)length;
}

/* [child] The journal is mended, and its next record written, but not flushed. */
static void mended_step(const char *folder, const arv__fileops *model, const char *line, size_t length)
{
    fault_fs_install_over(model);
    int folder_fd = arv__fs_openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    CHECK(folder_fd >= 0);
    arv__journal journal = mended_open(folder_fd);
    CHECK_INT(journal.torn_bytes, 1000);
    CHECK_INT(arv__fs_pwrite_full(journal.fd, line, length, journal.end_bytes), 0);
    _exit(0);
}

static bool mended_once(unsigned worker, unsigned seed, const char *line, size_t length, char why[400])
{
    char torn[1000], folder[500];
    arv_error err;
    snprintf(folder, sizeof folder, "%s", test_path("mended-%u-%u", worker, seed));
    int folder_fd = mended_make(folder);
    int fd = openat(folder_fd, "journal", O_WRONLY | O_APPEND | O_CLOEXEC);
    memset(torn, 'x', sizeof torn);
    CHECK_INT(write(fd, torn, sizeof torn), sizeof torn);
    close(fd);
    const arv__fileops *model = power_fs_open(folder);
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0)
        mended_step(folder, model, line, length);
    CHECK_CHILD(pid);
    power_fs_cut_some(POWER_SOME, seed);
    int rc = arv__journal_read(folder_fd, MENDED_UUID, "it", mended_take, NULL, &err);
    close(folder_fd);
    if (rc == 0)
        return true;
    snprintf(why, 400, "after a second power failure: %.300s", err.message);
    return false;
}

static bool mended_lasts(unsigned worker, char why[400])
{
    char line[200];
    size_t length = mended_line(test_path("mended-%u", worker), line);
    for (unsigned seed = 1; seed <= 50; seed++)
        if (!mended_once(worker, seed, line, length, why))
            return false;
    return true;
}

/* Scenes that no job plays, tried before the search. */
static const struct {
    const char *file;
    bool (*lasts)(unsigned worker, char why[400]);
} scenes[] = {{"core/src/storage/filesystem_mark.c:", adoption_lasts},
              {"core/src/job/journal.c:", mended_lasts}};

static int sites_of_file(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    char line[1000];
    const char *from = strstr(path, "core/src/");
    (void)st;
    (void)walk;
    if (type != FTW_F || !from || strcmp(path + strlen(path) - 2, ".c") != 0 ||
        strstr(path, "loop/fileops.c"))
        return 0;
    FILE *f = fopen(path, "r");
    CHECK(f != NULL);
    for (int number = 1; fgets(line, sizeof line, f); number++) {
        if (!strstr(line, "arv__fs_fsync_retry(") && !strstr(line, "->fsync(") &&
            !strstr(line, "->fdatasync("))
            continue;
        if (strstr(line, "->pwrite(") || strstr(line, "sink->regular"))
            continue; /* asks whether a disk lives; a stream, which no job takes up again */
        CHECK(site_count < POWER_SITES_MOST);
        snprintf(sites[site_count], sizeof *sites, "%s:%d", from, number);
        site_count++;
    }
    fclose(f);
    return 0;
}

static int compare_sites(const void *a, const void *b)
{
    return strcmp(a, b);
}

typedef struct site_result {
    unsigned calls, trials;
    bool missed;
    char why[400];
} site_result;

typedef struct sites_search {
    searching search;
    site_result *results;
} sites_search;

/* A sample looks at one; ARCHIVIST_SITE=journal.c asks for those of one file. */
static bool site_wanted(unsigned i, uint64_t seed)
{
    const char *part = getenv("ARCHIVIST_SITE");
    return part ? strstr(sites[i], part) != NULL : sweep_is_full() || i == seed % site_count;
}

static void sites_worker(void *user_data, unsigned number)
{
    sites_search *all = user_data;
    for (unsigned i = number; i < site_count; i += sweep_workers()) {
        if (!site_wanted(i, all->search.seed))
            continue;
        site_result *result = &all->results[i];
        searching s = all->search;
        s.step = s.workers = 1;
        s.stops = true;
        s.most = sweep_is_full() ? 0 : SAMPLE_TRIALS;
        for (unsigned kind = 0; kind < POWER_KINDS; kind++)
            power_trial_place(&s.jobs[kind], kind, number, s.sha256);
        power_fs_ignore_site(sites[i]);
        bool missed = false;
        for (size_t k = 0; !missed && k < sizeof scenes / sizeof *scenes; k++)
            if (strncmp(sites[i], scenes[k].file, strlen(scenes[k].file)) == 0 && ++s.trials)
                missed = !scenes[k].lasts(i, s.why);
        if (!missed && strncmp(sites[i], scenes[0].file, strlen(scenes[0].file)) != 0)
            power_trials_each(s.shared, s.seed, search_trial, &s);
        result->trials = s.trials;
        result->calls = power_fs_site_calls(sites[i]);
        result->missed = s.why[0] != '\0' && result->calls > 0;
        memcpy(result->why, s.why, sizeof s.why);
        printf("| %-34s | %7u | %6u | %s |\n", sites[i], result->calls, result->trials,
               result->missed  ? result->why
               : result->calls ? sweep_is_full() ? "NOBODY MISSES IT" : "not found in a sample"
                               : "IT IS NEVER CALLED");
        fflush(stdout);
    }
}

TEST(a_storage_that_was_adopted_stays_so_when_the_power_fails)
{
    char why[400];
    CHECK_INT(mkdir(test_path("plain"), 0700), 0);
    CHECK_INT(mkdir(test_path("plain/source"), 0700), 0);
    test_write_file(test_path("plain/source/answer.txt"), "an answer", 9);
    if (!adoption_lasts(0, why))
        test_fail(__FILE__, __LINE__, "%s", why);
}

TEST(a_journal_that_was_mended_stays_so_when_the_power_fails_again)
{
    char why[400];
    if (!mended_lasts(0, why))
        test_fail(__FILE__, __LINE__, "%s", why);
}

TEST_TIMEOUT(each_sync_in_the_source_is_needed, 300)
{
    power_trials *shared = sweep_share(sizeof *shared);
    sites_search all = {.search = {.shared = shared, .seed = sweep_seed()}};
    unsigned missed = 0;
    if (sweep_is_full())
        alarm(0);
    nftw(TEST_SOURCE_DIR "/../core/src", sites_of_file, 16, FTW_PHYS);
    CHECK(site_count > 0);
    qsort(sites, site_count, sizeof *sites, compare_sites);
    power_trials_learn(shared, all.search.sha256);
    all.results = sweep_share(sizeof *all.results * site_count);
    printf("\n| sync                               |   calls | trials | what its absence does |\n"
           "|---|--:|--:|---|\n");
    CHECK(sweep_run(sites_worker, &all));
    for (unsigned i = 0; i < site_count; i++) {
        if (!site_wanted(i, all.search.seed))
            continue;
        CHECK(all.results[i].trials > 0);
        /* A part of the search may find nothing; nearly all of them are found by its beginning. */
        missed += sweep_is_full() && !all.results[i].missed;
    }
    CHECK_INT(missed, 0);
}
