/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_H
#define SWEEP_H

/*
 * How much of a long search a run does, and with which dice.
 *
 *     ARCHIVIST_FAULTS=full   everything; else a sample of it, another one with each seed
 *     ARCHIVIST_SEED=123      the seed; else the clock's, and it is printed
 *     ARCHIVIST_WORKERS=2     processes that share the work
 */

#include <stdbool.h>
#include <stdint.h>

bool sweep_is_full(void);
/* Printed when it is asked for the first time. */
uint64_t sweep_seed(void);
unsigned sweep_workers(void);
/* Memory that children share, zeroed. */
void *sweep_share(unsigned long bytes);
/* Runs worker(user_data, i) in that many processes; false when one of them failed. */
bool sweep_run(void (*worker)(void *user_data, unsigned number), void *user_data);

typedef struct sweep_dice {
    uint64_t state;
} sweep_dice;
sweep_dice sweep_dice_make(uint64_t seed);
unsigned sweep_roll(sweep_dice *dice, unsigned sides);

#endif
