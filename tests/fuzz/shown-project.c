/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/shown-project.h"

#include "base/init.h"
#include "project/store-support.h"

#include <sqlite3.h>
#include <unistd.h>

/* The file is one in memory: a file system of ours shows it to SQLite under the name of the template, so that a run costs no disk, and SQLite takes
 * its memory from one block, so that it costs little else. */

static char *path, *template_bytes;
static gsize template_length;

/* ---- SQLite's memory ---------------------------------------------------------------------------------------- */

/* Requests follow each other in the block, each after its size, and the block is empty again when all are given back. What is between and what
 * was given back is out of bounds for a sanitizer. Beyond the block there is no memory, which SQLite bears. */
enum { BLOCK_BYTES = 256 << 20, BEFORE = 16 };

static struct
{
  guint8 *bytes;
  gsize   used, n_live;
} block;

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void) 0)
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void) 0)
#endif

static int
round_up (int n)
{
  return (n + 15) & ~15;
}

/* The sizes lie out of bounds for everyone else. */
#define AT_WILL __attribute__ ((no_sanitize ("address", "undefined")))

AT_WILL static void *
take (int n)
{
  if (n <= 0 || (gsize) n > BLOCK_BYTES - block.used - 2 * BEFORE)
    return NULL;
  guint8 *start = block.bytes + block.used + BEFORE;
  *(int *) (start - BEFORE) = n;
  ASAN_UNPOISON_MEMORY_REGION (start, n);
  block.used += BEFORE + round_up (n);
  block.n_live++;
  return start;
}

AT_WILL static int
size_of (void *start)
{
  return start != NULL ? *(int *) ((guint8 *) start - BEFORE) : 0;
}

static void
give_back (void *start)
{
  if (start == NULL)
    return;
  ASAN_POISON_MEMORY_REGION (start, size_of (start));
  block.n_live--;
}

static void *
resize (void *start, int n)
{
  void *now = take (n);
  if (now != NULL && start != NULL)
    {
      memcpy (now, start, MIN (n, size_of (start)));
      give_back (start);
    }
  return now;
}

static int
begin_memory (void *data)
{
  return SQLITE_OK;
}

static void
end_memory (void *data)
{
}

static void
use_block (void)
{
  static const sqlite3_mem_methods methods = { take, give_back, resize, size_of, round_up, begin_memory, end_memory, NULL };
  block.bytes = g_aligned_alloc (1, BLOCK_BYTES, 16);
  ASAN_POISON_MEMORY_REGION (block.bytes, BLOCK_BYTES);
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &methods), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0), ==, SQLITE_OK);
}

/* ---- a file system of one file ------------------------------------------------------------------------------ */

static struct
{
  guint8 *bytes;
  gsize   length;
} shown;

static sqlite3_vfs *disk;

static int
shown_close (sqlite3_file *file)
{
  return SQLITE_OK;
}

static int
shown_read (sqlite3_file *file, void *out, int n, sqlite3_int64 offset)
{
  gsize there = (gsize) offset < shown.length ? MIN ((gsize) n, shown.length - (gsize) offset) : 0;
  if (there > 0)
    memcpy (out, shown.bytes + offset, there);
  memset ((guint8 *) out + there, 0, (gsize) n - there);
  return there == (gsize) n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
refuse_write (sqlite3_file *file, const void *in, int n, sqlite3_int64 offset)
{
  return SQLITE_READONLY;
}

static int
refuse_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return SQLITE_READONLY;
}

static int
accept (sqlite3_file *file, int how)
{
  return SQLITE_OK;
}

static int
shown_size (sqlite3_file *file, sqlite3_int64 *size)
{
  *size = (sqlite3_int64) shown.length;
  return SQLITE_OK;
}

static int
never_reserved (sqlite3_file *file, int *reserved)
{
  *reserved = 0;
  return SQLITE_OK;
}

static int
no_control (sqlite3_file *file, int what, void *data)
{
  return SQLITE_NOTFOUND;
}

static int
sector_size (sqlite3_file *file)
{
  return 4096;
}

