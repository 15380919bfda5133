/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What each fuzzer defines, and libFuzzer or replay.c calls. */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
