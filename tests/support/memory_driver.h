/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MEMORY_DRIVER_H
#define MEMORY_DRIVER_H

/*
 * Two storages in memory that answer later, as a network would: "memory" streams, "parcel" takes
 * and gives whole files. Both keep their objects in one store, and a test may make them misbehave.
 */

#include <arv/sys/storage.h>

extern const arv_storage_ops memory_driver_ops; /* memory: */
extern const arv_storage_ops parcel_driver_ops; /* parcel: */

typedef struct memory_faults {
    bool flip;        /* what was stored differs by one bit from what was sent */
    bool shorten;     /* what is read back ends one byte early */
    const char *slot; /* this slot fails with `code` */
    int code;
    bool at_once;            /* answer from inside the slot */
    uint64_t capacity_bytes; /* 0: as much as there is */
} memory_faults;

extern memory_faults memory_fault;
unsigned memory_objects(void);
unsigned memory_open_handles(void);
void memory_clear(void);

#endif
