/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "package/known.h"
#include "packing.h"

static arv_format pack_format;
static const arv__known pack_known[] = {{ARV__KNOWN_FIRST, "mimetype"},
                                        {ARV__KNOWN_LATE_BASE, "proof"},
                                        {ARV__KNOWN_NOWHERE, NULL}};

static void closing_adds(void *user_data, arv_closing *closing)
{
    arv_error err;
    (void)user_data;
    int rc = arv_closing_add(closing, ARV_BASE_FOLDER, "proof", "x", 1, &err);
    arv_closing_done(closing, rc, &err);
}

/* Everything that allocates: a large file, a callback of unknown size, names that collide, a first
 * entry, an entry while closing. */
static int pack_all(packing *p, packing_source *source)
{
    int rc;
    arv__known_entries = pack_known;
    p->options.format = pack_format;
    p->options.created_by = "Mia";
    p->options.title = "Exam";
    p->options.metadata_json = "{\"a\":1}";
    p->options.closing = closing_adds;
    if (pack_format == ARV_FORMAT_ZIP) {
        p->options.first_entry_name = "mimetype";
        p->options.first_entry_data = "x";
        p->options.first_entry_length = 1;
    }
    if ((rc = packing_path(p, "large", test_path("large"))) < 0 || (rc = packing_memory(p, "a:b", "1")) < 0 ||
        (rc = packing_memory(p, "a?b", "2")) < 0 ||
        (rc = packing_callback(p, "call", ARV_SIZE_UNKNOWN, source)) < 0)
        return rc;
    return packing_run(p, test_path("out/x"));
}

static void body(void *user_data, bool must_succeed)
{
    static unsigned char data[3000];
    packing p;
    packing_source source = {.data = data, .length = sizeof data};
    int rc;

    (void)user_data;
    rc = packing_open(&p, 2);
    if (rc == 0)
        rc = pack_all(&p, &source);
    packing_close(&p);
    if (must_succeed)
        CHECK_OK(rc, &p.error);
    else if (rc < 0)
        CHECK_ERR(rc, &p.error, ARV_ENOMEM, NULL);
    CHECK_INT(test_count_dir(test_path("out")), rc < 0 ? 0 : 1);
    unlink(test_path("out/x"));
}

static void prepare(arv_format format)
{
    unsigned char *data = malloc(2500000);
    test_fill_random(data, 2500000, 3);
    test_write_file(test_path("large"), data, 2500000);
    free(data);
    mkdir(test_path("out"), 0700);
    pack_format = format;
}

/* ---- several inputs into a stream ---------------------------------------------------------------- */

/* As "archivist pack A B c.pdf - -o -" does it: folders with links that are recorded, a file, stdin. */
static int pack_inputs(packing *p, packing_source *source, int fd)
{
    const arv_folder_options recording = {.struct_bytes = sizeof recording, .links = ARV_LINKS_RECORD};
    arv_entry file = {.name = "large", .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = ARV_TIME_UNKNOWN};
    arv__sink *sink = NULL;
    int rc;
    p->options.format = pack_format;
    if ((rc = arv_entries_add_folder(p->entries, "A", test_path("A"), &recording, &p->error)) < 0 ||
        (rc = arv_entries_add_folder(p->entries, "B", test_path("A"), NULL, &p->error)) < 0 ||
        (rc = arv_entries_add_path(p->entries, &file, test_path("large"), &p->error)) < 0 ||
        (rc = packing_callback(p, "stdin", ARV_SIZE_UNKNOWN, source)) < 0 ||
        (rc = arv__sink_descriptor_new(&sink, p->io, &p->io_lane, fd, &p->error)) < 0)
        return rc;
    return packing_run_sink(p, sink);
}

static void inputs_body(void *user_data, bool must_succeed)
{
    static unsigned char data[3000];
    packing p;
    packing_source source = {.data = data, .length = sizeof data};
    int fd = open(test_path("out/x"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    (void)user_data;
    CHECK(fd >= 0);
    int rc = packing_open(&p, 2);
    if (rc == 0)
        rc = pack_inputs(&p, &source, fd);
    if (rc == 0)
        CHECK_INT(p.totals.payload_entries, 6); /* a link is recorded, and followed in B */
    packing_close(&p);
    close(fd);
    if (must_succeed)
        CHECK_OK(rc, &p.error);
    else if (rc < 0)
        CHECK_ERR(rc, &p.error, ARV_ENOMEM, NULL);
}

static void prepare_inputs(arv_format format)
{
    prepare(format);
    CHECK_INT(mkdir(test_path("A"), 0700), 0);
    test_write_file(test_path("A/file"), "1", 1);
    CHECK_INT(symlink("file", test_path("A/link")), 0);
}

TEST_TIMEOUT(several_inputs_into_a_zip_survive_every_failed_allocation, 300)
{
    prepare_inputs(ARV_FORMAT_ZIP);
    CHECK(test_each_allocation(inputs_body, NULL) > 30);
}

TEST_TIMEOUT(several_inputs_into_a_tar_survive_every_failed_allocation, 300)
{
    prepare_inputs(ARV_FORMAT_TAR_GZ);
    CHECK(test_each_allocation(inputs_body, NULL) > 30);
}

TEST_TIMEOUT(packing_a_zip_survives_every_failed_allocation, 300)
{
    prepare(ARV_FORMAT_ZIP);
    CHECK(test_each_allocation(body, NULL) > 30);
}

TEST_TIMEOUT(packing_a_tar_survives_every_failed_allocation, 300)
{
    prepare(ARV_FORMAT_TAR_ZST);
    CHECK(test_each_allocation(body, NULL) > 30);
}
