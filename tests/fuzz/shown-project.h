/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fuzz/fuzz.h"

#include "project/project.h"

/* Opens a project file with some bytes changed: five bytes of data each, an offset and the byte; of the first byte, bit 0 says whether the file also
 * ends at the last offset, the others are for use(), which is called with what could be opened. Opened, or refused with a sentence; and SQLite has
 * all its memory back. */
void fuzz_shown_project (const uint8_t *data, size_t size, void (*use) (PatronProject *project, guint8 flags));
