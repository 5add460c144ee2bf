/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFORMANCE_SCENE_H
#define CONFORMANCE_SCENE_H

/* Between the files of the conformance suite: an engine, a storage, and a file to put into it. */

#include "conformance.h"
#include "engine.h"
#include "storage/internal.h"

enum { SMALL = 5000, MIDDLE = (3 << 20) + 77, LARGE = 64 << 20, TURNS_MAX = 4000 };

typedef struct scene {
    const conformance_target *target;
    arv_engine *engine;
    arv__loop *loop;
    arv_storage *storage;
    char key[ARV_KEY_BYTES];
    unsigned char *bytes;
    size_t length;
    char source[512]; /* a file with these bytes */
    arv_error err;
} scene;

void scene_new_key(char key[ARV_KEY_BYTES]);
void scene_open(scene *s, const conformance_target *target, size_t length);
void scene_check_no_leftovers(const conformance_target *target);
void scene_close(scene *s);
int scene_put(scene *s, const char *path, const char *key);
int scene_get(scene *s, const char *key, const char *path);
int scene_stat(scene *s, const char *key);
int scene_remove(scene *s, const char *key);
int scene_tidy(scene *s, const char *key);
void scene_check_holds(scene *s, const char *key, const void *bytes, size_t length);
void scene_check_clean(scene *s);

#endif
