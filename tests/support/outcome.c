/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/evp.h>

__attribute__((format(printf, 2, 3))) static bool wrong(char why[400], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, 400, format, args);
    va_end(args);
    return false;
}

bool outcome_sha256(const char *path, char hex[65])
{
    static unsigned char block[1 << 16];
    unsigned char digest[EVP_MAX_MD_SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    if (fd < 0)
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    while ((n = read(fd, block, sizeof block)) > 0)
        EVP_DigestUpdate(context, block, (size_t)n);
    EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    close(fd);
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return n == 0;
}

/* ---- what is there --------------------------------------------------------------------------- */

typedef bool (*look_cb)(void *user_data, const char *path, const char *name, bool folder, char why[400]);

/* Every name in a folder; a folder that is not there has none. */
static bool look(const char *folder, look_cb callback, void *user_data, char why[400])
{
    char path[OUTCOME_PATH_BYTES + 300];
    struct dirent *entry;
    struct stat st;
    bool good = true;
    DIR *dir = opendir(folder);
    while (good && dir && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (lstat(path, &st) == 0)
            good = callback(user_data, path, entry->d_name, S_ISDIR(st.st_mode), why);
    }
    if (dir)
        closedir(dir);
    return good;
}

typedef struct counting {
    const outcome_place *place;
    char shard[3];
    bool may_be_temporary; /* nobody has cleaned up yet */
    int objects, beside;
} counting;

static bool count_object(void *user_data, const char *path, const char *name, bool folder, char why[400])
{
    counting *c = user_data;
    char should[48], sha256[65];
    snprintf(should, sizeof should, "%s.json", c->place->uuid);
    if (c->place->beside && strcmp(name, should) == 0) {
        c->beside++;
        return true;
    }
    snprintf(should, sizeof should, "%s.zip", c->place->uuid);
    if (strcmp(name, should) != 0) {
        bool temporary = strncmp(name, ".archivist-", 11) == 0;
        if (folder || (temporary && !c->may_be_temporary && !c->place->shared))
            return wrong(why, "%s is left over", path);
        if (!temporary && !c->place->shared)
            return wrong(why, "%s is no object of the job", path);
        return true;
    }
    if (strncmp(c->place->uuid + 34, c->shard, 2) != 0)
        return wrong(why, "%s lies in the wrong folder", path);
    if (!outcome_sha256(path, sha256))
        return wrong(why, "%s cannot be read", path);
    if (c->place->sha256[0] && strcmp(sha256, c->place->sha256) != 0)
        return wrong(why, "%s is damaged: SHA-256 %.16s…, not %.16s…", path, sha256, c->place->sha256);
    c->objects++;
    return true;
}

static bool count_shard(void *user_data, const char *path, const char *name, bool folder, char why[400])
{
    counting *c = user_data;
    if (!folder && strcmp(name, ".archivist-storage") == 0)
        return true;
    if (!folder && strncmp(name, ".archivist-", 11) == 0 && (c->may_be_temporary || c->place->shared))
        return true; /* a mark that is being made, maybe by another job */
    if (!folder || strlen(name) != 2)
        return wrong(why, "%s does not belong into a storage", path);
    memcpy(c->shard, name, 3);
    return look(path, count_object, c, why);
}

static int count_in(const outcome_place *place, unsigned storage, bool may_be_temporary, int *beside,
                    char why[400])
{
    counting c = {place, "", may_be_temporary, 0, 0};
    if (!look(place->storages[storage], count_shard, &c, why))
        return -1;
    if (c.objects > 1)
        return wrong(why, "%s holds the object %d times", place->storages[storage], c.objects), -1;
    *beside = c.beside;
    return c.objects;
}

int outcome_count(const outcome_place *place, unsigned storage, char why[400])
{
    int beside;
    return count_in(place, storage, true, &beside, why);
}

/* A job's folder in the staging, after its end. */
static bool check_job_folder(void *user_data, const char *path, const char *name, bool folder, char why[400])
{
    static const char *const may[] = {"lock", "journal", "head", "document", "log", "cancel"};
    const outcome_told *told = user_data;
    for (size_t i = 0; i < sizeof may / sizeof *may && !folder; i++)
        if (strcmp(name, may[i]) == 0)
            return true;
    if (told->deleting && strcmp(name, "deleting") == 0)
        return true;
    return wrong(why, "%s is left over", path);
}

typedef struct ended_place {
    const outcome_place *place;
    const outcome_told *told;
} ended_place;

static bool check_staging(void *user_data, const char *path, const char *name, bool folder, char why[400])
{
    const ended_place *ended = user_data;
    const outcome_place *place = ended->place;
    if (strcmp(name, place->uuid) == 0 && folder)
        return look(path, check_job_folder, (void *)ended->told, why);
    return place->shared ? true : wrong(why, "%s is left over", path);
}

static bool check_nothing(void *user_data, const char *path, const char *name, bool folder, char why[400])
{
    (void)user_data;
    (void)name;
    (void)folder;
    return wrong(why, "%s is left over", path);
}

/* ---- what must hold -------------------------------------------------------------------------- */

static bool judge_status(const outcome_told *told, const arv_staged_status *now, char why[400])
{
    if (told->ended && now->state != told->state)
        return wrong(why, "it was told that the job is %s; now it is %s", arv_job_state_name(told->state),
                     arv_job_state_name(now->state));
    if (now->running)
        return wrong(why, "it says that somebody runs the job, and nobody does");
    if (now->state == ARV_JOB_COMPLETED)
        for (size_t i = 0; i < now->target_count; i++)
            if (!now->targets[i].stored)
                return wrong(why, "it is COMPLETED, and %s is not stored", now->targets[i].address);
    return true;
}

static bool judge_end(const outcome_place *place, const outcome_told *told, arv_job_state state,
                      char why[400])
{
    bool complete = state == ARV_JOB_COMPLETED;
    for (unsigned i = 0; i < place->storage_count; i++) {
        int beside, count = count_in(place, i, false, &beside, why);
        if (count < 0)
            return false;
        if (beside != (complete && place->beside ? 1 : 0))
            return wrong(why, "the job is %s, and %s holds %d objects beside it", arv_job_state_name(state),
                         place->storages[i], beside);
        if (count != (complete ? 1 : 0))
            return wrong(why, "the job is %s, and %s holds %d objects", arv_job_state_name(state),
                         place->storages[i], count);
    }
    if (complete && told->ended && place->sha256[0] && strcmp(told->sha256, place->sha256) != 0)
        return wrong(why, "the digest %.16s… was told, not %.16s…", told->sha256, place->sha256);
    if (!complete && told->ended && (told->error.code >= 0 || !told->error.message[0]))
        return wrong(why, "the job is %s without a cause", arv_job_state_name(state));
    ended_place ended = {place, told};
    if (place->staging[0] && !look(place->staging, check_staging, &ended, why))
        return false;
    return !place->temp[0] || look(place->temp, check_nothing, NULL, why);
}

bool outcome_judge(const outcome_place *place, const outcome_told *told, int asked,
                   const arv_staged_status *now, char why[400])
{
    char path[OUTCOME_PATH_BYTES + 40];
    arv_job_state state = asked == 0 ? now->state : told->ended ? told->state : ARV_JOB_QUEUED;
    for (unsigned i = 0; i < place->storage_count; i++)
        if (outcome_count(place, i, why) < 0)
            return false;
    if (asked == 0 && !judge_status(told, now, why))
        return false;
    if (told->deleted && place->staging[0]) {
        snprintf(path, sizeof path, "%s/%s", place->staging, place->uuid);
        if (access(path, F_OK) == 0)
            return wrong(why, "the job was deleted, and %s is there", path);
    } else if (asked == ARV_ENOTFOUND && told->created && !told->deleting) {
        return wrong(why, "the job was made, and nothing knows it any more");
    }
    return !arv_job_state_final(state) || judge_end(place, told, state, why);
}
