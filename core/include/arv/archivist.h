/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ARCHIVIST_H
#define ARV_ARCHIVIST_H

/*
 * The whole public API.
 *
 * Structs of options grow. So they begin with `size_t struct_bytes`, the size that the struct has for the
 * caller's compiler. A program sets it, and sets every field that it does not need to 0:
 *
 *     arv_folder_options folder = {.struct_bytes = sizeof folder, .links = ARV_LINKS_SKIP};
 *
 * Where a default is not 0, a program must call the _init function:
 *
 *     arv_package_options package;
 *     arv_package_options_init(&package, sizeof package);
 *     package.name = "Exam";
 *
 * A later version adds fields at the end; 0 in a new field means the behaviour of earlier versions. An
 * older program gives a shorter struct, and the library takes the missing fields as 0. A newer program
 * gives a longer one, and the library accepts it if all fields that it does not know are 0. A struct of
 * options never stands within another one; the other one points at it.
 *
 * Ownership: the caller owns structs of options and all that they point at; each header says how long.
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
