/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Requests below this size are not weighed against the memory available: reading /proc costs more than they do. */
#define WEIGH_FROM ((gsize) 16 << 20)
#define HUGE_PAGE ((gsize) 2 << 20)
/* Blocks from this size on are worth huge pages: fewer faults than the last page's waste costs. */
#define HUGE_FROM ((gsize) 4 << 20)

static int fail_countdown;

static gsize
read_proc_kilobytes (const char *path, const char *key)
{
  FILE *file = fopen (path, "re");
  if (file == NULL)
    return 0;
  char line[256];
  gsize result = 0;
  gsize length = strlen (key);
  while (fgets (line, sizeof line, file) != NULL)
    if (strncmp (line, key, length) == 0)
      {
        result = g_ascii_strtoull (line + length, NULL, 10);
        break;
      }
  fclose (file);
  return result;
}

gsize
patron_memory_available (void)
{
  gsize kilobytes = read_proc_kilobytes ("/proc/meminfo", "MemAvailable:");
  return kilobytes == 0 ? G_MAXSIZE : kilobytes * 1024;
}

gsize
patron_memory_peak (void)
{
  return read_proc_kilobytes ("/proc/self/status", "VmHWM:") * 1024;
}

void
patron_memory_fail_after (int n)
{
  g_atomic_int_set (&fail_countdown, n);
}

static gboolean
injected_failure (void)
{
  if (G_LIKELY (g_atomic_int_get (&fail_countdown) == 0))
    return FALSE;
  return g_atomic_int_dec_and_test (&fail_countdown);
}

static gpointer
refuse (gsize n, gsize element_size, const char *purpose, GError **error)
{
  g_autofree char *needed = g_format_size ((guint64) ((double) n * element_size));
  gsize available = patron_memory_available ();
  g_autofree char *there = g_format_size (available == G_MAXSIZE ? 0 : available);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("Not enough memory for %s: %s needed, %s available."), purpose, needed, there);
  return NULL;
}

gpointer
patron_try_alloc (gsize n, gsize element_size, const char *purpose, GError **error)
{
  gsize bytes;
  if (!g_size_checked_mul (&bytes, n, element_size) || bytes > G_MAXSIZE - 2 * HUGE_PAGE || injected_failure ())
    return refuse (n, element_size, purpose, error);
  if (bytes >= WEIGH_FROM && bytes > patron_memory_available () / 10 * 7)
    return refuse (n, element_size, purpose, error);
  /* Large blocks start on a huge page, so that the kernel can back them with such. */
  gsize alignment = bytes >= HUGE_FROM ? HUGE_PAGE : 64;
  void *block = NULL;
  if (posix_memalign (&block, alignment, MAX (bytes, 1)) != 0)
    return refuse (n, element_size, purpose, error);
  if (bytes >= HUGE_FROM)
    madvise (block, bytes, MADV_HUGEPAGE);
  return block;
}

gpointer
patron_try_alloc0 (gsize n, gsize element_size, const char *purpose, GError **error)
{
  gpointer block = patron_try_alloc (n, element_size, purpose, error);
  if (block != NULL)
    memset (block, 0, n * element_size);
  return block;
}

gpointer
patron_try_realloc (gpointer block, gsize old_n, gsize n, gsize element_size, const char *purpose, GError **error)
{
  gpointer larger = patron_try_alloc (n, element_size, purpose, error);
  if (larger == NULL)
    return NULL;
  if (block != NULL)
    {
      memcpy (larger, block, MIN (old_n, n) * element_size);
      free (block);
    }
  return larger;
}

void
patron_free (gpointer block)
{
  free (block);
}
