/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ARCHIVIST_H
#define ARV_ARCHIVIST_H

/*
 * The whole public API.
 *
 * Structs of options grow, and begin with `size_t struct_bytes` for that: the size that the struct has
 * for the caller's compiler. A program sets it, and all that it does not need to 0:
 *
 *     arv_folder_options folder = {.struct_bytes = sizeof folder, .links = ARV_LINKS_SKIP};
 *
 * Where a default is not 0 there is an _init function, which must be called:
 *
 *     arv_package_options package;
 *     arv_package_options_init(&package, sizeof package);
 *     package.name = "Exam";
 *
 * A later version adds fields at the end, and 0 in them means what was done before there were any. So
 * an older program gives a shorter struct, and what it lacks is 0. A newer program gives a longer one,
 * which is taken as long as what the library does not know is 0. A struct of options never stands
 * within another one; it is pointed at.
 *
 * Ownership: structs of options and what they point at are the caller's; each header says how long.
 * Errors: a function that takes one returns ARV_EINVALID when struct_bytes is not set, and
 *   ARV_EUNSUPPORTED when a field is set that the library does not know. NULL in place of one means all
 *   defaults, unless the struct says that it is required.
 */
#include <arv/digest.h>
#include <arv/engine.h>
#include <arv/entry.h>
#include <arv/error.h>
#include <arv/job.h>
#include <arv/json.h>
#include <arv/log.h>
#include <arv/package.h>
#include <arv/staging.h>
#include <arv/spec.h>
#include <arv/storage.h>
#include <arv/task.h>
#include <arv/utf8.h>
#include <arv/verify.h>
#include <arv/version.h>

#endif
