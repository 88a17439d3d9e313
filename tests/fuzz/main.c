/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include <glib.h>
#include <string.h>

#include "base/random.h"

/* Mutations of the seeds, the same at every run. A file named as argument is run instead: a crash found elsewhere. */
#define ROUNDS 4000

static void
mutate (PatronRandom *random, GByteArray *bytes)
{
  static const char *const pieces[] = { "\"", "\"\"", ",", ";", "\n", "\r", "\t", "'", "\\", "#", "-", ".", "e9", "NA", "\xff", "\xef\xbb\xbf", "999999999999999999999", "sep=", "  " };
  for (gsize n = 1 + patron_random_below (random, 6); n > 0; n--)
    {
      gsize at = patron_random_below (random, bytes->len + 1);
      const char *piece = pieces[patron_random_below (random, G_N_ELEMENTS (pieces))];
      switch (patron_random_below (random, 4))
        {
        case 0:
          if (at < bytes->len)
            bytes->data[at] = patron_random_below (random, 256);
          break;
        case 1:
          {
            gsize cut = 1 + patron_random_below (random, 8);
            if (at < bytes->len)
              g_byte_array_remove_range (bytes, at, MIN (bytes->len - at, cut));
            break;
          }
        default:
          {
            g_autofree guint8 *rest = g_memdup2 (bytes->data + at, bytes->len - at);
            gsize n_rest = bytes->len - at;
            g_byte_array_set_size (bytes, at);
            g_byte_array_append (bytes, (const guint8 *) piece, strlen (piece));
            if (n_rest > 0)
              g_byte_array_append (bytes, rest, n_rest);
          }
        }
    }
}

static void
test_mutations (void)
{
  PatronRandom random;
  patron_random_init (&random, 1, 0);
  guint n_seeds = g_strv_length ((char **) fuzz_seeds);
  for (int i = 0; i < ROUNDS; i++)
    {
      const char *seed = fuzz_seeds[i % n_seeds];
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_byte_array_append (bytes, (const guint8 *) seed, strlen (seed));
      if (i >= (int) n_seeds)
        mutate (&random, bytes);
      LLVMFuzzerTestOneInput (bytes->data, bytes->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    {
      g_autofree char *data = NULL;
      gsize length;
      if (!g_file_get_contents (argv[1], &data, &length, NULL))
        return 1;
      return LLVMFuzzerTestOneInput ((const uint8_t *) data, length);
    }
  g_test_add_func ("/fuzz/mutations", test_mutations);
  return g_test_run ();
}
