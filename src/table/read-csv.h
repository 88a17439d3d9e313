/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

/* Delimited text files (table/csv.h) as a reader. */
extern const PatronReader patron_reader_csv;

G_END_DECLS
