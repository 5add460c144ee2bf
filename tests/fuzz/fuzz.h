/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_H
#define FUZZ_H

/*
 * Fuzz targets: built with -DARCHIVIST_FUZZ=ON by clang, one program each, run over the seeds of
 * tests/fuzz/corpus/<target>/. Each takes bytes, runs the code that reads such bytes from
 * strangers, and must not crash, leak, hang or write outside of its buffers.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

#endif
