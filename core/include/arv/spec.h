/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_SPEC_H
#define ARV_SPEC_H

/*
 * The specification of a job: a JSON text that says what is archived, how, and into which storages. It
 * is for programs that get their jobs as texts, such as the command line. docs/command-line.md names its
 * members, docs/schemas/spec.schema.json has them for programs.
 *
 *     arv_spec_read(&spec, "exam.json", &err);
 *     arv_spec_storages(spec, engine, storages, &count, &err);
 *     arv_spec_entries(spec, &entries, &err);
 *     arv_staging_create(staging, arv_spec_uuid(spec), arv_spec_document(spec, &length), length, &err);
 *     arv_spec_fill(spec, &package, &job);   // both initialized before; then job.entries, job.storages, job.staging, callbacks
 *     arv_job_start(…, &job, &err);
 *
 * After a crash arv_spec_of_job() makes the same from what the staging kept. A binding to another
 * language holds an arv_spec in an object of its own, gives texts to arv_spec_parse(), and hands out
 * entries and storages as the objects that it has for them: nothing here needs a file or a process.
 *
 * Paths in a specification that do not begin with "/" begin at the folder of its file, wherever the job
 * is gone on with. No secret may stand in it, since a staging keeps it: a storage's option names a
 * variable of the environment or a file instead, which is read when the storages are opened.
 *
 * Ownership: the caller frees an arv_spec with arv_spec_free(); texts are borrowed from it. The text that
 *   it was made from is copied.
 * Threading: one thread at a time. May block: what reads files does so at once.
 * Errors: ARV_EFORMAT, with line and column, for what is no JSON; ARV_EINVALID, with line and member, for
 *   what is not as it must be; ARV_ELIMIT above 1000 KiB; ARV_ENOMEM. All others name the
 *   file; none repeats the value of an option or a URL with a password.
 * Units: bytes.
 */

#include <arv/job.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arv_spec arv_spec;

/* Reads a file. Also ARV_ENOTFOUND, ARV_EACCESS, ARV_EIO. */
ARV_API int arv_spec_read(arv_spec **spec, const char *path, arv_error *err);
/* A text that came another way. `file` is the absolute path that it counts as: messages name it and paths
 * begin in its folder; nothing needs to stand there. */
ARV_API int arv_spec_parse(arv_spec **spec, const char *text, size_t length, const char *file,
                           arv_error *err);
/* What a job was made from. Also ARV_EUNSUPPORTED: another program made the job, and not from a
 * specification; those of arv_staging_document_take(). */
ARV_API int arv_spec_of_job(arv_spec **spec, arv_staging *staging, const char *uuid, arv_error *err);
ARV_API void arv_spec_free(arv_spec *spec);

/* The job's: of arv_spec_of_job() that of the job; else its member "uuid", or, without one, what file and
 * text give: the same specification is the same job. */
ARV_API const char *arv_spec_uuid(const arv_spec *spec);
ARV_API const char *arv_spec_file(const arv_spec *spec);
/* What arv_staging_create() is to keep. A job of the same UUID was made from this specification if its
 * document is the same byte for byte. */
ARV_API const void *arv_spec_document(const arv_spec *spec, size_t *length);

/* Sets all that a specification says but entries and storages in both, which arv_package_options_init() and
 * arv_job_spec_init() made, and `package` in `job`. Strings stay the specification's until
 * arv_job_start() returned. */
ARV_API void arv_spec_fill(const arv_spec *spec, arv_package_options *package, arv_job_spec *job);
/* What is archived; every source is looked at. Errors of arv/entry.h, and ARV_ENOTFOUND: nothing. */
ARV_API int arv_spec_entries(const arv_spec *spec, arv_entries **entries, arv_error *err);
/* Opens all storages; `count` of them. After an error none is open. Errors of arv_storage_open(); those of
 * a file that an option names. */
ARV_API int arv_spec_storages(const arv_spec *spec, arv_engine *engine,
                              arv_storage *storages[ARV_JOB_STORAGES_MAX], size_t *count, arv_error *err);

#ifdef __cplusplus
}
#endif
#endif
