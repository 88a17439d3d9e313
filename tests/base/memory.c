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

static gsize
resident (void)
{
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  return g_ascii_strtoull (strstr (text, "VmRSS:") + strlen ("VmRSS:"), NULL, 10) * 1024;
}

/* What goes through a block in a file does not stay in memory beyond the budget. */
static void
test_lets_go (void)
{
  g_autoptr (GError) error = NULL;
  enum { BUDGET = 24 << 20, N_PARTS = 8 };
  g_setenv ("PATRON_MEMORY", "24M", TRUE);
  guint8 *block = patron_try_alloc_values (BLOCK * N_PARTS, 1, "values", &error);
  g_assert_no_error (error);
  gsize before = resident ();
  for (guint part = 0; part < N_PARTS; part++)
    {
      memset (block + part * BLOCK, part + 1, BLOCK);
      for (guint wait = 0; wait < 3000 && resident () > before + BUDGET; wait++)
        g_usleep (10000);
      g_assert_cmpuint (resident (), <=, before + BUDGET);
    }
  for (gsize i = 0; i < BLOCK * N_PARTS; i += 4096)
    g_assert_cmpuint (block[i], ==, i / BLOCK + 1);
  patron_free (block);
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
  g_assert_nonnull (strstr (error->message, g_get_user_cache_dir ()));
  g_unsetenv ("PATRON_MEMORY");
}

int
main (int argc, char **argv)
{
  patron_init ();
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/base/memory/budget", test_budget);
  g_test_add_func ("/base/memory/beyond-budget", test_beyond_budget);
  g_test_add_func ("/base/memory/lets-go", test_lets_go);
  g_test_add_func ("/base/memory/no-room", test_no_room);
  return g_test_run ();
}
