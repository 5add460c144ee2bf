/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_FAILED = 1, STATUS_SKIPPED = 77 };

/* Limits are for what hangs. A test states one of an idle machine; others want its cores, too. */
#ifdef TEST_SANITIZED
enum { LIMIT_FACTOR = 8 };
#else
enum { LIMIT_FACTOR = 4 };
#endif

static test_case *test_cases;
static char test_directory[256];

extern char **environ;

void test_register(test_case *c)
{
    test_case **end = &test_cases;
    while (*end)
        end = &(*end)->next;
    *end = c;
}

/* ---- scenes ---------------------------------------------------------------------------------- */

enum { SCENES_MOST = 8, SCENE_BYTES = 200 };

typedef struct test_scenes {
    unsigned count; /* those beyond SCENES_MOST have no text */
    char texts[SCENES_MOST][SCENE_BYTES];
} test_scenes;

/* Where the running test is. The frame sees it, too, so that it can tell where a test crashed. */
typedef struct test_stage {
    const char *name; /* of the test */
    test_scenes scenes;
    bool told; /* a line says why the test ended */
} test_stage;

static test_stage no_stage = {.name = "no test"};
static test_stage *stage = &no_stage;
static _Thread_local test_scenes thread_scenes; /* of a thread that is not the test's own */
static _Thread_local bool own_thread;

/* A child that a test forks has scenes of its own from then on, which begin as its parent's. */
static void leave_stage(void)
{
    no_stage = *stage;
    stage = &no_stage;
}

static test_scenes *scenes_here(void)
{
    return own_thread ? &stage->scenes : &thread_scenes;
}

unsigned test_scene_enter(const char *format, ...)
{
    test_scenes *scenes = scenes_here();
    unsigned before = scenes->count;
    if (before < SCENES_MOST) {
        va_list args;
        va_start(args, format);
        vsnprintf(scenes->texts[before], SCENE_BYTES, format, args);
        va_end(args);
    }
    scenes->count = before + 1;
    return before;
}

void test_scene_leave(const unsigned *before)
{
    scenes_here()->count = *before;
}

/* ---- what came of a test --------------------------------------------------------------------- */

static void put_on_one_line(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            fputs("\\n", stdout);
        else if ((unsigned char)*c < ' ')
            printf("\\x%02x", (unsigned)*c);
        else
            putchar(*c);
    }
}

/* Returns what stands before the next scene: ", " once there was one. */
static const char *put_scenes(const test_scenes *scenes, const char *before)
{
    for (unsigned i = 0; i < scenes->count && i <= SCENES_MOST; i++, before = ", ") {
        fputs(before, stdout);
        put_on_one_line(i < SCENES_MOST ? scenes->texts[i] : "…");
    }
    return before;
}

/* The one line of a test that did not pass. The message is made first: it may be long. */
__attribute__((format(printf, 2, 0))) static void tell(const char *where, const char *format, va_list args)
{
    char *message = NULL;
    if (vasprintf(&message, format, args) < 0)
        message = NULL;
    flockfile(stdout);
    printf("# %s: %s", stage->name, where);
    put_on_one_line(message ? message : format);
    const char *before = put_scenes(&stage->scenes, " [");
    before = put_scenes(&thread_scenes, before);
    fputs(before[0] == ',' ? "]\n" : "\n", stdout);
    fflush(stdout);
    funlockfile(stdout);
    stage->told = true;
    free(message);
}

__attribute__((format(printf, 1, 2))) static void tell_of(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell("", format, args);
    va_end(args);
}

void test_fail(const char *file, int line, const char *format, ...)
{
    const char *base = strrchr(file, '/');
    char where[256];
    va_list args;
    snprintf(where, sizeof where, "%s:%d: ", base ? base + 1 : file, line);
    va_start(args, format);
    tell(where, format, args);
    va_end(args);
    exit(STATUS_FAILED);
}

void test_skip(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell("skipped: ", format, args);
    va_end(args);
    exit(STATUS_SKIPPED);
}

void test_check_str(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    if (!actual || strcmp(actual, expected) != 0)
        test_fail(file, line, "%s is \"%s\", expected \"%s\"", what, actual ? actual : "(null)", expected);
}

void test_check_mem(const char *file, int line, const char *what, const void *actual, const void *expected,
                    size_t length)
{
    const unsigned char *a = actual, *e = expected;
    for (size_t i = 0; i < length; i++)
        if (a[i] != e[i])
            test_fail(file, line, "%s differs at byte %zu of %zu: %02x, expected %02x", what, i, length, a[i],
                      e[i]);
}

void test_check_has(const char *file, int line, const char *what, const char *actual, const char *part)
{
    if (!actual || !strstr(actual, part))
        test_fail(file, line, "%s is \"%s\", which does not contain \"%s\"", what, actual ? actual : "(null)",
                  part);
}

void test_check_err(const char *file, int line, const char *what, int actual, const arv_error *err, int code,
                    const char *part)
{
    if (actual != code)
        test_fail(file, line, "%s is %s, expected %s (%s)", what, arv_error_name(actual),
                  arv_error_name(code), err->message);
    if (err->code != code)
        test_fail(file, line, "%s: the error says %s, expected %s", what, arv_error_name(err->code),
                  arv_error_name(code));
    if (part)
        test_check_has(file, line, "the message", err->message, part);
    else if (!err->message[0])
        test_fail(file, line, "%s: the error has no sentence", what);
}

