/* SPDX-License-Identifier: Apache-2.0 */

/* Class entries, objects with a part in C, and conversions of C's values. Knows nothing of the glue above. */

#include "php_archivist.h"

#define VALUE_CLASS(name) zend_class_entry *php_arv_ce_##name;
PHP_ARV_CLASSES(VALUE_CLASS)
#undef VALUE_CLASS

/* ---- objects with a part in C ----------------------------------------------------------------- */

/* Written when the module starts, read ever after. */
static php_arv_kind *kinds;

static zend_object *object_create(zend_class_entry *ce)
{
    const php_arv_kind *kind = kinds;
    while (kind->ce != ce)
        kind = kind->next;
    zend_object *object = (zend_object *)((char *)zend_object_alloc(kind->bytes, ce) + kind->offset);
    zend_object_std_init(object, ce);
    object_properties_init(object, ce);
    object->handlers = &kind->handlers;
    return object;
}

void php_arv_kind_add(php_arv_kind *kind, zend_class_entry *ce)
{
    kind->ce = ce;
    kind->next = kinds;
    kinds = kind;
    ce->create_object = object_create;
    memcpy(&kind->handlers, zend_get_std_object_handlers(), sizeof kind->handlers);
    kind->handlers.offset = (int)kind->offset;
    kind->handlers.free_obj = kind->free;
    kind->handlers.clone_obj = kind->clone;
    if (kind->gc)
        kind->handlers.get_gc = kind->gc;
}

HashTable *php_arv_gc_end(zend_object *object, zend_get_gc_buffer *buffer, zval **table, int *count)
{
    if (!object->properties)
        for (int i = 0; i < object->ce->default_properties_count; i++)
            zend_get_gc_buffer_add_zval(buffer, OBJ_PROP_NUM(object, i));
    zend_get_gc_buffer_use(buffer, table, count);
    return object->properties;
}

/* ---- values ------------------------------------------------------------------------------------ */

zend_object *php_arv_enum_case(zend_class_entry *ce, const char *name)
{
    zend_string *text = zend_string_init(name, strlen(name), 0);
    zend_object *found = zend_enum_get_case(ce, text);
    zend_string_release(text);
    return found;
}

zend_object *php_arv_value_make(zval *into, zend_class_entry *ce)
{
    object_init_ex(into, ce);
    return Z_OBJ_P(into);
}

void php_arv_set_text(zend_object *object, int property, const char *text)
{
    if (text)
        ZVAL_STRING(php_arv_property(object, property), text);
    else
        ZVAL_NULL(php_arv_property(object, property));
}

void php_arv_set_string(zend_object *object, int property, zend_string *text)
{
    if (text)
        ZVAL_STR_COPY(php_arv_property(object, property), text);
    else
        ZVAL_NULL(php_arv_property(object, property));
}

void php_arv_set_number(zend_object *object, int property, int64_t number)
{
    ZVAL_LONG(php_arv_property(object, property), (zend_long)number);
}

void php_arv_set_time(zend_object *object, int property, int64_t at_unix, int64_t none)
{
    if (at_unix == none)
        ZVAL_NULL(php_arv_property(object, property));
    else
        ZVAL_LONG(php_arv_property(object, property), (zend_long)at_unix);
}

void php_arv_set_digest(zend_object *object, int property, const arv_digests *digests, unsigned which)
{
    char hex[129];
    php_arv_set_text(object, property,
                     digests->present & which ? arv_digests_hex(digests, which, hex) : NULL);
}
