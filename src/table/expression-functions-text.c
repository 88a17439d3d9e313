/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-functions.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Functions of texts. What stands beside the text is written out in the formula, so that each distinct text is worked on once. */

enum { MAX_WIDTH = 1000 };

static void
set_arguments (PatronNode *node, const char *first, const char *second)
{
  const char *both[] = { first, second, NULL };
  char **copy = g_strdupv ((char **) both);
  g_strfreev (node->arguments);
  node->arguments = copy;
}

/* The last argument "ignore case"; *ignore says whether it is there. */
static gboolean
read_ignore_case (GPtrArray *arguments, guint i, gboolean *ignore, PatronFault *fault)
{
  *ignore = FALSE;
  if (i >= arguments->len)
    return TRUE;
  if (!patron_expect_literal_text (patron_argument (arguments, i), fault))
    return FALSE;
  const char *option = patron_argument (arguments, i)->text;
  *ignore = g_ascii_strcasecmp (option, "ignore case") == 0 || g_ascii_strcasecmp (option, "i") == 0;
  if (!*ignore)
    patron_fault_set (fault, patron_argument (arguments, i)->position, _("Expected \"ignore case\" at position %u, but found “%s”."),
                      patron_argument (arguments, i)->position, option);
  return *ignore;
}

static gboolean
expect_not_empty (const PatronNode *node, PatronFault *fault)
{
  if (!patron_expect_literal_text (node, fault))
    return FALSE;
  if (*node->text != '\0')
    return TRUE;
  patron_fault_set (fault, node->position, _("Expected a text that is not empty at position %u."), node->position);
  return FALSE;
}

/* Functions of the text alone. */
static PatronNode *
make_map (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  return patron_node_text (variant, position, patron_argument_take (arguments, 0), NULL, fault);
}

/* Tests against a text in quotes; both sides are case-folded when case is ignored. */
static PatronNode *
make_test (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  gboolean ignore;
  if (!patron_expect_literal_text (patron_argument (arguments, 1), fault) || !read_ignore_case (arguments, 2, &ignore, fault))
    return NULL;
  const char *argument = patron_argument (arguments, 1)->text;
  g_autofree char *folded = ignore ? g_utf8_casefold (argument, -1) : NULL;
  PatronNode *node = patron_node_text (variant, position, patron_argument_take (arguments, 0), ignore ? folded : argument, fault);
  if (node != NULL)
    node->ignore_case = ignore;
  return node;
}

static GRegex *
compile_regex (const PatronNode *pattern, gboolean ignore_case, PatronFault *fault)
{
  if (!patron_expect_literal_text (pattern, fault))
    return NULL;
  GRegex *regex = patron_regex_new (pattern->text, ignore_case, NULL);
  if (regex == NULL)
    patron_fault_set (fault, pattern->position, _("The regular expression “%s” at position %u cannot be understood."), pattern->text,
                      pattern->position);
  return regex;
}

static PatronNode *
make_matches (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  gboolean ignore;
  if (!read_ignore_case (arguments, 2, &ignore, fault))
    return NULL;
  g_autoptr (GRegex) regex = compile_regex (patron_argument (arguments, 1), ignore, fault);
  PatronNode *node =
      regex != NULL ? patron_node_text (variant, position, patron_argument_take (arguments, 0), patron_argument (arguments, 1)->text, fault) : NULL;
  if (node != NULL)
    node->regex = g_steal_pointer (&regex);
  if (node != NULL)
    node->ignore_case = ignore;
  return node;
}

/* extract (text, pattern, group) */
static PatronNode *
make_extract (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  g_autoptr (GRegex) regex = compile_regex (patron_argument (arguments, 1), FALSE, fault);
  if (regex == NULL)
    return NULL;
  /* Without a number: the first part in brackets, or the whole when there is none. */
  int groups = g_regex_get_capture_count (regex), group = MIN (groups, 1);
  if (arguments->len > 2)
    {
      if (!patron_expect_literal_integer (patron_argument (arguments, 2), 0, groups, fault))
        return NULL;
      group = (int) patron_argument (arguments, 2)->literal.integer;
    }
  PatronNode *node =
      patron_node_text (PATRON_TEXT_EXTRACT, position, patron_argument_take (arguments, 0), patron_argument (arguments, 1)->text, fault);
  if (node == NULL)
    return NULL;
  node->regex = g_steal_pointer (&regex);
  node->count = group;
  return node;
}

