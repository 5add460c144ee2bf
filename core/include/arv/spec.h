/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_SPEC_H
#define ARV_SPEC_H

/*
 * The specification of a job: a JSON text that names the entries, the options and the storages. It
 * is for programs that get their jobs as texts, such as the command line. docs/command-line.md names its
 * members, docs/schemas/spec.schema.json has them for programs.
 *
 *     arv_spec_read(&spec, "exam.json", &err);
 *     arv_spec_storages(spec, engine, storages, &count, &err);
 *     arv_spec_entries(spec, &entries, &err);
 *     arv_staging_create(staging, arv_spec_uuid(spec), arv_spec_document(spec, &length), length, &err);
 *     arv_spec_fill(spec, &package, &job);   // both initialized before
 *     // then set job.entries, job.storages, job.staging and callbacks
 *     arv_job_start(…, &job, &err);
 *
 * After a crash arv_spec_of_job() makes the same from the document that the staging kept. A binding to
 * another language holds an arv_spec in an object of its own, gives texts to arv_spec_parse(), and hands
 * out entries and storages as its own objects: nothing here needs a file or a process.
 *
 * Paths in a specification that do not begin with "/" begin at the folder of its file, wherever a later
 * run of the job happens. It must hold no secret, since a staging keeps it. A storage's option names a
 * variable of the environment or a file instead; arv_spec_storages() reads that.
 *
 * Ownership: the caller frees an arv_spec with arv_spec_free(); texts are borrowed from it. It copies the
 *   text that it was made from.
 * Threading: one thread at a time. Functions that read files may block.
 * Errors: ARV_EFORMAT, with line and column, for a text that is no JSON; ARV_EINVALID, with line and
 *   member, for a member that breaks its rules; ARV_ELIMIT above 1000 KiB; ARV_ENOMEM. All others name the
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
/* Parses a text that does not stand in a file. `file` is an absolute path: messages name it and paths
 * begin in its folder; the file need not exist. */
ARV_API int arv_spec_parse(arv_spec **spec, const char *text, size_t length, const char *file,
                           arv_error *err);
/* Makes the specification from which a job was made. Also ARV_EUNSUPPORTED: another program made the job,
 * and not from a specification; errors of arv_staging_document_take(). */
ARV_API int arv_spec_of_job(arv_spec **spec, arv_staging *staging, const char *uuid, arv_error *err);
ARV_API void arv_spec_free(arv_spec *spec);

/* Returns the job's UUID: after arv_spec_of_job() that of the job; else the member "uuid". Without that
 * member, a UUID derived from file and text: the same specification is the same job. */
ARV_API const char *arv_spec_uuid(const arv_spec *spec);
ARV_API const char *arv_spec_file(const arv_spec *spec);
/* Returns the document for arv_staging_create(). A job of the same UUID was made from this specification
 * if its document is the same byte for byte. */
ARV_API const void *arv_spec_document(const arv_spec *spec, size_t *length);

/* Sets the members of a specification, but entries and storages, in `package` and `job`, and points `job`
 * at `package`. The caller initializes both before, by arv_package_options_init() and
 * arv_job_spec_init(). Strings are borrowed from the specification: keep it until arv_job_start()
 * returned. */
ARV_API void arv_spec_fill(const arv_spec *spec, arv_package_options *package, arv_job_spec *job);
/* Makes the list of entries; looks at every source. Errors of arv/entry.h, and ARV_ENOTFOUND: none. */
ARV_API int arv_spec_entries(const arv_spec *spec, arv_entries **entries, arv_error *err);
/* Opens all storages and sets their `count`. After an error none is open. Errors of arv_storage_open();
 * those of a file that an option names. */
ARV_API int arv_spec_storages(const arv_spec *spec, arv_engine *engine,
                              arv_storage *storages[ARV_JOB_STORAGES_MAX], size_t *count, arv_error *err);

#ifdef __cplusplus
}
#endif
#endif
