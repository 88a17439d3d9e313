/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-block.h"

#include "fixture.h"

typedef struct
{
  char column[PATRON_COLUMN_SIZE];
  char columns[PATRON_COLUMNS_SIZE];
  char formula[PATRON_EXPRESSION_SIZE];
  char condition[PATRON_EXPRESSION_SIZE];
  char other[PATRON_COLUMN_SIZE];
  char there[PATRON_COLUMN_SIZE];
  char bring[PATRON_COLUMNS_SIZE];
  char date[32];
  char pairs[PATRON_PAIRS_SIZE];
  char sums[PATRON_EXPRESSION_SIZE];
  char lines[256];
} Params;

static const PatronParam params[] = {
  PATRON_PARAM_COLUMN (Params, column, .label = "Column", .help = "One.", .accepts = PATRON_ACCEPT_CATEGORY),
  PATRON_PARAM_COLUMNS (Params, columns, .label = "Columns", .help = "Several."),
  PATRON_PARAM_EXPRESSION (Params, formula, .label = "Formula", .help = "A value."),
  PATRON_PARAM_EXPRESSION (Params, condition, .label = "Condition", .help = "True or false."),
  PATRON_PARAM_TEXT (Params, other, .label = "Table", .help = "Another.", .holds = PATRON_HOLDS_TABLE),
  PATRON_PARAM_TEXT (Params, there, .label = "There", .help = "A column of it.", .holds = PATRON_HOLDS_OTHER_COLUMN, .optional = true),
  PATRON_PARAM_TEXT (Params, bring, .label = "Bring", .help = "Columns of it.", .holds = PATRON_HOLDS_OTHER_COLUMNS, .optional = true),
  PATRON_PARAM_TEXT (Params, date, .label = "Date", .help = "A day.", .holds = PATRON_HOLDS_DATE),
  PATRON_PARAM_TEXT (Params, pairs, .label = "Values", .help = "Old and new.", .holds = PATRON_HOLDS_PAIRS),
  PATRON_PARAM_TEXT (Params, sums, .label = "Summaries", .help = "Of groups.", .holds = PATRON_HOLDS_AGGREGATES),
  PATRON_PARAM_TEXT (Params, lines, .label = "Lines", .help = "Of text.", .holds = PATRON_HOLDS_LINES),
  PATRON_PARAM_END
};

typedef struct
{
  Params              values;
  PatronParamContext *context;
  PatronParamBlock   *block;
  GtkWidget          *window;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *group = adw_preferences_group_new ();
  patron_params_init (params, &fixture->values);
  fixture->context = patron_param_context_new (table, NULL, params, &fixture->values);
  fixture->block = patron_param_block_new_full (params, &fixture->values, fixture->context, ADW_PREFERENCES_GROUP (group), NULL);
  fixture->window = fixture_window (group, 420, 1400);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture_settle ();
  g_object_unref (fixture->block);
  patron_param_context_unref (fixture->context);
}

static PatronParamField *
field (Fixture *fixture, const char *name)
{
  GtkWidget *control = patron_param_row_get_control (patron_param_block_find (fixture->block, name));
  g_assert_true (PATRON_IS_PARAM_FIELD (control));
  return PATRON_PARAM_FIELD (control);
}

/* What the field says after showing a text is that text, in the form in which it writes it. */
static void
check_round (Fixture *fixture, const char *name, const char *text, const char *expected)
{
  patron_param_field_set_text (field (fixture, name), text);
  g_autofree char *back = patron_param_field_dup_text (field (fixture, name));
  g_assert_cmpstr (back, ==, expected);
}

static void
test_round (Fixture *fixture, gconstpointer data)
{
  check_round (fixture, "column", "product", "product");
  check_round (fixture, "columns", "visits;spend", "visits;spend");
  check_round (fixture, "formula", "spend * 2", "spend * 2");
  check_round (fixture, "condition", "spend > 3", "spend > 3");
  check_round (fixture, "other", "customers", "customers");
  check_round (fixture, "there", "since", "since");
  check_round (fixture, "bring", "city;spend", "city;spend");
  check_round (fixture, "date", "2024-02-29", "2024-02-29");
  check_round (fixture, "pairs", "visits=visits; spend; gone=c", "visits=visits; spend=spend; gone=c");   /* beside a table: of columns */
  check_round (fixture, "lines", "one\ntwo", "one\ntwo");
  check_round (fixture, "sums", "sum(spend) as total; count() as n", "sum([spend]) as [total]; count() as [n]");
  fixture_settle ();
  guint n_different = 0;
  g_autoptr (GdkTexture) texture = fixture_render (fixture->window, &n_different);
  g_assert_cmpuint (n_different, >, 2000);
}

typedef struct
{
  char pairs[PATRON_PAIRS_SIZE];
  char column[PATRON_COLUMN_SIZE];
} PairsParams;

