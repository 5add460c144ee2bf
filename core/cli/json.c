/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <stdio.h>

static void json_to_stdout(void *user_data, const char *bytes, size_t length)
{
    (void)user_data;
    fwrite(bytes, 1, length, stdout);
}

arv_json_writer json_out = {.write = json_to_stdout, .guarded = true};

void json_close(void)
{
    arv_json_close(&json_out);
    if (json_out.depth == 0)
        putchar('\n');
}

void json_digests(const arv_digests *digests)
{
    char hex[129];
    if (digests->present & ARV_DIGEST_SHA256)
        json_text("sha256", arv_digests_hex(digests, ARV_DIGEST_SHA256, hex));
    if (digests->present & ARV_DIGEST_SHA512)
        json_text("sha512", arv_digests_hex(digests, ARV_DIGEST_SHA512, hex));
}

void json_error(const arv_error *err, const char *hint, int exit_code)
{
    while (json_out.depth > 1)
        json_close();
    if (json_out.depth == 0)
        json_open(NULL, '{');
    json_open("error", '{');
    json_text("name", arv_error_name(err->code));
    json_signed("code", err->code);
    json_text("message", err->message);
    if (hint)
        json_text("hint", hint);
    json_signed("exit", exit_code);
    json_close();
    json_close();
}