void test_check_child(const char *file, int line, pid_t pid)
{
    int status = 0;
    if (waitpid(pid, &status, 0) != pid)
        test_fail(file, line, "waitpid(): %s", strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        test_fail(file, line, "the child ended with %s %d", WIFEXITED(status) ? "exit status" : "signal",
                  WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)walk;
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

const char *test_dir(void)
{
    if (!test_directory[0]) {
        const char *base = getenv("TMPDIR");
        snprintf(test_directory, sizeof test_directory, "%s/archivist-test-XXXXXX",
                 base && *base ? base : "/tmp");
        if (!mkdtemp(test_directory))
            test_fail(__FILE__, __LINE__, "mkdtemp %s: %s", test_directory, strerror(errno));
    }
    return test_directory;
}

void test_dir_set(const char *folder)
{
    CHECK(snprintf(test_directory, sizeof test_directory, "%s", folder) < (int)sizeof test_directory);
}

const char *test_path(const char *format, ...)
{
    static char ring[16][1024];
    static unsigned next;
    char *out = ring[next++ % 16];
    int n = snprintf(out, 1024, "%s/", test_dir());
    va_list args;
    va_start(args, format);
    vsnprintf(out + n, 1024 - (size_t)n, format, args);
    va_end(args);
    return out;
}

void test_write_file(const char *path, const void *data, size_t length)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(data, 1, length, f) != length || fclose(f) != 0)
        test_fail(__FILE__, __LINE__, "writing %s: %s", path, strerror(errno));
}

char *test_read_file(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        test_fail(__FILE__, __LINE__, "opening %s: %s", path, strerror(errno));
    size_t capacity = 65536, used = 0, n;
    char *data = malloc(capacity + 1);
    while (data && (n = fread(data + used, 1, capacity - used, f)) > 0) {
        used += n;
        if (used == capacity)
            data = realloc(data, (capacity *= 2) + 1);
    }
    fclose(f);
    if (!data)
        test_fail(__FILE__, __LINE__, "no memory for %s", path);
    data[used] = '\0';
    if (length)
        *length = used;
    return data;
}

bool test_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

int test_count_dir(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        test_fail(__FILE__, __LINE__, "opening %s: %s", path, strerror(errno));
    int count = 0;
    for (struct dirent *e; (e = readdir(dir));)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return count;
}

int test_run(char **output, const char *const argv[])
{
    int ends[2];
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (pipe(ends) != 0)
        test_fail(__FILE__, __LINE__, "pipe: %s", strerror(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    int rc = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (rc != 0)
        test_fail(__FILE__, __LINE__, "cannot run %s: %s", argv[0], strerror(rc));
    size_t capacity = 65536, used = 0;
    char *text = malloc(capacity);
    ssize_t n;
    while ((n = read(ends[0], text + used, capacity - used - 1)) > 0 || (n < 0 && errno == EINTR)) {
        used += n > 0 ? (size_t)n : 0;
        if (capacity - used < 2)
            text = realloc(text, capacity *= 2);
    }
    close(ends[0]);
    text[used] = '\0';
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (output)
        *output = text;
    else
        free(text);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void test_fill_random(void *into, size_t length, uint64_t seed)
{
    unsigned char *out = into;
    uint64_t x = seed * 0x9E3779B97F4A7C15u + 0x1234567u;
    for (size_t i = 0; i < length; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out[i] = (unsigned char)(x >> 32);
    }
}

static void play(const test_case *c, const char *folder, test_stage *its_stage)
{
    setpgid(0, 0);
    stage = its_stage; /* the frame's own tests fork in a test, which leaves it */
    strcpy(test_directory, folder);
    own_thread = true;
    if (pthread_atfork(NULL, NULL, leave_stage) != 0)
        test_fail(__FILE__, __LINE__, "pthread_atfork: no memory");
    alarm((c->timeout_s ? c->timeout_s : 60) * LIMIT_FACTOR);
    c->run();
    exit(0);
}

/* Says why a test ended that could not say it itself; its exit status. */
static int judge(int status)
{
    if (WIFSIGNALED(status)) {
        tell_of("%s",
                WTERMSIG(status) == SIGALRM ? "took longer than its limit" : strsignal(WTERMSIG(status)));
        return STATUS_FAILED;
    }
    if (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != STATUS_SKIPPED && !stage->told)
        tell_of("ended with status %d", WEXITSTATUS(status));
    return WEXITSTATUS(status);
}

int test_run_case(const test_case *c)
{
    char path[sizeof test_directory];
    const char *base = getenv("TMPDIR");
    test_stage *before = stage,
               *mine = mmap(NULL, sizeof *mine, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;
    fflush(NULL);
    snprintf(path, sizeof path, "%s/archivist-test-XXXXXX", base && *base ? base : "/tmp");
    if (mine == MAP_FAILED || !mkdtemp(path)) {
        perror(path);
        return STATUS_FAILED;
    }
    mine->name = c->name;
    pid_t pid = fork();
    if (pid == 0)
        play(c, path, mine);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    kill(-pid, SIGKILL); /* whatever the test left behind */
    nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS);
    stage = mine;
    status = judge(status);
    stage = before;
    printf("%s %s\n", status == 0 ? "ok" : status == STATUS_SKIPPED ? "skip" : "FAILED", c->name);
    fflush(stdout);
    munmap(mine, sizeof *mine);
    return status;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0, skipped = 0;
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (test_case *c = test_cases; c; c = c->next)
            puts(c->name);
        return 0;
    }
    for (test_case *c = test_cases; c; c = c->next) {
        bool wanted = argc == 1;
        for (int i = 1; i < argc; i++)
            wanted = wanted || strcmp(argv[i], c->name) == 0;
        if (!wanted)
            continue;
        int status = test_run_case(c);
        passed += status == 0;
        skipped += status == STATUS_SKIPPED;
        failed += status != 0 && status != STATUS_SKIPPED;
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed > 0 || passed + skipped == 0;
}
