/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory-private.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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

/* The file of our control group, "" when there is none; groups within it have limits of their own, which the kernel enforces anyway. */
static const char *
get_group_folder (void)
{
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      g_autofree char *groups = NULL;
      char *folder = NULL;
      if (g_file_get_contents ("/proc/self/cgroup", &groups, NULL, NULL) && g_str_has_prefix (groups, "0::"))
        folder = g_strconcat ("/sys/fs/cgroup", g_strchomp (groups) + strlen ("0::"), NULL);
      g_once_init_leave (&once, (gsize) (folder != NULL ? folder : g_strdup ("")));
    }
  return (const char *) once;
}

/* A number of bytes in a file of the control group; G_MAXSIZE for "max" and without one. */
static gsize
read_group_bytes (const char *name)
{
  g_autofree char *path = g_build_filename (get_group_folder (), name, NULL);
  g_autofree char *text = NULL;
  if (*get_group_folder () == '\0' || !g_file_get_contents (path, &text, NULL, NULL) || !g_ascii_isdigit (*text))
    return G_MAXSIZE;
  return g_ascii_strtoull (text, NULL, 10);
}

gsize
patron_memory_available (void)
{
  gsize kilobytes = read_proc_kilobytes ("/proc/meminfo", "MemAvailable:");
  gsize available = kilobytes == 0 ? G_MAXSIZE : kilobytes * 1024;
  gsize limit = read_group_bytes ("memory.max");
  if (limit == G_MAXSIZE)
    return available;
  /* File pages count as used, but are given back when wanted. */
  gsize used = MIN (read_group_bytes ("memory.current"), read_proc_kilobytes ("/proc/self/status", "RssAnon:") * 1024);
  return MIN (available, limit - MIN (used, limit));
}

gsize
patron_memory_budget (void)
{
  const char *wanted = g_getenv ("PATRON_MEMORY");
  char *unit = NULL;
  guint64 bytes = wanted != NULL ? g_ascii_strtoull (wanted, &unit, 10) : 0;
  if (bytes > 0)
    return bytes << (g_ascii_toupper (*unit) == 'G' ? 30 : g_ascii_toupper (*unit) == 'M' ? 20 : g_ascii_toupper (*unit) == 'K' ? 10 : 0);
  gsize kilobytes = read_proc_kilobytes ("/proc/meminfo", "MemTotal:");
  gsize total = kilobytes == 0 ? G_MAXSIZE : kilobytes * 1024;
  return MIN (total, read_group_bytes ("memory.max")) / 2;
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

gboolean
patron_memory_injected_failure (void)
{
  if (G_LIKELY (g_atomic_int_get (&fail_countdown) == 0))
    return FALSE;
  return g_atomic_int_dec_and_test (&fail_countdown);
}

gpointer
patron_memory_refuse (gsize n, gsize element_size, const char *purpose, GError **error)
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
  if (!g_size_checked_mul (&bytes, n, element_size) || bytes > G_MAXSIZE - 2 * HUGE_PAGE || patron_memory_injected_failure ())
    return patron_memory_refuse (n, element_size, purpose, error);
  if (bytes >= PATRON_WEIGH_FROM && bytes > patron_memory_available () / 10 * 7)
    return patron_memory_refuse (n, element_size, purpose, error);
  /* Large blocks start on a huge page, so that the kernel can back them with such. */
  gsize alignment = bytes >= HUGE_FROM ? HUGE_PAGE : 64;
  void *block = NULL;
  if (posix_memalign (&block, alignment, MAX (bytes, 1)) != 0)
    return patron_memory_refuse (n, element_size, purpose, error);
  if (bytes >= HUGE_FROM)
    madvise (block, bytes, MADV_HUGEPAGE);
  return block;
}

gpointer
patron_memory_zeroed (PatronAllocator alloc, gsize n, gsize element_size, const char *purpose, GError **error)
{
  gpointer block = alloc (n, element_size, purpose, error);
  if (block != NULL)
    memset (block, 0, n * element_size);
  return block;
}

gpointer
patron_memory_moved (PatronAllocator alloc, gpointer block, gsize old_n, gsize n, gsize element_size, const char *purpose, GError **error)
{
  gpointer other = alloc (n, element_size, purpose, error);
  if (other == NULL)
    return NULL;
  if (block != NULL)
    {
      memcpy (other, block, MIN (old_n, n) * element_size);
      patron_free (block);
    }
  return other;
}

gpointer
patron_try_alloc0 (gsize n, gsize element_size, const char *purpose, GError **error)
{
  return patron_memory_zeroed (patron_try_alloc, n, element_size, purpose, error);
}

gpointer
patron_try_realloc (gpointer block, gsize old_n, gsize n, gsize element_size, const char *purpose, GError **error)
{
  return patron_memory_moved (patron_try_alloc, block, old_n, n, element_size, purpose, error);
}

void
patron_free (gpointer block)
{
  if (!patron_values_release (block))
    free (block);
}