static PatronNode *
make_regex_replace (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  gboolean ignore;
  if (!read_ignore_case (arguments, 3, &ignore, fault))
    return NULL;
  g_autoptr (GRegex) regex = compile_regex (patron_argument (arguments, 1), ignore, fault);
  if (regex == NULL || !patron_expect_literal_text (patron_argument (arguments, 2), fault))
    return NULL;
  const char *replacement = patron_argument (arguments, 2)->text;
  if (!g_regex_check_replacement (replacement, NULL, NULL))
    {
      patron_fault_set (fault, patron_argument (arguments, 2)->position,
                        _("The replacement “%s” at position %u cannot be understood; \\1 stands for the first part in brackets."), replacement,
                        patron_argument (arguments, 2)->position);
      return NULL;
    }
  PatronNode *node = patron_node_text (PATRON_TEXT_REGEX_REPLACE, position, patron_argument_take (arguments, 0), NULL, fault);
  if (node == NULL)
    return NULL;
  set_arguments (node, patron_argument (arguments, 1)->text, replacement);
  node->regex = g_steal_pointer (&regex);
  node->ignore_case = ignore;
  return node;
}

/* left (text, n), right (text, n) */
static PatronNode *
make_side (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_expect_literal_integer (patron_argument (arguments, 1), 0, G_MAXINT32, fault))
    return NULL;
  PatronNode *node = patron_node_text (variant, position, patron_argument_take (arguments, 0), NULL, fault);
  if (node == NULL)
    return NULL;
  node->from = 1;
  node->count = patron_argument (arguments, 1)->literal.integer;
  return node;
}

static PatronNode *
make_substring (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  const PatronNode *from = patron_argument (arguments, 1);
  if (!patron_expect_literal_integer (from, -G_MAXINT32, G_MAXINT32, fault)
      || (arguments->len > 2 && !patron_expect_literal_integer (patron_argument (arguments, 2), 0, G_MAXINT32, fault)))
    return NULL;
  if (from->literal.integer == 0)
    {
      patron_fault_set (fault, from->position, _("Characters are counted from 1, or from the end with -1; found 0 at position %u."), from->position);
      return NULL;
    }
  PatronNode *node = patron_node_text (PATRON_TEXT_SUBSTRING, position, patron_argument_take (arguments, 0), NULL, fault);
  if (node == NULL)
    return NULL;
  node->from = from->literal.integer;
  node->count = arguments->len > 2 ? patron_argument (arguments, 2)->literal.integer : G_MAXINT32;
  return node;
}

static PatronNode *
make_pad (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_expect_literal_integer (patron_argument (arguments, 1), 0, MAX_WIDTH, fault)
      || (arguments->len > 2 && !expect_not_empty (patron_argument (arguments, 2), fault)))
    return NULL;
  const char *fill = arguments->len > 2 ? patron_argument (arguments, 2)->text : " ";
  PatronNode *node = patron_node_text (variant, position, patron_argument_take (arguments, 0), fill, fault);
  if (node != NULL)
    node->count = patron_argument (arguments, 1)->literal.integer;
  return node;
}

static PatronNode *
make_split_part (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!expect_not_empty (patron_argument (arguments, 1), fault)
      || !patron_expect_literal_integer (patron_argument (arguments, 2), -G_MAXINT32, G_MAXINT32, fault))
    return NULL;
  PatronNode *node =
      patron_node_text (PATRON_TEXT_SPLIT_PART, position, patron_argument_take (arguments, 0), patron_argument (arguments, 1)->text, fault);
  if (node != NULL)
    node->from = patron_argument (arguments, 2)->literal.integer;
  return node;
}

static PatronNode *
make_replace (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!expect_not_empty (patron_argument (arguments, 1), fault) || !patron_expect_literal_text (patron_argument (arguments, 2), fault))
    return NULL;
  PatronNode *node = patron_node_text (PATRON_TEXT_REPLACE, position, patron_argument_take (arguments, 0), NULL, fault);
  if (node != NULL)
    set_arguments (node, patron_argument (arguments, 1)->text, patron_argument (arguments, 2)->text);
  return node;
}

static gboolean
is_fixed (const PatronNode *node)
{
  return node->kind == PATRON_NODE_LITERAL && patron_type_is_text (node->type) && node->text != NULL;
}

