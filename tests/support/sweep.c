/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

enum { WORKERS_MOST = 64 };

bool sweep_is_full(void)
{
    const char *wanted = getenv("ARCHIVIST_FAULTS");
    return wanted && strcmp(wanted, "full") == 0;
}

uint64_t sweep_seed(void)
{
    static uint64_t seed;
    const char *wanted = getenv("ARCHIVIST_SEED");
    if (seed)
        return seed;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    seed = wanted ? strtoull(wanted, NULL, 10) : (uint64_t)now.tv_nsec % 1000000u;
    seed += seed == 0;
    printf("# ARCHIVIST_SEED=%" PRIu64 "\n", seed);
    fflush(stdout);
    return seed;
}

unsigned sweep_workers(void)
{
    const char *wanted = getenv("ARCHIVIST_WORKERS");
    long n = wanted ? strtol(wanted, NULL, 10) : 1;
    return n < 1 ? 1 : n > WORKERS_MOST ? WORKERS_MOST : (unsigned)n;
}

void *sweep_share(unsigned long bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    return memory;
}

bool sweep_run(void (*worker)(void *user_data, unsigned number), void *user_data)
{
    unsigned count = sweep_workers();
    pid_t pids[WORKERS_MOST];
    bool good = true;
    fflush(NULL);
    for (unsigned i = 0; i < count; i++) {
        pids[i] = fork();
        CHECK(pids[i] >= 0);
        if (pids[i] == 0) {
            CHECK_SCENE("worker %u of %u", i, count);
            alarm(0);
            worker(user_data, i);
            fflush(NULL);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        int status = 0;
        while (waitpid(pids[i], &status, 0) < 0 && errno == EINTR)
            continue;
        good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return good;
}

static uint64_t sweep_mix(uint64_t x) /* splitmix64 */
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

sweep_dice sweep_dice_make(uint64_t seed)
{
    return (sweep_dice){sweep_mix(seed + 1)};
}

unsigned sweep_roll(sweep_dice *dice, unsigned sides)
{
    return (unsigned)(sweep_mix(dice->state += 0x9E3779B97F4A7C15u) >> 33) % sides;
}
