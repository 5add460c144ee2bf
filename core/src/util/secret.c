/* SPDX-License-Identifier: Apache-2.0 */
#include <arv/sys/secret.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <arv/sys/alloc.h>

/* The pages begin with this, so that no pointer to the text stands in ordinary memory. */
struct arv_secret {
    unsigned references;
    size_t mapped, length;
    char text[];
};

static arv_secret *secret_map(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), mapped = (bytes + page - 1) / page * page;
    void *pages = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    (void)madvise(pages, mapped, MADV_DONTDUMP);
    (void)mlock(pages, mapped); /* refused where a user may lock little: then it may be swapped */
    arv_secret *secret = pages;
    secret->mapped = mapped;
    return secret;
}

int arv_secret_new(arv_secret **out, const char *text, size_t length, arv_error *err)
{
    *out = NULL;
    if (!text || length == 0 || length > ARV_SECRET_BYTES_MAX || memchr(text, '\0', length))
        return arv_error_set(err, ARV_EINVALID, "A secret is a text of 1 to %d bytes without NUL.",
                             ARV_SECRET_BYTES_MAX);
    arv_secret *secret = secret_map(sizeof *secret + length + 1);
    if (!secret)
        return arv_error_nomem(err, "a secret");
    secret->references = 1;
    secret->length = length;
    memcpy(secret->text, text, length);
    *out = secret;
    return 0;
}

arv_secret *arv_secret_ref(arv_secret *secret)
{
    __atomic_add_fetch(&secret->references, 1, __ATOMIC_RELAXED);
    return secret;
}

void arv_secret_unref(arv_secret *secret)
{
    if (!secret || __atomic_sub_fetch(&secret->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    size_t mapped = secret->mapped;
    explicit_bzero(secret, mapped);
    munmap(secret, mapped);
}

const char *arv_secret_text(const arv_secret *secret)
{
    return secret->text;
}

size_t arv_secret_length(const arv_secret *secret)
{
    return secret->length;
}
