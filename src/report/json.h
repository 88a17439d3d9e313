/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/chart.h"

G_BEGIN_DECLS

/* Writing and reading the pieces that charts and reports share. Readers trust nothing: a missing member or one of another type
 * gives the default; nothing here warns or aborts, whatever the input. */

/* Not-a-number is null, infinities are "inf" and "-inf". */
void patron_json_add_number  (JsonBuilder *builder, double value);
/* Only when values is not NULL. */
void patron_json_put_numbers (JsonBuilder *builder, const char *name, const double *values, gsize n);
void patron_json_put_string  (JsonBuilder *builder, const char *name, const char *value);   /* nothing for NULL */
/* Of char *; nothing for NULL. */
void patron_json_put_strings (JsonBuilder *builder, const char *name, const GPtrArray *values);
void patron_json_put_number  (JsonBuilder *builder, const char *name, double value);        /* nothing for not-a-number */
void patron_json_put_int     (JsonBuilder *builder, const char *name, gint64 value);
void patron_json_put_flag    (JsonBuilder *builder, const char *name, gboolean value);      /* nothing for FALSE */
/* A sentence with its values: a string when it is a bare msgid, else an object. Nothing for NULL. */
void patron_json_put_text    (JsonBuilder *builder, const char *name, const PatronText *text);
void patron_json_add_text    (JsonBuilder *builder, const PatronText *text);                /* null for NULL */
/* The sentence in the language in force. */
void patron_json_put_rendered (JsonBuilder *builder, const char *name, const PatronText *text);

/* Borrowed; NULL when there is no such member or it is of another kind. */
JsonObject *patron_json_object (JsonNode *node);
JsonArray  *patron_json_array  (JsonNode *node);
JsonNode   *patron_json_member (JsonObject *object, const char *name);
JsonArray  *patron_json_get_array (JsonObject *object, const char *name);

double      patron_json_to_number (JsonNode *node);                                         /* NaN for anything else */
double      patron_json_get_number (JsonObject *object, const char *name);
gint64      patron_json_get_int    (JsonObject *object, const char *name, gint64 otherwise);
gboolean    patron_json_get_flag   (JsonObject *object, const char *name);
char       *patron_json_to_string  (JsonNode *node);                                        /* valid UTF-8, owned; NULL for anything else */
char       *patron_json_get_string (JsonObject *object, const char *name);
PatronText *patron_json_to_text    (JsonNode *node);                                        /* NULL for anything else */
PatronText *patron_json_get_text   (JsonObject *object, const char *name);
/* The index of the member's string among ids (n of them), 0 when it is none of them. */
guint       patron_json_get_choice (JsonObject *object, const char *name, const char *const *ids, guint n);
/* Exactly n numbers, owned. NULL without the member; *ok becomes FALSE when it is there but not n numbers. */
double     *patron_json_get_numbers (JsonObject *object, const char *name, gsize n, gboolean *ok);

G_END_DECLS
