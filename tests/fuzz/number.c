/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* strtod_l() */
#include "fuzz/fuzz.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "table/parse-date.h"
#include "table/parse-number.h"

/* Numbers against the library; dates and durations for their bounds only. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_begin ();
  static locale_t c_locale;
  if (c_locale == (locale_t) 0)
    c_locale = newlocale (LC_ALL_MASK, "C", (locale_t) 0);
  if (size > 4096)
    return 0;
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  gsize length = strlen (text);
  double value;
  if (patron_parse_double (text, length, &value))
    {
      char *end;
      double expected = strtod_l (text, &end, c_locale);
      g_assert_true (*end == '\0' && memcmp (&value, &expected, sizeof value) == 0);
    }
  static const PatronNumberForm forms[] = { { '.', ',' }, { ',', '.' }, { ',', ' ' } };
  PatronNumber number;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    patron_parse_decorated (text, length, forms[i], &number);
  PatronDateValue date;
  gint64 duration;
  patron_classify_date (text, length, &date);
  patron_parse_duration (text, length, &duration);
  return 0;
}
