/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_BAG_GROUPS_H
#define ARV_PACKAGE_BAG_GROUPS_H

/*
 * The records of a bag grouped by owner. Owners stand in the order in which people look for them (case
 * and accents do not count), records without an owner last; within a group the container's order stays.
 * The groups keep the place and the numbers of a record only.
 *
 * Ownership: heap. Threading: one thread at a time.
 * Memory: 8 MiB; beyond it a temporary file. Errors: those of the sorter.
 */

#include "package/bag_internal.h"

typedef struct arv__bag_groups arv__bag_groups;

typedef struct arv__bag_row {
    const char *owner; /* NULL: none; valid until the next one */
    size_t owner_length;
    uint64_t group; /* from 0 */
    bool first;     /* of its group */
    bool file;
    uint32_t length; /* of the record */
    uint64_t offset; /* where the record stands */
    uint32_t row_bytes;
    uint64_t size_bytes;
} arv__bag_row;

int arv__bag_groups_new(arv__bag_groups **groups, const char *temp_directory, arv_error *err);
void arv__bag_groups_free(arv__bag_groups *groups); /* accepts NULL */
int arv__bag_groups_add(arv__bag_groups *groups, const arv__bag_record *record, uint64_t offset,
                        size_t length, arv_error *err);
int arv__bag_groups_rewind(arv__bag_groups *groups, arv_error *err);
/* Returns 1 and the next row, 0 at the end, or < 0. */
int arv__bag_groups_next(arv__bag_groups *groups, arv__bag_row *row, arv_error *err);

#endif
