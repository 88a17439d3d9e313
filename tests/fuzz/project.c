/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/shown-project.h"

/* Opening alone, which checks all that a project lists. */
static void
do_nothing (PatronProject *project, guint8 flags)
{
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_shown_project (data, size, do_nothing);
  return 0;
}