/* Everything row by row; what was joined before is taken apart, so that a & b & c makes one dictionary. */
static PatronNode *
join_rows (guint position, GPtrArray *arguments)
{
  PatronNode *node = patron_node_new (PATRON_NODE_CONCAT, PATRON_TYPE_TEXT, position);
  for (guint i = 0; i < arguments->len; i++)
    {
      PatronNode *part = patron_argument_take (arguments, i);
      gboolean nested =
          part->kind == PATRON_NODE_CONCAT && (node->children == NULL || node->children->len + part->children->len <= PATRON_MANY_ARGUMENTS);
      for (guint c = 0; nested && c < part->children->len; c++)
        {
          patron_node_add (node, patron_node_child (part, c));
          g_ptr_array_index (part->children, c) = NULL;
        }
      if (nested)
        patron_node_free (part);
      else
        patron_node_add (node, part);
    }
  return node;
}

/* With one argument that varies, and texts in quotes around it, each string of its dictionary is completed once; with several, row by row. */
static PatronNode *
make_concat (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  int varying = -1;
  guint n_varying = 0;
  for (guint i = 0; i < arguments->len; i++)
    if (!is_fixed (patron_argument (arguments, i)))
      {
        varying = i;
        n_varying++;
      }
  if (n_varying != 1 || !patron_type_is_text (patron_argument (arguments, varying)->type)
      || patron_argument (arguments, varying)->kind == PATRON_NODE_CONCAT)
    return join_rows (position, arguments);
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);
  for (guint i = 0; i < arguments->len; i++)
    if ((int) i != varying)
      g_string_append ((int) i < varying ? before : after, patron_argument (arguments, i)->text);
  PatronNode *node = patron_node_text (PATRON_TEXT_AFFIX, position, patron_argument_take (arguments, varying), NULL, fault);
  if (node != NULL)
    set_arguments (node, before->str, after->str);
  return node;
}

/* text (x); text (date, "%Y-%m"). */
static PatronNode *
make_as_text (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (arguments->len == 1 && patron_type_is_text (patron_argument (arguments, 0)->type))
    return patron_argument_take (arguments, 0);
  if (arguments->len > 1)
    {
      if (!patron_expect_literal_text (patron_argument (arguments, 1), fault)
          || !patron_node_to_moment ((PatronNode **) &g_ptr_array_index (arguments, 0), fault))
        return NULL;
      const char *wrong = patron_moment_format_check (patron_argument (arguments, 1)->text);
      if (wrong != NULL)
        {
          patron_fault_set (fault, patron_argument (arguments, 1)->position,
                            _("A date is written with %%Y %%m %%d %%H %%M %%S %%y %%j %%V %%G %%q; found “%s” at position %u."), wrong,
                            patron_argument (arguments, 1)->position);
          return NULL;
        }
    }
  PatronNode *node = patron_node_new_unary (PATRON_NODE_CONCAT, PATRON_TYPE_TEXT, position, patron_argument_take (arguments, 0));
  if (arguments->len > 1)
    set_arguments (node, patron_argument (arguments, 1)->text, NULL);
  return node;
}

