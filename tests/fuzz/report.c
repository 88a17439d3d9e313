/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include "base/init.h"
#include "report/layout.h"
#include "report/report.h"

#include <string.h>

static void
measure (const char *text, PatronLayoutRole role, double wrap, double *width, double *height, gpointer data)
{
  *width = 6.0 * (double) g_utf8_strlen (text, -1);
  *height = 12;
}

/* Any bytes: refused, or a report that can be stored again as the same text, printed and laid out. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_begin ();
  const PatronLayoutOptions options = { .measure = measure, .spacing = 8, .title = TRUE };
  g_autoptr (GError) error = NULL;
  patron_init ();
  g_autoptr (PatronReport) report = patron_report_load (data != NULL ? (const char *) data : "", (gssize) size, &error);
  g_assert_true ((report != NULL) == (error == NULL));
  if (report == NULL)
    return 0;
  g_autofree char *text = patron_report_save (report);
  g_autoptr (PatronReport) again = patron_report_load (text, -1, &error);
  g_assert_no_error (error);
  g_autofree char *same = patron_report_save (again);
  g_assert_cmpstr (text, ==, same);
  g_autoptr (JsonNode) contract = patron_report_to_contract (report);
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      if (block->chart != NULL)
        patron_layout_free (patron_layout_new (block->chart, 300, 200, &options));
    }
  return 0;
}
