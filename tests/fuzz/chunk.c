/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include "project/manifest.h"

#include <string.h>

/* First byte: the kind of values; the next two: how many; the rest: a chunk, or a manifest. Whatever is accepted must be within bounds. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_begin ();
  static guint8 out[PATRON_CHUNK_BYTES];
  if (size < 3)
    return 0;
  PatronElement element = data[0] % PATRON_N_ELEMENTS;
  gsize n = (data[1] | data[2] << 8) + 1;
  const guint8 *bytes = data + 3;
  size -= 3;
  if ((data[0] & 0x80) != 0)
    {
      PatronManifest manifest;
      if (patron_manifest_parse (&manifest, element, -1, &bytes, &size))
        {
          g_assert_cmpuint (manifest.n_chunks, ==, (manifest.n + manifest.rows - 1) / manifest.rows);
          patron_manifest_clear (&manifest);
        }
      return 0;
    }
  if (!patron_chunk_decode (element, bytes, size, n, 100, out))
    return 0;
  for (gsize i = 0; element == PATRON_ELEMENT_CODE && i < n; i++)
    g_assert_true (((gint32 *) out)[i] >= -1 && ((gint32 *) out)[i] < 100);
  for (gsize i = 0; element == PATRON_ELEMENT_UINT8 && i < n; i++)
    g_assert_true (out[i] <= 1 || out[i] == PATRON_BOOLEAN_MISSING);
  return 0;
}
