/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A fuzz target is one file with this function; libFuzzer calls it, or main.c does with a short deterministic set of inputs. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What main.c starts from: NULL-terminated, defined by the target. */
extern const char *const fuzz_seeds[];