const PatronFunctionEntry patron_functions_text[] = {
  { "contains", 2, 3, make_test, PATRON_TEXT_CONTAINS, PATRON_FUNCTIONS_TEXT, "contains (text, \"part\", \"ignore case\")",
    N_("Whether the text holds the part; “ignore case” may be left out.") },
  { "starts_with", 2, 3, make_test, PATRON_TEXT_STARTS, PATRON_FUNCTIONS_TEXT, "starts_with (text, \"part\", \"ignore case\")",
    N_("Whether the text begins with the part; “ignore case” may be left out.") },
  { "ends_with", 2, 3, make_test, PATRON_TEXT_ENDS, PATRON_FUNCTIONS_TEXT, "ends_with (text, \"part\", \"ignore case\")",
    N_("Whether the text ends with the part; “ignore case” may be left out.") },
  { "like", 2, 3, make_test, PATRON_TEXT_LIKE, PATRON_FUNCTIONS_TEXT, "like (text, \"A%\", \"ignore case\")",
    N_("Whether the text has the shape: % is any text, _ any character; also written: text like \"A%\".") },
  { "matches", 2, 3, make_matches, PATRON_TEXT_MATCHES, PATRON_FUNCTIONS_TEXT, "matches (text, \"[0-9]+\", \"ignore case\")",
    N_("Whether the regular expression is found in the text.") },
  { "extract", 2, 3, make_extract, 0, PATRON_FUNCTIONS_TEXT, "extract (text, \"([0-9]+)\", part)",
    N_("What the regular expression finds: its first part in brackets, or the part with that number. Missing where nothing is found.") },
  { "regex_replace", 3, 4, make_regex_replace, 0, PATRON_FUNCTIONS_TEXT, "regex_replace (text, \"[^0-9]\", \"\")",
    N_("Everything the regular expression finds, replaced; \\1 stands for its first part in brackets.") },
  { "replace", 3, 3, make_replace, 0, PATRON_FUNCTIONS_TEXT, "replace (text, \"from\", \"to\")",
    N_("The text with every “from” replaced by “to”.") },
  { "length", 1, 1, make_map, PATRON_TEXT_LENGTH, PATRON_FUNCTIONS_TEXT, "length (text)", N_("How many characters the text has.") },
  { "left", 2, 2, make_side, PATRON_TEXT_SUBSTRING, PATRON_FUNCTIONS_TEXT, "left (text, n)", N_("The first n characters.") },
  { "right", 2, 2, make_side, PATRON_TEXT_RIGHT, PATRON_FUNCTIONS_TEXT, "right (text, n)", N_("The last n characters.") },
  { "mid", 2, 3, make_substring, 0, PATRON_FUNCTIONS_TEXT, "mid (text, from, n)",
    N_("n characters from the given one on; counted from 1, or from the end with -1. Without n: all the rest.") },
  { "substring", 2, 3, make_substring, 0, PATRON_FUNCTIONS_TEXT, NULL, NULL },
  { "upper", 1, 1, make_map, PATRON_TEXT_UPPER, PATRON_FUNCTIONS_TEXT, "upper (text)", N_("In capitals.") },
  { "lower", 1, 1, make_map, PATRON_TEXT_LOWER, PATRON_FUNCTIONS_TEXT, "lower (text)", N_("In small letters.") },
  { "proper", 1, 1, make_map, PATRON_TEXT_PROPER, PATRON_FUNCTIONS_TEXT, "proper (text)", N_("Each word begins with a capital.") },
  { "trim", 1, 1, make_map, PATRON_TEXT_TRIM, PATRON_FUNCTIONS_TEXT, "trim (text)", N_("Without blanks at the ends.") },
  { "squeeze", 1, 1, make_map, PATRON_TEXT_SQUEEZE, PATRON_FUNCTIONS_TEXT, "squeeze (text)",
    N_("Without blanks at the ends, and with single blanks inside.") },
  { "pad_left", 2, 3, make_pad, PATRON_TEXT_PAD_LEFT, PATRON_FUNCTIONS_TEXT, "pad_left (text, n, \"0\")",
    N_("Filled up to n characters from the left, with blanks unless something else is given.") },
  { "pad_right", 2, 3, make_pad, PATRON_TEXT_PAD_RIGHT, PATRON_FUNCTIONS_TEXT, "pad_right (text, n, \" \")",
    N_("Filled up to n characters on the right, with blanks unless something else is given.") },
  { "split_part", 3, 3, make_split_part, 0, PATRON_FUNCTIONS_TEXT, "split_part (text, \",\", k)",
    N_("The k-th part between the separators, or from the end with -1; missing when there are fewer.") },
  { "find", 2, 3, make_test, PATRON_TEXT_FIND, PATRON_FUNCTIONS_TEXT, "find (text, \"part\", \"ignore case\")",
    N_("At which character the part begins, 0 when it is not there.") },
  { "concat", 1, PATRON_MANY_ARGUMENTS, make_concat, 0, PATRON_FUNCTIONS_TEXT, "concat (a, b, …)",
    N_("Values of any kind joined into one text; also written: a & b. Missing where one of them is.") },
  { "remove_accents", 1, 1, make_map, PATRON_TEXT_NO_ACCENTS, PATRON_FUNCTIONS_TEXT, "remove_accents (text)", N_("é becomes e, and so on.") },
  { "remove_punctuation", 1, 1, make_map, PATRON_TEXT_NO_PUNCTUATION, PATRON_FUNCTIONS_TEXT, "remove_punctuation (text)",
    N_("Without full stops, commas, brackets, dashes and other signs.") },
  { "half_width", 1, 1, make_map, PATRON_TEXT_HALF_WIDTH, PATRON_FUNCTIONS_TEXT, "half_width (text)",
    N_("Full-width letters, digits and signs become plain ones.") },
  { "text", 1, 2, make_as_text, 0, PATRON_FUNCTIONS_CONVERSION, "text (x, \"%Y-%m\")",
    N_("x as a text; a date in the given form, such as \"%Y-%m\" or \"%G-W%V\".") },
  { NULL },
};
