/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/questions.h"

#include <glib/gi18n-lib.h>

#include "ops/registry.h"

#define MAX_OPS 6

/* Which questions belong together and in which order; ids that are not in the registry yet are passed over, and a question without any
 * operation is not asked. */
static const struct
{
  const char *question, *summary, *icon;
  const char *ops[MAX_OPS];
} known[] = {
  { N_("Look at the data"), N_("What is in each column, what is missing, what goes together."), "patron-look-symbolic",
    { "describe", "correlate" } },
  { N_("Draw charts"), N_("Charts beside each other; what is chosen in one filters the others."), "patron-chart-symbolic", { "plot" } },
  { N_("Do groups differ?"), N_("Compares groups with the test that fits, and says how large the difference is."), "patron-worth-symbolic", { "compare" } },
  { N_("Who are my customers?"), N_("Groups of customers who behave alike, and what sets each apart."), "patron-customers-symbolic",
    { "rfm", "kmeans", "cohorts" } },
  { N_("What are they worth?"), N_("What each customer is likely to spend from here on."), "patron-worth-symbolic", { "lifetime-value" } },
  { N_("Who will leave?"), N_("How likely each customer is to go, and what gives it away."), "patron-leave-symbolic",
    { "gradient-boosting", "logistic-regression", "random-forest" } },
  { N_("Predict a column"), N_("Learn from rows where the answer is known; predict the others."), "patron-predict-symbolic",
    { "gradient-boosting", "random-forest", "linear-regression", "logistic-regression" } },
  { N_("What is bought together?"), N_("Things that share a basket more often than chance allows."), "patron-basket-symbolic",
    { "baskets", "sequences" } },
  { N_("What to offer next?"), N_("For each customer the products most likely to be bought next, and why."), "patron-offer-symbolic",
    { "recommend" } },
  { N_("What will sales be?"), N_("The next weeks or months, with how sure one can be."), "patron-forecast-symbolic", { "forecast" } },
  { N_("What do they say?"), N_("Topics and mood in reviews and messages."), "patron-say-symbolic", { "text-insight" } },
  { N_("What stands out?"), N_("Rows and days that do not fit the rest."), "patron-outlier-symbolic", { "anomalies" } },
  { N_("Whom to contact?"), N_("Which customers a campaign will persuade, and which it will not."), "patron-contact-symbolic", { "campaign" } },
};

/* What others are measured against answers nobody's question. */
static const char *const rivals[] = { "majority", "mean", "last-value", "one-rule", NULL };

static void
question_free (gpointer data)
{
  PatronQuestion *question = data;
  g_ptr_array_unref (question->ops);
  g_free (question);
}

static PatronQuestion *
question_new (const char *text, const char *summary, const char *icon)
{
  PatronQuestion *question = g_new0 (PatronQuestion, 1);
  question->question = text;
  question->summary = summary;
  question->icon = icon != NULL ? icon : "patron-question-symbolic";
  question->ops = g_ptr_array_new ();
  return question;
}

static gboolean
is_known (const char *id)
{
  if (g_strv_contains (rivals, id))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    for (guint j = 0; j < MAX_OPS && known[i].ops[j] != NULL; j++)
      if (g_str_equal (known[i].ops[j], id))
        return TRUE;
  return FALSE;
}

static void
add_known (GPtrArray *questions)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      PatronQuestion *question = question_new (known[i].question, known[i].summary, known[i].icon);
      for (guint j = 0; j < MAX_OPS && known[i].ops[j] != NULL; j++)
        {
          const PatronOp *op = patron_ops_find (known[i].ops[j]);
          if (op != NULL)
            g_ptr_array_add (question->ops, (gpointer) op);
        }
      if (question->ops->len > 0)
        g_ptr_array_add (questions, question);
      else
        question_free (question);
    }
}

/* A method whose author named a question: with the others of that question, or on a tile of its own. */
static void
add_declared (GPtrArray *questions, const PatronOp *op)
{
  for (guint i = 0; i < questions->len; i++)
    {
      PatronQuestion *question = questions->pdata[i];
      if (g_str_equal (question->question, op->question))
        {
          g_ptr_array_add (question->ops, (gpointer) op);
          return;
        }
    }
  PatronQuestion *question = question_new (op->question, op->summary, op->icon);
  g_ptr_array_add (question->ops, (gpointer) op);
  g_ptr_array_add (questions, question);
}

GPtrArray *
patron_questions_new (void)
{
  GPtrArray *questions = g_ptr_array_new_with_free_func (question_free);
  add_known (questions);
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    if ((*op)->question != NULL && ((*op)->kind == PATRON_OP_MODEL || (*op)->kind == PATRON_OP_ANALYSIS) && !is_known ((*op)->id))
      add_declared (questions, *op);
  return questions;
}

GPtrArray *
patron_question_methods (const PatronOp *op)
{
  g_autoptr (GPtrArray) questions = patron_questions_new ();
  GPtrArray *methods = g_ptr_array_new ();
  for (guint i = 0; i < questions->len; i++)
    {
      const PatronQuestion *question = questions->pdata[i];
      for (guint j = 0; g_ptr_array_find (question->ops, op, NULL) && j < question->ops->len; j++)
        if (!g_ptr_array_find (methods, question->ops->pdata[j], NULL))
          g_ptr_array_add (methods, question->ops->pdata[j]);
    }
  if (methods->len == 0)
    g_ptr_array_add (methods, (gpointer) op);
  return methods;
}

char *
patron_question_needs (const PatronOp *op)
{
  g_autoptr (GString) needs = g_string_new (NULL);
  for (const PatronRoleSpec *spec = op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    /* What to predict and from what is the user's choice: any table will do. */
    if ((spec->flags & PATRON_ROLE_REQUIRED) != 0 && spec->role != PATRON_ROLE_FEATURE && spec->role != PATRON_ROLE_TARGET)
      g_string_append_printf (needs, "%s%s", needs->len > 0 ? C_("between things in a list", ", ") : "", _(patron_role_label (spec->role)));
  return needs->len > 0 ? g_strdup (needs->str) : NULL;
}