static int
characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods shown_methods = {
  1, shown_close, shown_read, refuse_write, refuse_truncate, accept, shown_size, accept, accept, never_reserved, no_control, sector_size,
  characteristics,
};

static int
open_shown (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  if (g_strcmp0 (name, path) != 0)
    return disk->xOpen (disk, name, file, flags, out_flags);
  file->pMethods = &shown_methods;
  if (out_flags != NULL)
    *out_flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
  return SQLITE_OK;
}

/* No journal beside it. */
static int
access_shown (sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
  *out = 0;
  return SQLITE_OK;
}

static void
show_from_memory (void)
{
  static sqlite3_vfs ours;
  disk = sqlite3_vfs_find (NULL);
  ours = *disk;
  ours.zName = "shown";
  ours.xOpen = open_shown;
  ours.xAccess = access_shown;
  sqlite3_vfs_register (&ours, 1);
}

static char *template_folder;

static void
remove_template (void)
{
  support_remove_folder (template_folder);
}

static void
make_template (void)
{
  use_block ();
  patron_init ();
  template_folder = support_folder ();
  atexit (remove_template);
  path = g_build_filename (template_folder, "p.patron", NULL);
  g_autoptr (PatronProject) project = patron_project_create (path, NULL);
  g_autoptr (PatronTable) table = support_table ("orders", 300, 1);
  g_autoptr (PatronReport) report = patron_report_new ("rfm");
  gint64 id = patron_project_add_table (project, table, NULL, NULL, NULL);
  patron_project_add_run (project, "RFM", "[run]\nop=rfm\n", report, table, NULL, NULL, NULL);
  g_autoptr (PatronTable) back = patron_project_get_table (project, id, NULL);
  g_autoptr (PatronTable) narrow = patron_table_without (back, "number");
  patron_project_set_table_steps (project, id, narrow, "[recipe]\nversion=1\n", NULL, NULL, NULL);
  patron_project_undo (project, NULL);
  g_clear_pointer (&narrow, patron_table_unref);
  g_clear_pointer (&back, patron_table_unref);
  g_clear_pointer (&project, patron_project_unref);
  /* Small pages: more of the bytes that change matter. */
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA page_size=512; VACUUM", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_assert_true (g_file_get_contents (path, &template_bytes, &template_length, NULL));
  shown.bytes = g_memdup2 (template_bytes, template_length);
  shown.length = template_length;
  show_from_memory ();
}

/* What SQLite keeps for good, once the first project has been opened. */
static gsize kept_bytes, kept_live;

static void
open_unchanged (void (*use) (PatronProject *project, guint8 flags))
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, &error);
  g_assert_no_error (error);
  use (project, 0xff);
}

/* Five bytes each: an offset and the byte there. */
static void
change_bytes (const uint8_t *data, size_t size, gboolean back)
{
  for (gsize i = 1; i + 5 <= size; i += 5)
    {
      gsize at = (data[i] | data[i + 1] << 8 | data[i + 2] << 16 | (gsize) data[i + 3] << 24) % template_length;
      shown.bytes[at] = back ? (guint8) template_bytes[at] : data[i + 4];
      if ((data[0] & 1) != 0)
        shown.length = at;
    }
  if (back)
    shown.length = template_length;
}

static void
open_changed (guint8 flags, void (*use) (PatronProject *project, guint8 flags))
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, &error);
  g_assert_true ((project != NULL) == (error == NULL));
  if (project != NULL)
    use (project, flags);
}

void
fuzz_shown_project (const uint8_t *data, size_t size, void (*use) (PatronProject *project, guint8 flags))
{
  fuzz_begin ();
  if (template_bytes == NULL)
    {
      make_template ();
      open_unchanged (use);
      kept_bytes = block.used;
      kept_live = block.n_live;
    }
  if (size < 1)
    return;
  change_bytes (data, size, FALSE);
  open_changed (data[0], use);
  change_bytes (data, size, TRUE);
  g_assert_cmpuint (block.n_live, ==, kept_live);
  block.used = kept_bytes;
}
