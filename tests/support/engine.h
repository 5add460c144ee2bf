/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ENGINE_H
#define TEST_ENGINE_H

/* A context that stands for an engine, for tests of what lies left of the job module; and short
 * forms for tasks. */

#include "loop/context.h"
#include <arv/task.h>

arv_engine *test_engine_new(void);
/* For tests in which it may fail. */
int test_engine_try(arv_engine **engine, arv_error *err);
/* Cancels what is under way, waits for it and frees. */
void test_engine_free(arv_engine *engine);
/* The last record of the log at WARNING or above; "" when there was none. */
const char *test_engine_warning(void);

/* Waits for a task that was started, drops it, and returns its status. */
int test_finish(int started, arv_task **task, arv_error *err);

#endif
