#include "handle.h"

#include <string.h>

typedef struct {
    PyObject_HEAD
    uint64_t id;
    uint32_t kind;
    /* How often the host has sent it. */
    uint32_t arrivals;
} Handle;

#define RELEASED_BYTES 12
#define SMALLEST_TABLE 64

/* The handles that there are, borrowed, by their ids: an open-addressed table of a power of two, at most half
 * full. Ids are random, so that their lowest bits are as good as any hash. */
static Handle **table;
static size_t table_size;

/* How many have not been let go: those in the table, and those dying ones whose place there another has taken. */
static size_t live;

/* What take_released gives next. There is room for every handle that is live, as a deallocation must not fail. */
static uint8_t *released;
static size_t released_count;
static size_t released_room;

/* Kind number -> class. */
static PyObject *kinds;

static size_t
slot_of(uint64_t id)
{
    size_t slot = (size_t)id & (table_size - 1);
    while (table[slot] != NULL && table[slot]->id != id) {
        slot = (slot + 1) & (table_size - 1);
    }
    return slot;
}

static int
make_room(void)
{
    if (released_count + live + 1 > released_room) {
        size_t room = Py_MAX(released_room * 2, SMALLEST_TABLE);
        uint8_t *larger = PyMem_RawRealloc(released, room * RELEASED_BYTES);
        if (larger == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        released = larger;
        released_room = room;
    }
    if ((live + 1) * 2 > table_size) {
        Handle **before = table;
        size_t size_before = table_size, size = Py_MAX(table_size * 2, SMALLEST_TABLE);
        Handle **larger = PyMem_RawCalloc(size, sizeof(Handle *));
        if (larger == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        table = larger;
        table_size = size;
        for (size_t slot = 0; slot < size_before; slot++) {
            if (before[slot] != NULL) {
                table[slot_of(before[slot]->id)] = before[slot];
            }
        }
        PyMem_RawFree(before);
    }
    return 0;
}

static void
remove_from_table(size_t hole)
{
    size_t mask = table_size - 1;

    table[hole] = NULL;
    /* Those behind it that had been pushed over this slot move up. */
    for (size_t slot = (hole + 1) & mask; table[slot] != NULL; slot = (slot + 1) & mask) {
        size_t home = (size_t)table[slot]->id & mask;
        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
            table[hole] = table[slot];
            table[slot] = NULL;
            hole = slot;
        }
    }
}

static void
let_go(PyObject *self)
{
    Handle *handle = (Handle *)self;

    /* One that has not got its number yet is in no table. */
    if (handle->arrivals != 0) {
        uint8_t *entry = released + released_count++ * RELEASED_BYTES;
        memcpy(entry, &handle->id, 8);
        memcpy(entry + 8, &handle->arrivals, 4);
        size_t slot = slot_of(handle->id);
        if (table[slot] == handle) {
            remove_from_table(slot);
        }
        live--;
    }
    Py_TYPE(self)->tp_free(self);
}

static PyObject *
refuse_to_copy(PyObject *self, PyObject *arguments)
{
    (void)arguments;
    PyErr_Format(PyExc_TypeError, "a handle can't be copied or pickled: %.100s", Py_TYPE(self)->tp_name);
    return NULL;
}

static PyMethodDef handle_methods[] = {
    {"__copy__", refuse_to_copy, METH_VARARGS, NULL},
    {"__deepcopy__", refuse_to_copy, METH_VARARGS, NULL},
    {"__reduce__", refuse_to_copy, METH_VARARGS, NULL},
    {"__reduce_ex__", refuse_to_copy, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(handle_doc, "An object of the host's. Only the host makes them.");

static PyTypeObject handle_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "glovebox.Handle",
    .tp_basicsize = sizeof(Handle),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = handle_doc,
    .tp_dealloc = let_go,
    .tp_methods = handle_methods,
};

int
glovebox_is_handle(PyObject *value)
{
    /* One without a number can't be: but who knows what the collector shows. */
    return PyObject_TypeCheck(value, &handle_type) && ((Handle *)value)->arrivals != 0;
}

uint64_t
glovebox_handle_id(PyObject *handle)
{
    return ((Handle *)handle)->id;
}

uint32_t
glovebox_handle_kind(PyObject *handle)
{
    return ((Handle *)handle)->kind;
}

/* Borrowed; NULL with an exception set. */
static PyTypeObject *
class_of_kind(uint32_t kind)
{
    PyObject *number = kinds == NULL ? NULL : PyLong_FromUnsignedLong(kind);
    if (number == NULL) {
        return kinds == NULL ? &handle_type : NULL;
    }
    PyObject *class = PyDict_GetItemWithError(kinds, number);
    Py_DECREF(number);
    if (class == NULL) {
        return PyErr_Occurred() ? NULL : &handle_type;
    }
    return (PyTypeObject *)class;
}

PyObject *
glovebox_receive_handle(uint64_t id, uint32_t kind)
{
    PyTypeObject *class = class_of_kind(kind);
    if (class == NULL) {
        return NULL;
    }
    if (make_room() < 0) {
        return NULL;
    }
    Handle *known = table[slot_of(id)];
    /* What a dying one's attributes run, before it is let go, may come here: it is past being used. */
    if (known != NULL && Py_REFCNT(known) > 0) {
        known->arrivals += known->arrivals < UINT32_MAX;
        return Py_NewRef(known);
    }
    Py_INCREF(class);
    Handle *handle = (Handle *)class->tp_alloc(class, 0);
    Py_DECREF(class);
    if (handle == NULL) {
        return NULL;
    }
    handle->id = id;
    handle->kind = kind;
    handle->arrivals = 1;
    table[slot_of(id)] = handle;
    live++;
    return (PyObject *)handle;
}

PyObject *
glovebox_take_released(void)
{
    PyObject *taken =
        PyBytes_FromStringAndSize((const char *)released, (Py_ssize_t)(released_count * RELEASED_BYTES));
    if (taken != NULL) {
        released_count = 0;
    }
    return taken;
}

PyDoc_STRVAR(take_released_doc,
"take_released()\n--\n\n"
"Which handles were let go since the last time, for the host: 12 bytes for each.");

static PyObject *
take_released(PyObject *module, PyObject *no_arguments)
{
    (void)module, (void)no_arguments;
    return glovebox_take_released();
}

PyDoc_STRVAR(set_kind_doc,
"set_kind(number, cls)\n--\n\n"
"Have handles of that kind arrive as instances of `cls`, a subclass of Handle.");

static PyObject *
set_kind(PyObject *module, PyObject *arguments)
{
    (void)module;
    PyObject *number, *class;
    if (!PyArg_ParseTuple(arguments, "O!O!:set_kind", &PyLong_Type, &number, &PyType_Type, &class)) {
        return NULL;
    }
    if (!PyType_IsSubtype((PyTypeObject *)class, &handle_type)) {
        PyErr_SetString(PyExc_TypeError, "the class of a kind must be a subclass of Handle");
        return NULL;
    }
    unsigned long kind = PyLong_AsUnsignedLong(number);
    PyObject *exact = PyErr_Occurred() ? NULL : PyLong_FromUnsignedLong(kind);
    if (exact == NULL) {
        return NULL;
    }
    if (kinds == NULL) {
        kinds = PyDict_New();
    }
    int status = kinds == NULL ? -1 : PyDict_SetItem(kinds, exact, class);
    Py_DECREF(exact);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"set_kind", set_kind, METH_VARARGS, set_kind_doc},
    {"take_released", take_released, METH_NOARGS, take_released_doc},
    {NULL, NULL, 0, NULL},
};

int
glovebox_add_handles(PyObject *module)
{
    return PyModule_AddType(module, &handle_type) < 0 ? -1 : PyModule_AddFunctions(module, methods);
}

void
glovebox_end_handles(void)
{
    Py_CLEAR(kinds);
}
