/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cleaning (text_clean), splitting (split_text) and joining (join_text) texts. */
#include "ops/prepare.h"

/* Texts with blanks: separated by |, "-" is missing. */
static PatronColumn *
text_column (const char *name, const char *values)
{
  PatronColumnBuilder *builder = patron_column_builder_new (name, PATRON_TYPE_TEXT);
  g_auto (GStrv) parts = g_strsplit (values, "|", -1);
  for (char **part = parts; *part != NULL; part++)
    patron_column_builder_append_text (builder, strcmp (*part, "-") == 0 ? NULL : *part);
  return patron_column_builder_finish (builder);
}

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, text_column ("town", " Paris|PARIS|Paris  |-|Orléans!| ＰＡＲＩＳ"));
  g_ptr_array_add (columns, text_column ("place", "Lyon, France|Rome,Italy,EU|Oslo|-|,x|a,,b"));
  g_ptr_array_add (columns, text_column ("code", "EU-1234|us-9|AB-77|-|none|20240115"));
  g_ptr_array_add (columns, prepare_column ("k", PATRON_TYPE_INTEGER, "1 2 - 4 5 6"));
  g_ptr_array_add (columns, prepare_column ("d", PATRON_TYPE_DATE, "0 1 2 - 4 5"));
  return patron_table_new_take ("t", columns);
}

static char *
texts (PatronTable *table, const char *name)
{
  g_autofree char *plain = NULL;
  GString *text = g_string_new (NULL);
  PatronColumn *column = patron_table_find (table, name);
  g_assert_nonnull (column);
  for (gsize i = 0; i < patron_column_get_length (column); i++)
    {
      g_autofree char *value = patron_column_is_missing (column, i) ? g_strdup ("-") : patron_column_format (column, i);
      g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", value);
    }
  return g_string_free (text, FALSE);
}

#define assert_texts(table, name, expected)             \
  G_STMT_START                                          \
  {                                                     \
    g_autofree char *found_texts = texts (table, name); \
    g_assert_cmpstr (found_texts, ==, expected);        \
  }                                                     \
  G_STMT_END

static void
test_clean (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) usual = prepare_run (table, "text-clean", "columns=town", &outcome);
  assert_texts (usual, "town", "Paris|PARIS|Paris|-|Orléans!|PARIS");
  g_assert_cmpfloat (prepare_cell (outcome->report, "texts", 0, "changed"), ==, 3);
  g_assert_cmpfloat (prepare_cell (outcome->report, "texts", 0, "before"), ==, 5);
  g_assert_cmpfloat (prepare_cell (outcome->report, "texts", 0, "after"), ==, 3);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) all = prepare_run (table, "text-clean", "columns=town\nletters=proper\naccents=true\npunctuation=true", NULL);
  assert_texts (all, "town", "Paris|Paris|Paris|-|Orleans|Paris");
  g_autoptr (PatronTable) nothing = prepare_run (table, "text-clean", "columns=town\nsqueeze=false\nhalf-width=false", NULL);
  assert_texts (nothing, "town", " Paris|PARIS|Paris  |-|Orléans!| ＰＡＲＩＳ");
  g_autoptr (PatronTable) empty = prepare_run (table, "text-clean", "columns=code\npunctuation=true\nletters=lower", NULL);
  assert_texts (empty, "code", "eu1234|us9|ab77|-|none|20240115");
}

static void
test_split (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) all = prepare_run (table, "split-text", "column=place", NULL);
  assert_texts (all, "place 1", "Lyon|Rome|Oslo|-|-|a");
  assert_texts (all, "place 2", "France|Italy|-|-|x|-");
  assert_texts (all, "place 3", "-|EU|-|-|-|b");
  g_autoptr (PatronTable) named = prepare_run (table, "split-text", "column=place\nnames=town 2;rest\nkeep=false", &outcome);
  assert_texts (named, "town 2", "Lyon|Rome|Oslo|-|-|a");
  assert_texts (named, "rest", "France|Italy,EU|-|-|x|,b");
  g_assert_null (patron_table_find (named, "place"));
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) last = prepare_run (table, "split-text", "column=place\npart=-1\nnames=end", NULL);
  assert_texts (last, "end", "France|EU|Oslo|-|x|b");
  g_autoptr (PatronTable) pattern =
      prepare_run (table, "split-text", "column=code\nby=pattern\npattern=([A-Za-z]+)-([0-9]+)\nnames=letters;digits", NULL);
  assert_texts (pattern, "letters", "EU|us|AB|-|-|-");
  assert_texts (pattern, "digits", "1234|9|77|-|-|-");
  g_autoptr (PatronTable) widths = prepare_run (table, "split-text", "column=code\nby=widths\nwidths=4;2", NULL);
  assert_texts (widths, "code 1", "EU-1|us-9|AB-7|-|none|2024");
  assert_texts (widths, "code 2", "23|-|7|-|-|01");
  assert_texts (widths, "code 3", "4|-|-|-|-|15");
  prepare_fails (table, "split-text", "column=place\ndelimiter=", "Separator");
  prepare_fails (table, "split-text", "column=place\nby=widths\nwidths=a", "“a”");
  prepare_fails (table, "split-text", "column=place\nby=pattern\npattern=(", "cannot be understood");
  prepare_fails (table, "split-text", "column=place\npart=0", "from 1");
}

static void
test_join (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) skipped = prepare_run (table, "join-text", "columns=code;k;d\nseparator=/\nname=j", NULL);
  assert_texts (skipped, "j", "EU-1234/1/1970-01-01|us-9/2/1970-01-02|AB-77/1970-01-03|4|none/5/1970-01-05|20240115/6/1970-01-06");
  g_autoptr (PatronTable) strict = prepare_run (table, "join-text", "columns=code;k\nseparator=\nskip=false\nkeep=false", NULL);
  assert_texts (strict, "code_k", "EU-12341|us-92|-|-|none5|202401156");
  g_assert_null (patron_table_find (strict, "k"));
  g_autoptr (PatronTable) blank = prepare_run (table, "join-text", "columns=k;k\nname=k", NULL);
  assert_texts (blank, "k", "1 1|2 2|-|4 4|5 5|6 6");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/texts/clean", test_clean);
  g_test_add_func ("/texts/split", test_split);
  g_test_add_func ("/texts/join", test_join);
  return g_test_run ();
}
