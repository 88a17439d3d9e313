/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-private.h"

#include "base/memory.h"

/* The nodes of a parsed formula. */

PatronNode *
patron_node_new (PatronNodeKind kind, PatronType type, guint position)
{
  PatronNode *node = g_new0 (PatronNode, 1);
  node->kind = kind;
  node->type = type;
  node->position = position;
  node->height = 1;
  return node;
}

void
patron_node_add (PatronNode *node, PatronNode *child)
{
  if (node->children == NULL)
    node->children = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  g_ptr_array_add (node->children, child);
  node->height = MAX (node->height, child->height + 1);
}

PatronNode *
patron_node_new_unary (PatronNodeKind kind, PatronType type, guint position, PatronNode *child)
{
  PatronNode *node = patron_node_new (kind, type, position);
  patron_node_add (node, child);
  return node;
}

PatronNode *
patron_node_new_binary (PatronNodeKind kind, PatronType type, guint position, PatronNode *left, PatronNode *right)
{
  PatronNode *node = patron_node_new_unary (kind, type, position, left);
  patron_node_add (node, right);
  return node;
}

PatronNode *
patron_node_child (const PatronNode *node, guint i)
{
  return g_ptr_array_index (node->children, i);
}

void
patron_node_free (PatronNode *node)
{
  if (node == NULL)
    return;
  for (guint i = 0; node->maps != NULL && i < node->children->len; i++)
    g_free (node->maps[i]);
  g_free (node->maps);
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_clear_pointer (&node->column, patron_column_unref);
  g_clear_pointer (&node->list, g_array_unref);
  g_clear_pointer (&node->dict, patron_dict_unref);
  g_strfreev (node->arguments);
  g_free (node->text);
  g_free (node->tests);
  g_free (node->measures);
  g_free (node->numbers);
  g_free (node->codes);
  patron_free (node->values);
  g_clear_pointer (&node->regex, g_regex_unref);
  g_free (node);
}


/* Copies what parsing made, for "between" and the like, which evaluate an operand twice. */
PatronNode *
patron_node_copy (const PatronNode *node)
{
  PatronNode *copy = patron_node_new (node->kind, node->type, node->position);
  *copy = *node;
  copy->children = NULL;
  copy->column = node->column != NULL ? patron_column_ref (node->column) : NULL;
  copy->text = g_strdup (node->text);
  copy->list = node->list != NULL ? g_array_ref (node->list) : NULL;
  copy->arguments = g_strdupv (node->arguments);
  copy->regex = node->regex != NULL ? g_regex_ref (node->regex) : NULL;
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    patron_node_add (copy, patron_node_copy (patron_node_child (node, i)));
  return copy;
}

void
patron_fault_set (PatronFault *fault, guint position, const char *format, ...)
{
  if (fault->error != NULL)
    return;
  va_list args;
  va_start (args, format);
  fault->error = g_error_new_valist (PATRON_ERROR, PATRON_ERROR_REQUEST, format, args);
  va_end (args);
  fault->position = position;
}
