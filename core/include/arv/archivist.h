/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ARCHIVIST_H
#define ARV_ARCHIVIST_H

/* The whole public API. */
#include <arv/digest.h>
#include <arv/engine.h>
#include <arv/entry.h>
#include <arv/error.h>
#include <arv/job.h>
#include <arv/log.h>
#include <arv/package.h>
#include <arv/staging.h>
#include <arv/storage.h>
#include <arv/task.h>
#include <arv/verify.h>
#include <arv/version.h>

#endif
