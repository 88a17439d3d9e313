/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* O_TMPFILE */
#include "base/memory-private.h"

#include "base/error.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Large blocks of values, by address. Those beyond the budget lie in files without a name, mapped. What is used of a mapped file stays in
 * memory until the kernel is short of it; a thread of ours, which there is while any block is in a file, lets go of it sooner: the pages remain
 * in the file, and are mapped again when they are next used. */
typedef struct
{
  gsize    bytes;
  gboolean in_file;
} Values;

/* How often the thread looks, in microseconds: while values are being used little can be added in that time; else it need not hurry. */
enum { BUSY_PERIOD = 2000, IDLE_PERIOD = 10000 };
/* Of the budget, what blocks in memory may take, which leaves the rest to what works on them, and what those in files always may: less, and
 * work that jumps about in them would do little but map pages. */
enum { MEMORY_SHARE = 2, FILE_SHARE = 2 };

static GMutex values_lock;
static GCond values_in_files;     /* some are */
static GHashTable *values_blocks;
static gsize values_held;         /* bytes of those in memory */
static guint n_in_files;
static gsize values_budget;       /* the budget when a block was last wanted; all of these under values_lock */
static gint n_values_blocks;      /* atomic */

/* ---- the thread ------------------------------------------------------------------------------------------------ */

/* Pages of the process in memory, and how many of them mirror files: programs and libraries, and values. */
static gboolean
count_pages (int statm, gsize *resident, gsize *shared)
{
  char text[128] = { 0 };
  return pread (statm, text, sizeof text - 1, 0) > 0 && sscanf (text, "%*u %zu %zu", resident, shared) == 2;
}

/* Bytes of values that may be mapped at the moment, given what else the process holds. */
static gsize
room_for_files (gsize other)
{
  return MAX (values_budget - MIN (other, values_budget), values_budget / FILE_SHARE);
}

/* Under the lock, so that no block goes away meanwhile. Safe while others read and write the values. */
static void
let_go (void)
{
  GHashTableIter iter;
  gpointer block, value;
  g_hash_table_iter_init (&iter, values_blocks);
  while (g_hash_table_iter_next (&iter, &block, &value))
    if (((Values *) value)->in_file)
      madvise (block, ((Values *) value)->bytes, MADV_DONTNEED);
}

static gpointer
keep_budget (gpointer unused)
{
  int statm = open ("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  gsize page = sysconf (_SC_PAGESIZE), resident, programs = 0, shared = 0;
  count_pages (statm, &resident, &programs);
  for (;;)
    {
      gsize before = shared;
      g_mutex_lock (&values_lock);
      while (n_in_files == 0)
        g_cond_wait (&values_in_files, &values_lock);
      if (count_pages (statm, &resident, &shared))
        {
          gsize ours = shared - MIN (programs, shared);
          if (ours * page > room_for_files ((resident - ours) * page))
            let_go ();
        }
      g_mutex_unlock (&values_lock);
      g_usleep (shared != before ? BUSY_PERIOD : IDLE_PERIOD);
    }
  return NULL;
}

/* ---- blocks ---------------------------------------------------------------------------------------------------- */

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
  n_in_files += in_file;
  g_cond_signal (&values_in_files);
  g_atomic_int_inc (&n_values_blocks);
}

static void
start_thread (void)
{
  static gsize started = 0;
  if (!g_once_init_enter (&started))
    return;
  g_thread_unref (g_thread_new ("values", keep_budget, NULL));
  g_once_init_leave (&started, 1);
}

/* They start on a page, so most other blocks are told apart without a look. */
static gboolean
may_be_values (gconstpointer block)
{
  return block != NULL && g_atomic_int_get (&n_values_blocks) > 0 && (GPOINTER_TO_SIZE (block) & 4095) == 0;
}

gboolean
patron_values_release (gpointer block)
{
  if (!may_be_values (block))
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&values_lock);
  const Values *found = g_hash_table_lookup (values_blocks, block);
  if (found == NULL)
    return FALSE;
  Values values = *found;
  values_held -= values.in_file ? 0 : values.bytes;
  n_in_files -= values.in_file;
  g_hash_table_remove (values_blocks, block);
  g_atomic_int_add (&n_values_blocks, -1);
  if (values.in_file)
    munmap (block, values.bytes);
  return values.in_file;
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

/* Neither memory nor the disk has the room. */
static gpointer
refuse_both (gsize bytes, const char *purpose, GError **error)
{
  g_autofree char *needed = g_format_size (bytes);
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "patron", NULL);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("Not enough memory for %s: %s needed, and the folder “%s” has no room for it either."), purpose,
               needed, folder);
  return NULL;
}

gpointer
patron_try_alloc_values (gsize n, gsize element_size, const char *purpose, GError **error)
{
  gsize bytes;
  if (!g_size_checked_mul (&bytes, n, element_size) || bytes < PATRON_WEIGH_FROM)
    return patron_try_alloc (n, element_size, purpose, error);
  gsize budget = patron_memory_budget ();
  g_mutex_lock (&values_lock);
  values_budget = budget;
  gboolean fits = values_held + bytes <= budget / MEMORY_SHARE;
  g_mutex_unlock (&values_lock);
  gpointer block = fits ? patron_try_alloc (n, element_size, purpose, NULL) : NULL;
  gboolean in_file = block == NULL && !patron_memory_injected_failure ();
  if (in_file)
    {
      start_thread ();
      block = map_unnamed (bytes);
    }
  if (block == NULL)
    return refuse_both (bytes, purpose, error);
  remember (block, bytes, in_file);
  return block;
}

gpointer
patron_try_alloc0_values (gsize n, gsize element_size, const char *purpose, GError **error)
{
  return patron_memory_zeroed (patron_try_alloc_values, n, element_size, purpose, error);
}

gpointer
patron_try_realloc_values (gpointer block, gsize old_n, gsize n, gsize element_size, const char *purpose, GError **error)
{
  return patron_memory_moved (patron_try_alloc_values, block, old_n, n, element_size, purpose, error);
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
