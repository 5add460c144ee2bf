/* SPDX-License-Identifier: Apache-2.0 */
#include "package/zstd.h"

#include <zstd.h>
#include <zstd_errors.h>
#include <arv/sys/alloc.h>

/*
 * The window has the size of a unit. A frame has hardly more bytes than that, so compression loses
 * nothing, and a worker's tables stay small at the high levels.
 */

enum { ZSTD_WINDOW_LOG = 20, ZSTD_LEVEL_FASTEST = -7 };

struct arv__zstd {
    int level, level_set;
    ZSTD_CCtx *context;
};

static int zstd_seterr(arv_error *err, size_t result, const char *what)
{
    arv_error_set(err, ARV_EINTERNAL,
                  "zstd could not %s (%s); this is a defect of Archivist, please report it.", what,
                  ZSTD_getErrorName(result));
    if (err) {
        err->domain = ARV_DOMAIN_ZSTD;
        err->detail = (int64_t)ZSTD_getErrorCode(result);
    }
    return ARV_EINTERNAL;
}

static int zstd_set_level(arv__zstd *zstd, int level, arv_error *err)
{
    size_t result;
    if (zstd->level_set == level)
        return 0;
    result = ZSTD_CCtx_setParameter(zstd->context, ZSTD_c_compressionLevel, level);
    if (ZSTD_isError(result))
        return zstd_seterr(err, result, "set its level");
    zstd->level_set = level;
    return 0;
}

int arv__zstd_new(arv__zstd **out, int level, arv_error *err)
{
    size_t result;
    int rc = 0;
    arv__zstd *zstd = arv_calloc(1, sizeof *zstd);
    if (zstd)
        zstd->context = ZSTD_createCCtx();
    if (!zstd || !zstd->context) {
        rc = arv_error_nomem(err, "a compressor");
        goto out;
    }
    zstd->level = level;
    result = ZSTD_CCtx_setParameter(zstd->context, ZSTD_c_windowLog, ZSTD_WINDOW_LOG);
    if (!ZSTD_isError(result))
        result = ZSTD_CCtx_setParameter(zstd->context, ZSTD_c_checksumFlag, 1);
    if (!ZSTD_isError(result))
        result = ZSTD_CCtx_setParameter(zstd->context, ZSTD_c_contentSizeFlag, 1);
    if (ZSTD_isError(result))
        rc = zstd_seterr(err, result, "be prepared");
out:
    if (rc < 0) {
        arv__zstd_free(zstd);
        zstd = NULL;
    }
    *out = zstd;
    return rc;
}

void arv__zstd_free(arv__zstd *zstd)
{
    if (!zstd)
        return;
    ZSTD_freeCCtx(zstd->context);
    arv_free(zstd);
}

int arv__zstd_frame(arv__zstd *zstd, const void *data, size_t length, bool packed, arv__buf *out,
                    arv_error *err)
{
    size_t bound = ZSTD_compressBound(length), result;
    bool fastest = zstd->level == 0 || packed;
    int rc = zstd_set_level(zstd, fastest ? ZSTD_LEVEL_FASTEST : zstd->level, err);
    if (rc < 0)
        return rc;
    if (!arv__buf_reserve(out, bound))
        return arv__buf_status(out, "a compressed unit", err);
    result = ZSTD_compress2(zstd->context, out->data + out->length, bound, data, length);
    if (ZSTD_isError(result)) {
        if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
            return arv_error_nomem(err, "a compressor");
        return zstd_seterr(err, result, "compress a unit");
    }
    out->length += result;
    return 0;
}
