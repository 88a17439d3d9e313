/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* A fuzz target, as libFuzzer calls it. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
