/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include "base/error.h"
#include "base/init.h"

#include <string.h>

#define BLOCK ((gsize) 24 << 20)

static void
test_budget (void)
{
  static const struct { const char *text; gsize bytes; } cases[] = { { "600M", (gsize) 600 << 20 }, { "4g", (gsize) 4 << 30 }, { "10k", 10240 }, { "77", 77 } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_setenv ("PATRON_MEMORY", cases[i].text, TRUE);
      g_assert_cmpuint (patron_memory_budget (), ==, cases[i].bytes);
    }
  g_unsetenv ("PATRON_MEMORY");
  g_assert_cmpuint (patron_memory_budget (), >, 1 << 20);
}

/* A block beyond the budget holds its values also after they were written out, and others are unharmed. */
static void
test_beyond_budget (void)
{
  g_autoptr (GError) error = NULL;
  g_setenv ("PATRON_MEMORY", "30M", TRUE);
  guint8 *blocks[4];
  for (guint b = 0; b < G_N_ELEMENTS (blocks); b++)
    {
      blocks[b] = patron_try_alloc_values (BLOCK, 1, "values", &error);
      g_assert_no_error (error);
      for (gsize i = 0; i < BLOCK; i += 511)
        blocks[b][i] = (guint8) (i * 7 + b);
      patron_memory_settle (blocks[b]);
    }
  for (guint b = 0; b < G_N_ELEMENTS (blocks); b++)
    for (gsize i = 0; i < BLOCK; i += 511)
      g_assert_cmpuint (blocks[b][i], ==, (guint8) (i * 7 + b));
  for (guint b = 0; b < G_N_ELEMENTS (blocks); b++)
    patron_free (blocks[b]);
  g_unsetenv ("PATRON_MEMORY");
}

/* More than any disk has: the sentence of a refusal. */
static void
test_no_room (void)
{
  g_autoptr (GError) error = NULL;
  g_setenv ("PATRON_MEMORY", "1M", TRUE);
  g_assert_null (patron_try_alloc_values (G_MAXSIZE / 16, 8, "the column “x”", &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "the column “x”"));
  g_unsetenv ("PATRON_MEMORY");
}

int
main (int argc, char **argv)
{
  patron_init ();
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/base/memory/budget", test_budget);
  g_test_add_func ("/base/memory/beyond-budget", test_beyond_budget);
  g_test_add_func ("/base/memory/no-room", test_no_room);
  return g_test_run ();
}