/* The same text beside nothing else is of names, and beside a column of its values: there, what stays the same is not said. */
static void
test_pairs (void)
{
  static const PatronParam with_column[] = {
    PATRON_PARAM_TEXT (PairsParams, pairs, .label = "Values", .help = "Old and new.", .holds = PATRON_HOLDS_PAIRS),
    PATRON_PARAM_COLUMN (PairsParams, column, .label = "Column", .help = "One."),
    PATRON_PARAM_END
  };
  static const PatronParam alone[] = {
    PATRON_PARAM_TEXT (PairsParams, pairs, .label = "Names", .help = "Old and new.", .holds = PATRON_HOLDS_PAIRS), PATRON_PARAM_END
  };
  static const struct { const PatronParam *params; const char *text, *expected; } cases[] = {
    { with_column, "a=b; c=; d=d", "a=b; c=" },
    { alone, "spend=paid; visits=visits; gone=here; spend=", "spend=paid; gone=here" },
  };
  g_autoptr (PatronTable) table = fixture_table ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PairsParams values;
      patron_params_init (cases[i].params, &values);
      PatronParamContext *context = patron_param_context_new (table, NULL, cases[i].params, &values);
      PatronParamField *field = PATRON_PARAM_FIELD (g_object_ref_sink (patron_param_field_new (&cases[i].params[0], context)));
      patron_param_field_set_text (field, cases[i].text);
      g_autofree char *back = patron_param_field_dup_text (field);
      g_assert_cmpstr (back, ==, cases[i].expected);
      g_object_unref (field);
      patron_param_context_unref (context);
    }
}

/* A column that the table does not have is kept until another is chosen: a recipe is not changed by being looked at. */
static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  check_round (fixture, "column", "gone", "gone");
  check_round (fixture, "columns", "gone;spend", "gone;spend");
  check_round (fixture, "sums", "sum(gone)", "sum(gone)");
}

/* A formula that conditions cannot show stays one. */
static void
test_formula_condition (Fixture *fixture, gconstpointer data)
{
  check_round (fixture, "condition", "spend > visits * 2", "spend > visits * 2");
  check_round (fixture, "condition", "", "");
}

/* The first control gets the focus also before anything is laid out. */
static void
test_focus_early (void)
{
  static const PatronParam other[] = { PATRON_PARAM_TEXT (Params, other, .label = "Table", .help = "Another.", .holds = PATRON_HOLDS_TABLE), PATRON_PARAM_END };
  Params values;
  patron_params_init (other, &values);
  g_autoptr (PatronTable) table = fixture_table ();
  PatronParamContext *context = patron_param_context_new (table, NULL, other, &values);
  GtkWidget *field = patron_param_field_new (&other[0], context), *window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (window), field);
  g_assert_true (gtk_widget_grab_focus (field));
  g_assert_nonnull (gtk_widget_get_ancestor (gtk_root_get_focus (GTK_ROOT (window)), GTK_TYPE_DROP_DOWN));
  gtk_window_destroy (GTK_WINDOW (window));
  patron_param_context_unref (context);
}

/* What the user does reaches the values. */
static void
test_edited (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) views = fixture_find_all (GTK_WIDGET (field (fixture, "formula")), GTK_TYPE_TEXT_VIEW);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (views->pdata[0]);
  gtk_text_buffer_set_text (buffer, " spend + 1 ", -1);
  g_assert_cmpstr (fixture->values.formula, ==, "spend + 1");
  patron_param_row_enter (patron_param_block_find (fixture->block, "columns"), "visits;member");
  g_assert_cmpstr (fixture->values.columns, ==, "visits;member");
  fixture_settle ();
}

/* Return in the search ticks what is found; a search that finds nothing ticks nothing. */
static void
test_search (Fixture *fixture, gconstpointer data)
{
  GtkWidget *columns = GTK_WIDGET (field (fixture, "columns"));
  g_autoptr (GPtrArray) buttons = fixture_find_all (columns, GTK_TYPE_MENU_BUTTON);
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (buttons->pdata[0]));
  g_autoptr (GPtrArray) entries = fixture_find_all (popover, GTK_TYPE_SEARCH_ENTRY);
  static const char *const words[] = { "spen", "nothing like it", "", "visi" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (entries->pdata[0]), words[i]);
      g_signal_emit_by_name (entries->pdata[0], "activate");
    }
  g_assert_cmpstr (fixture->values.columns, ==, "spend;visits");
  fixture_settle ();
}

static void
test_focus (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "column", "columns", "formula", "condition", "other", "date", "pairs", "sums", "lines" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gtk_widget_grab_focus (GTK_WIDGET (field (fixture, names[i])));
      GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (fixture->window));
      g_assert_nonnull (focus);
      g_assert_true (gtk_widget_is_ancestor (focus, GTK_WIDGET (field (fixture, names[i]))));
    }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/app/param-fields/round", test_round },
    { "/app/param-fields/unknown", test_unknown },
    { "/app/param-fields/formula-condition", test_formula_condition },
    { "/app/param-fields/edited", test_edited },
    { "/app/param-fields/search", test_search },
    { "/app/param-fields/focus", test_focus },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/app/param-fields/pairs", test_pairs);
  g_test_add_func ("/app/param-fields/focus-early", test_focus_early);
  return g_test_run ();
}
