/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* A fuzz target, as libFuzzer calls it. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static inline void
fuzz_stop (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  fprintf (stderr, "%s\n", message);
  abort ();
}

/* To be called first by each target: what would be a warning in the log is a failure. */
static inline void
fuzz_begin (void)
{
  g_log_set_default_handler (fuzz_stop, NULL);
}
