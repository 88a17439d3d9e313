/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/job.h"
#include "table/reader.h"

G_BEGIN_DECLS

/* The beginning of a source as it would be read, with all the import page has to tell about it. Made on a worker. */
typedef struct
{
  char               *place;
  char              **options;     /* NULL-terminated, alternating */

  /* Made. */
  const PatronReader *reader;
  PatronTable        *table;
  PatronTable        *spelled;     /* the same rows with their cells as texts, as they stand; NULL where the source has types of its own */
  GPtrArray          *parts;       /* of PatronPart*: what can be chosen inside; empty or NULL where nothing can */
  GPtrArray          *sentences;   /* of char*: what was decided and met, each once */
  GPtrArray          *disguised;   /* of PatronDisguised*: what may stand for missing values */
  GHashTable         *detected;    /* key of a setting → what was found for it, in the words of the setting */
} PatronImportPreview;

/* A job that reads at most max_rows; its data is the preview, which goes with it. options are copied. */
PatronJob *patron_import_preview_start (const char *place, const char *const *options, gsize max_rows);

G_END_DECLS
