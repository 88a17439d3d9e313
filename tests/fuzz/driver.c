/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include "base/random.h"

#include <stdio.h>
#include <string.h>

/* Runs a target without libFuzzer, in any build: every input of its corpus, then that many mutations of them, always the same ones. A crash,
 * a failed assertion or a sanitizer's report ends the program. A file of the corpus is one input, or many if its name ends with ".pack": each after its
 * length in four bytes, the lowest first. "unpack CORPUS FOLDER" writes all inputs as files, to begin a long run with; "pack FOLDER FILE" packs what
 * that left. */

static void
mutate (PatronRandom *random, GByteArray *bytes, const GByteArray *other)
{
  guint n = 1 + patron_random_below (random, 4);
  for (guint i = 0; i < n; i++)
    {
      guint at = bytes->len > 0 ? patron_random_below (random, bytes->len) : 0;
      guint8 byte = patron_random_bits (random);
      switch (patron_random_below (random, 5))
        {
        case 0:
          if (bytes->len > 0)
            bytes->data[at] ^= 1 << (byte & 7);
          break;
        case 1:
          if (bytes->len > 0)
            bytes->data[at] = byte;
          break;
        case 2:
          if (bytes->len > 0)
            g_byte_array_remove_range (bytes, at, 1 + patron_random_below (random, MIN (16, bytes->len - at)));
          break;
        case 3:
          if (bytes->len > 0 && bytes->len < 65536)
            {
              guint8 part[32];   /* a copy: appending moves the array */
              guint length = MIN (sizeof part, bytes->len - at);
              memcpy (part, bytes->data + at, length);
              g_byte_array_append (bytes, part, length);
            }
          break;
        default:
          if (other->len > 0)
            {
              guint from = patron_random_below (random, other->len);
              g_byte_array_set_size (bytes, at);
              g_byte_array_append (bytes, other->data + from, other->len - from);
            }
          break;
        }
    }
}

static int
order_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_input (GPtrArray *corpus, const char *bytes, gsize length)
{
  GByteArray *input = g_byte_array_new ();
  g_byte_array_append (input, (const guint8 *) bytes, length);
  g_ptr_array_add (corpus, input);
}

static void
add_packed (GPtrArray *corpus, const char *bytes, gsize length)
{
  guint32 n;
  for (gsize at = 0; at + sizeof n <= length; at += n)
    {
      memcpy (&n, bytes + at, sizeof n);
      n = GUINT32_FROM_LE (n);
      at += sizeof n;
      g_assert_cmpuint (n, <=, length - at);
      add_input (corpus, bytes + at, n);
    }
}

static GPtrArray *
read_corpus (const char *folder)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, order_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *bytes = NULL;
      gsize length;
      if (!g_file_get_contents (g_ptr_array_index (names, i), &bytes, &length, NULL))
        continue;
      if (g_str_has_suffix (g_ptr_array_index (names, i), ".pack"))
        add_packed (corpus, bytes, length);
      else
        add_input (corpus, bytes, length);
    }
  return corpus;
}

static gboolean
unpack (const char *from, const char *folder)
{
  g_autoptr (GPtrArray) corpus = read_corpus (from);
  gboolean fine = corpus->len > 0;
  for (guint i = 0; fine && i < corpus->len; i++)
    {
      const GByteArray *input = g_ptr_array_index (corpus, i);
      g_autofree char *name = g_strdup_printf ("%05u", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      fine = g_file_set_contents (path, (const char *) input->data, input->len, NULL);
    }
  return fine;
}

static gboolean
pack (const char *folder, const char *to)
{
  g_autoptr (GPtrArray) corpus = read_corpus (folder);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  for (guint i = 0; i < corpus->len; i++)
    {
      const GByteArray *input = g_ptr_array_index (corpus, i);
      const guint32 n = GUINT32_TO_LE (input->len);
      g_byte_array_append (all, (const guint8 *) &n, sizeof n);
      g_byte_array_append (all, input->data, input->len);
    }
  return corpus->len > 0 && g_file_set_contents (to, (const char *) all->data, all->len, NULL);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "unpack") == 0)
    return unpack (argv[2], argv[3]) ? 0 : 1;
  if (argc == 4 && strcmp (argv[1], "pack") == 0)
    return pack (argv[2], argv[3]) ? 0 : 1;
  if (argc != 3)
    {
      fprintf (stderr, "usage: %s CORPUS MUTATIONS | unpack CORPUS FOLDER | pack FOLDER FILE\n", argv[0]);
      return 2;
    }
  PatronRandom random;
  patron_random_init (&random, 42, 0);
  g_autoptr (GPtrArray) corpus = read_corpus (argv[1]);
  guint n = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  if (corpus->len == 0)
    {
      printf ("1..1\nnot ok 1 - no corpus in %s\n", argv[1]);
      return 1;
    }
  LLVMFuzzerTestOneInput (NULL, 0);
  for (guint i = 0; i < corpus->len + n; i++)
    {
      const GByteArray *seed = g_ptr_array_index (corpus, i < corpus->len ? i : patron_random_below (&random, corpus->len));
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_byte_array_append (bytes, seed->data, seed->len);
      if (i >= corpus->len)
        mutate (&random, bytes, g_ptr_array_index (corpus, patron_random_below (&random, corpus->len)));
      LLVMFuzzerTestOneInput (bytes->data, bytes->len);
    }
  printf ("1..1\nok 1 - %u seeds, %u mutations\n", corpus->len, n);
  return 0;
}
