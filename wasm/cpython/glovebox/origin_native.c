/* Whose code C functions are: that of the module that they are defined in, whatever their `__module__` says, which
 * any program may set. */
#include "origin.h"

#include <string.h>

#include "limit.h"

static int
label_of_definition(PyObject *module)
{
    PyModuleDef *definition = PyModule_Check(module) ? PyModule_GetDef(module) : NULL;
    if (definition == NULL) {
        return LABEL_UNKNOWN;
    }
    /* The one whose definition has the name of its half in Python. */
    const char *name = strcmp(definition->m_name, "io") == 0 ? "_io" : definition->m_name;
    return origin_label_of_name(name, strlen(name));
}

/* "posix.DirEntry" is of posix; what has no module in its name is the language's. */
static int
label_of_dotted(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot == NULL ? LABEL_LANGUAGE : origin_label_of_name(name, dot - name);
}

/* The name that a type in C was made with: setting `__name__` and `__module__` changes others. */
static const char *
native_name_of(PyTypeObject *type)
{
    return type->tp_flags & Py_TPFLAGS_HEAPTYPE ? ((PyHeapTypeObject *)type)->_ht_tpname : type->tp_name;
}

PyTypeObject *
origin_native_base(PyTypeObject *type)
{
    while (native_name_of(type) == NULL) {
        type = type->tp_base;
    }
    return type;
}

#define CACHED 256
static struct { const void *key; int label; } cached[CACHED];
#define CACHE_PLACE(key) (&cached[((uintptr_t)(key) >> 4) % CACHED])

int
origin_label_of_type(PyTypeObject *type)
{
    int lasts = !(type->tp_flags & Py_TPFLAGS_HEAPTYPE);
    if (lasts && CACHE_PLACE(type)->key == type) {
        return CACHE_PLACE(type)->label;
    }
    PyObject *module = lasts ? NULL : ((PyHeapTypeObject *)type)->ht_module;
    const char *name = native_name_of(type);
    /* What ends an extent, and what begins a narrower one, has to be at hand in each. */
    int label = strcmp(name, "glovebox.restrict") == 0 ? LABEL_LANGUAGE
                : module != NULL                       ? label_of_definition(module)
                                                       : label_of_dotted(name);
    if (lasts) {
        CACHE_PLACE(type)->key = type;
        CACHE_PLACE(type)->label = label;
    }
    return label;
}

static int
has_method(PyTypeObject *type, const PyMethodDef *method)
{
    for (const PyMethodDef *own = type->tp_methods; own != NULL && own->ml_name != NULL; own++) {
        if (own == method) {
            return 1;
        }
    }
    return 0;
}

/* The type that the method is one of, among the bases of this one; or NULL. */
static PyTypeObject *
owner_of(const PyMethodDef *method, PyTypeObject *type)
{
    PyObject *bases = type->tp_mro;
    for (Py_ssize_t index = 0; bases != NULL && index < PyTuple_GET_SIZE(bases); index++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(bases, index);
        if (has_method(base, method)) {
            return base;
        }
    }
    return NULL;
}

static int
label_of_function(PyCFunctionObject *function)
{
    const PyMethodDef *method = function->m_ml;
    if (CACHE_PLACE(method)->key == method) {
        return CACHE_PLACE(method)->label;
    }
    /* Handlers of signals: what stops a program must work wherever it is. */
    if (method == &glovebox_raise_limit_method || strcmp(method->ml_name, "default_int_handler") == 0) {
        return LABEL_LANGUAGE;
    }
    PyObject *self = function->m_self;
    if (self == NULL) {
        return LABEL_LANGUAGE;
    }
    PyTypeObject *type = PyType_Check(self) ? (PyTypeObject *)self : Py_TYPE(self);
    PyTypeObject *owner = owner_of(method, type);
    if (owner == NULL && self == (PyObject *)type) {
        owner = owner_of(method, Py_TYPE(self));
    }
    if (owner == NULL && !PyModule_Check(self)) {
        /* `__new__` is the same for all types. */
        return origin_label_of_type(origin_native_base(type));
    }
    int label = owner == NULL ? label_of_definition(self) : origin_label_of_type(owner);
    CACHE_PLACE(method)->key = method;
    CACHE_PLACE(method)->label = label;
    return label;
}

int
origin_label_of_callable(PyObject *callable)
{
    if (PyCFunction_Check(callable)) {
        return label_of_function((PyCFunctionObject *)callable);
    }
    return origin_label_of_type(PyDescr_TYPE(callable));
}

int
_Py_OriginRefusesType(PyTypeObject *type)
{
    int culprit;
    for (PyTypeObject *base = type; base != NULL && base != &PyBaseObject_Type; base = base->tp_base) {
        if (native_name_of(base) != NULL &&
            !origin_allows(_Py_origin_allowed, origin_label_of_type(base), &culprit)) {
            origin_refuse(culprit, NULL, native_name_of(base));
            return 1;
        }
    }
    return 0;
}

int
_Py_OriginRefusesCall(PyObject *callable)
{
    int culprit;
    if (PyType_Check(callable)) {
        return _Py_OriginRefusesType((PyTypeObject *)callable);
    }
    if (origin_allows(_Py_origin_allowed, origin_label_of_callable(callable), &culprit)) {
        return 0;
    }
    origin_refuse(culprit, NULL, PyCFunction_Check(callable)
                                     ? ((PyCFunctionObject *)callable)->m_ml->ml_name
                                     : ((PyMethodDescrObject *)callable)->d_method->ml_name);
    return 1;
}
