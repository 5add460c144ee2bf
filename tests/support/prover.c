/* SPDX-License-Identifier: Apache-2.0 */
#include "prover.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "package/known.h"
#include "test.h"

static const arv__known known[] = {{ARV__KNOWN_LATE_BASE, "proof/stamp.tst"}, {ARV__KNOWN_NOWHERE, NULL}};

static void hex_of(char hex[2 * ARV_SHA256_BYTES + 1], const unsigned char *imprint)
{
    for (int i = 0; i < ARV_SHA256_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", imprint[i]);
}

/* Whether the journal has a record of that kind over the imprint. */
static bool is_recorded(const stand_in *prover, const char *kind, const char *hex)
{
    char asked[160];
    FILE *f = prover->journal ? fopen(prover->journal, "r") : NULL;
    char *line = NULL;
    size_t room = 0;
    bool ours = false, recorded = false;
    snprintf(asked, sizeof asked, "\"imprint\":\"%s\"", hex);
    while (f && getline(&line, &room, f) > 0) {
        if (strstr(line, "\"kind\":\"asked\""))
            ours = strstr(line, asked) != NULL;
        if (strstr(line, kind) && (ours || strstr(line, asked)))
            recorded = true;
    }
    free(line);
    if (f)
        fclose(f);
    return recorded;
}

static void silent_cancelled(arv__op *op, void *server_data)
{
    (void)server_data;
    arv__op_complete(op, ARV_ECANCELED, NULL);
}

static void answer(stand_in *prover, arv__op *op)
{
    arv_error err;
    if (prover->dies)
        raise(SIGKILL);
    arv__op_begin(op, silent_cancelled, NULL);
    if (prover->on_asked)
        prover->on_asked(prover);
    arv_error_clear(&err);
    if (prover->fails)
        arv_error_set(&err, prover->fails, "The authority does not answer.");
    if (!prover->is_silent)
        arv__op_complete(op, err.code, &err);
}

static void stand_in_stamp(arv__prover *base, const unsigned char *imprint, arv__buf *token, arv__op *op)
{
    stand_in *prover = (stand_in *)base;
    char hex[2 * ARV_SHA256_BYTES + 1];
    hex_of(hex, imprint);
    prover->counts->asked++;
    if (is_recorded(prover, "\"kind\":\"stamped\"", hex))
        snprintf(prover->counts->wrong, sizeof prover->counts->wrong, "a token was there for %s", hex);
    for (size_t i = 0; i < prover->token_bytes; i++)
        arv__buf_byte(token, (unsigned char)i);
    if (prover->token_bytes == 0) {
        arv__buf_text(token, "token over ");
        arv__buf_text(token, hex);
    }
    answer(prover, op);
}

static void stand_in_seal(arv__prover *base, unsigned number, const unsigned char *imprint, arv__op *op)
{
    stand_in *prover = (stand_in *)base;
    char hex[2 * ARV_SHA256_BYTES + 1];
    hex_of(hex, imprint);
    prover->counts->sealed++;
    if (number != 1 || is_recorded(prover, "\"kind\":\"sealed\"", hex))
        snprintf(prover->counts->wrong, sizeof prover->counts->wrong, "a seal was there for %s", hex);
    answer(prover, op);
}

void stand_in_init(stand_in *prover)
{
    *prover = (stand_in){.base = {.place = ARV_BASE_FOLDER,
                                  .name = "proof/stamp.tst",
                                  .stamp = stand_in_stamp,
                                  .seal = stand_in_seal}};
    prover->counts =
        mmap(NULL, sizeof *prover->counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(prover->counts != MAP_FAILED);
    arv__known_entries = known;
}

void stand_in_cleanup(stand_in *prover)
{
    munmap(prover->counts, sizeof *prover->counts);
}
