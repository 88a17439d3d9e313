/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* O_TMPFILE */
#include "base/memory.h"

#include "base/error.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
      patron_free (block);
    }
  return larger;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

/* Large blocks of values, by address. */
typedef struct
{
  gsize    bytes;
  gboolean in_file;
} Values;

static GMutex values_lock;
static GHashTable *values_blocks;
static gsize values_held;         /* bytes of those in memory; both under values_lock */
static gint n_values_blocks;      /* atomic */

static void
remember (gpointer block, gsize bytes, gboolean in_file)
{
  Values *values = g_new (Values, 1);
  *values = (Values) { bytes, in_file };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&values_lock);
  if (values_blocks == NULL)
    values_blocks = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_hash_table_insert (values_blocks, block, values);
  values_held += in_file ? 0 : bytes;
  g_atomic_int_inc (&n_values_blocks);
}

/* They start on a page, so most other blocks are told apart without a look. */
static gboolean
may_be_values (gconstpointer block)
{
  return block != NULL && g_atomic_int_get (&n_values_blocks) > 0 && (GPOINTER_TO_SIZE (block) & 4095) == 0;
}

static gboolean
forget (gpointer block, Values *values)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&values_lock);
  Values *found = g_hash_table_lookup (values_blocks, block);
  if (found == NULL)
    return FALSE;
  *values = *found;
  values_held -= found->in_file ? 0 : found->bytes;
  g_hash_table_remove (values_blocks, block);
  g_atomic_int_add (&n_values_blocks, -1);
  return TRUE;
}

/* A new file that no one else can open and that is gone with its descriptor; -1 when there cannot be one. */
static int
open_unnamed (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "patron", NULL);
  g_autofree char *template = g_build_filename (folder, "values-XXXXXX", NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return -1;
  int descriptor = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0)
    return descriptor;
  descriptor = g_mkstemp_full (template, O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0)
    unlink (template);
  return descriptor;
}

/* The room is taken at once: a write that finds none later would end the process. */
static gpointer
map_unnamed (gsize bytes)
{
  int descriptor = open_unnamed ();
  if (descriptor < 0)
    return NULL;
  gpointer block = posix_fallocate (descriptor, 0, (off_t) bytes) == 0 ? mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0) : MAP_FAILED;
  close (descriptor);
  return block == MAP_FAILED ? NULL : block;
}

gpointer
patron_try_alloc_values (gsize n, gsize element_size, const char *purpose, GError **error)
{
  gsize bytes;
  if (!g_size_checked_mul (&bytes, n, element_size) || bytes < WEIGH_FROM)
    return patron_try_alloc (n, element_size, purpose, error);
  g_mutex_lock (&values_lock);
  gboolean fits = values_held + bytes <= patron_memory_budget ();
  g_mutex_unlock (&values_lock);
  gpointer block = fits ? patron_try_alloc (n, element_size, purpose, NULL) : NULL;
  gboolean in_file = block == NULL && !injected_failure ();
  if (in_file)
    block = map_unnamed (bytes);
  if (block == NULL)
    return refuse (n, element_size, purpose, error);
  remember (block, bytes, in_file);
  return block;
}

void
patron_memory_settle (gpointer block)
{
  if (!may_be_values (block))
    return;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&values_lock);
  const Values *values = g_hash_table_lookup (values_blocks, block);
  if (values != NULL && values->in_file)
    madvise (block, values->bytes, MADV_DONTNEED);
}

void
patron_free (gpointer block)
{
  Values values = { 0 };
  if (may_be_values (block) && forget (block, &values) && values.in_file)
    munmap (block, values.bytes);
  else
    free (block);
}
