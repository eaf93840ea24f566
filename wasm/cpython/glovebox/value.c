/* The writer of values. What it writes may be changed meanwhile by the program's own code, which properties of
 * records and time zones run: it holds what it uses, and counts again what it has counted. */
#include "value.h"

#include <string.h>

#include "handle.h"
#include "value_format.h"
#include "value_writer.h"

PyObject *glovebox_record_type;

static int write_value(Writer *writer, PyObject *value);

static int
write_memoryview(Writer *writer, PyObject *value)
{
    Py_buffer view;
    if (PyObject_GetBuffer(value, &view, PyBUF_FULL_RO) < 0) {
        return -1;
    }
    int status = -1;
    if (glovebox_reserve(writer, view.len) == 0 && glovebox_write_size(writer, TAG_BYTES, view.len) == 0
        && glovebox_reserve(writer, view.len) == 0) {
        status = PyBuffer_ToContiguous(glovebox_next_bytes(writer, view.len), &view, view.len, 'C');
    }
    PyBuffer_Release(&view);
    return status;
}

static int
refuse_changed(Writer *writer, PyObject *value)
{
    return glovebox_refuse(writer, PyExc_ValueError, "a %.100s that changed while it was carried",
                  Py_TYPE(value)->tp_name);
}

static int
write_list(Writer *writer, PyObject *list)
{
    Py_ssize_t count = PyList_GET_SIZE(list);
    if (glovebox_write_size(writer, TAG_LIST, count) < 0) {
        return -1;
    }
    for (Py_ssize_t index = 0; index < count; index++) {
        if (index >= PyList_GET_SIZE(list)) {
            return refuse_changed(writer, list);
        }
        PyObject *item = Py_NewRef(PyList_GET_ITEM(list, index));
        int status = write_value(writer, item);
        Py_DECREF(item);
        if (status < 0) {
            return glovebox_failed_at_index(writer, index);
        }
    }
    return PyList_GET_SIZE(list) == count ? 0 : refuse_changed(writer, list);
}

static int
write_tuple(Writer *writer, PyObject *tuple)
{
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    if (glovebox_write_size(writer, TAG_TUPLE, count) < 0) {
        return -1;
    }
    for (Py_ssize_t index = 0; index < count; index++) {
        if (write_value(writer, PyTuple_GET_ITEM(tuple, index)) < 0) {
            return glovebox_failed_at_index(writer, index);
        }
    }
    return 0;
}

static int
write_dict(Writer *writer, PyObject *dict)
{
    PyObject *key, *item;
    Py_ssize_t position = 0, count = PyDict_GET_SIZE(dict);

    if (glovebox_write_tag(writer, TAG_DICT) < 0) {
        return -1;
    }
    while (PyDict_Next(dict, &position, &key, &item)) {
        Py_INCREF(key);
        Py_INCREF(item);
        int status = write_value(writer, key);
        if (status < 0) {
            status = glovebox_failed_inside(writer, ".<key>");
        }
        else {
            status = write_value(writer, item);
            if (status < 0) {
                status = glovebox_failed_at_key(writer, key);
            }
        }
        Py_DECREF(key);
        Py_DECREF(item);
        if (status < 0) {
            return -1;
        }
        if (PyDict_GET_SIZE(dict) != count) {
            return refuse_changed(writer, dict);
        }
    }
    return glovebox_write_tag(writer, TAG_DICT_END);
}

static int
write_set(Writer *writer, PyObject *set)
{
    PyTypeObject *type = PyFrozenSet_Check(set) ? &PyFrozenSet_Type : &PySet_Type;
    Py_ssize_t count = PySet_GET_SIZE(set);
    uint8_t tag = type == &PySet_Type ? TAG_SET : TAG_FROZENSET;

    if (glovebox_write_size(writer, tag, count) < 0) {
        return -1;
    }
    /* The type's own iterator, whatever a subclass has. It notices changes itself. */
    PyObject *iterator = type->tp_iter(set);
    if (iterator == NULL) {
        return -1;
    }
    PyObject *item;
    int status = 0;
    while (status == 0 && (item = PyIter_Next(iterator)) != NULL) {
        status = --count < 0 ? refuse_changed(writer, set) : write_value(writer, item);
        Py_DECREF(item);
        if (status < 0) {
            status = glovebox_failed_inside(writer, ".<member>");
        }
    }
    Py_DECREF(iterator);
    if (status == 0 && PyErr_Occurred()) {
        PyErr_Clear();
        return refuse_changed(writer, set);
    }
    return status == 0 && count != 0 ? refuse_changed(writer, set) : status;
}

static int
write_datetime(Writer *writer, PyObject *value)
{
    int64_t microseconds;

    switch (glovebox_datetime_to_microseconds(value, &microseconds)) {
    case DATETIME_FAILED: return -1;
    case DATETIME_CARRIED: return glovebox_write_scalar(writer, TAG_DATETIME, &microseconds, sizeof microseconds);
    case DATETIME_NAIVE:
        return glovebox_refuse(writer, PyExc_ValueError, "a datetime without a time zone can't be carried");
    case DATETIME_OUTSIDE:
    default:
        return glovebox_refuse(writer, PyExc_ValueError, "a datetime outside of the years 1 to 9999 in UTC");
    }
}

static int
write_handle(Writer *writer, PyObject *value)
{
    uint8_t fields[12];
    uint64_t id = glovebox_handle_id(value);
    uint32_t kind = glovebox_handle_kind(value);

    memcpy(fields, &id, 8);
    memcpy(fields + 8, &kind, 4);
    return glovebox_write_scalar(writer, TAG_HANDLE, fields, sizeof fields);
}

/* The name of a record and how many fields it has: write_field follows so many times. */
static int
write_record_head(Writer *writer, PyObject *name, Py_ssize_t count)
{
    uint32_t fields = (uint32_t)count;
    if (glovebox_write_tag(writer, TAG_RECORD) < 0 || glovebox_write_text(writer, name) < 0 || glovebox_reserve(writer, 4) < 0) {
        return -1;
    }
    memcpy(glovebox_next_bytes(writer, 4), &fields, 4);
    return 0;
}

static int
write_field(Writer *writer, PyObject *name, PyObject *value)
{
    if (glovebox_write_text(writer, name) < 0) {
        return -1;
    }
    return write_value(writer, value) < 0 ? glovebox_failed_at_field(writer, name) : 0;
}

static int
write_fields(Writer *writer, PyObject *record, PyObject *name, PyObject *fields)
{
    if (!PyUnicode_Check(name) || !PyDict_Check(fields)) {
        return glovebox_refuse(writer, PyExc_TypeError, "a Record without a name");
    }
    /* As they are now. */
    PyObject *items = PyDict_Items(fields);
    if (items == NULL) {
        return -1;
    }
    int status = write_record_head(writer, name, PyList_GET_SIZE(items));
    for (Py_ssize_t index = 0; status == 0 && index < PyList_GET_SIZE(items); index++) {
        PyObject *item = PyList_GET_ITEM(items, index);
        PyObject *key = PyTuple_GET_ITEM(item, 0);
        status = PyUnicode_Check(key)
                     ? write_field(writer, key, PyTuple_GET_ITEM(item, 1))
                     : glovebox_refuse(writer, PyExc_TypeError, "a field of a %.100s whose name is no str",
                              Py_TYPE(record)->tp_name);
    }
    Py_DECREF(items);
    return status;
}

static int
write_record(Writer *writer, PyObject *value)
{
    PyObject *name = PyObject_GetAttrString(value, "__record_name__");
    PyObject *fields = name == NULL ? NULL : PyObject_GenericGetDict(value, NULL);
    int status = fields == NULL ? -1 : write_fields(writer, value, name, fields);

    Py_XDECREF(name);
    Py_XDECREF(fields);
    return status;
}

/* The fields of a dataclass, as {name: value}; the values are what the instance gives. */
static PyObject *
read_dataclass(PyObject *value, PyObject *declared)
{
    PyObject *module = PyImport_ImportModule("dataclasses");
    PyObject *real = module == NULL ? NULL : PyObject_GetAttrString(module, "_FIELD");
    PyObject *items = real == NULL ? NULL : PyDict_Items(declared);
    PyObject *fields = items == NULL ? NULL : PyDict_New();

    for (Py_ssize_t index = 0; fields != NULL && index < PyList_GET_SIZE(items); index++) {
        PyObject *item = PyList_GET_ITEM(items, index);
        PyObject *name = PyTuple_GET_ITEM(item, 0);
        PyObject *type = PyObject_GetAttrString(PyTuple_GET_ITEM(item, 1), "_field_type");
        int status = type == NULL ? -1 : 0;
        /* The others are ClassVar and InitVar. */
        if (type == real) {
            PyObject *content = PyObject_GetAttr(value, name);
            status = content == NULL ? -1 : PyDict_SetItem(fields, name, content);
            Py_XDECREF(content);
        }
        Py_XDECREF(type);
        if (status < 0) {
            Py_CLEAR(fields);
        }
    }
    Py_XDECREF(module);
    Py_XDECREF(real);
    Py_XDECREF(items);
    return fields;
}

static int
write_dataclass(Writer *writer, PyObject *value, PyObject *declared)
{
    PyObject *fields = read_dataclass(value, declared);
    PyObject *name = fields == NULL ? NULL : PyType_GetName(Py_TYPE(value));
    int status = name == NULL ? -1 : write_fields(writer, value, name, fields);

    Py_XDECREF(name);
    Py_XDECREF(fields);
    return status;
}

static int
write_instance(Writer *writer, PyObject *value)
{
    if (glovebox_is_handle(value)) {
        return write_handle(writer, value);
    }
    int is_datetime = glovebox_is_datetime(value);
    if (is_datetime != 0) {
        return is_datetime < 0 ? -1 : write_datetime(writer, value);
    }
    if (glovebox_record_type != NULL && PyObject_TypeCheck(value, (PyTypeObject *)glovebox_record_type)) {
        return write_record(writer, value);
    }
    PyObject *declared;
    if (PyObject_GetOptionalAttrString((PyObject *)Py_TYPE(value), "__dataclass_fields__", &declared) < 0) {
        return -1;
    }
    if (declared == NULL || !PyDict_Check(declared) || PyType_Check(value)) {
        Py_XDECREF(declared);
        return glovebox_refuse(writer, PyExc_TypeError, "a value of type '%.100s' can't be carried",
                      Py_TYPE(value)->tp_name);
    }
    int status = write_dataclass(writer, value, declared);
    Py_DECREF(declared);
    return status;
}

/* Subclasses of these are taken for what they are below: no code of theirs is asked. */
static int
write_container(Writer *writer, PyObject *value)
{
    if (PyList_Check(value)) {
        return write_list(writer, value);
    }
    if (PyTuple_Check(value)) {
        return write_tuple(writer, value);
    }
    if (PyDict_Check(value)) {
        return write_dict(writer, value);
    }
    if (PyAnySet_Check(value)) {
        return write_set(writer, value);
    }
    return write_instance(writer, value);
}

static int
write_value(Writer *writer, PyObject *value)
{
    if (writer->depth > MOST_DEPTH) {
        return glovebox_refuse(writer, PyExc_ValueError, "nested more than %d deep, or a cycle", MOST_DEPTH);
    }
    if (++writer->values > MOST_VALUES) {
        return glovebox_refuse(writer, PyExc_ValueError, "more than the %d values that can be carried at once",
                      MOST_VALUES);
    }
    if (value == Py_None) {
        return glovebox_write_tag(writer, TAG_NONE);
    }
    if (PyBool_Check(value)) {
        return glovebox_write_tag(writer, value == Py_True ? TAG_TRUE : TAG_FALSE);
    }
    if (PyLong_Check(value)) {
        return glovebox_write_int(writer, value);
    }
    if (PyUnicode_Check(value)) {
        return glovebox_write_text(writer, value);
    }
    if (PyFloat_Check(value)) {
        double number = PyFloat_AS_DOUBLE(value);
        return glovebox_write_scalar(writer, TAG_FLOAT, &number, sizeof number);
    }
    if (PyBytes_Check(value)) {
        return glovebox_write_blob(writer, TAG_BYTES, PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value));
    }
    if (PyByteArray_Check(value)) {
        return glovebox_write_blob(writer, TAG_BYTES, PyByteArray_AS_STRING(value), PyByteArray_GET_SIZE(value));
    }
    if (PyMemoryView_Check(value)) {
        return write_memoryview(writer, value);
    }
    if (Py_EnterRecursiveCall(" while a value was carried") < 0) {
        return -1;
    }
    writer->depth++;
    int status = write_container(writer, value);
    writer->depth--;
    Py_LeaveRecursiveCall();
    return status;
}

PyObject *
glovebox_dumps_within(PyObject *value, Py_ssize_t most_bytes)
{
    Writer writer = {
        .bytes = PyBytes_FromStringAndSize(NULL, 256),
        .most_bytes = Py_MIN(most_bytes, GLOVEBOX_MOST_BYTES),
    };
    if (writer.bytes == NULL) {
        return NULL;
    }
    if (write_value(&writer, value) < 0) {
        Py_CLEAR(writer.bytes);
        if (writer.problem != NULL) {
            glovebox_raise_refusal(&writer, value);
        }
    }
    else {
        _PyBytes_Resize(&writer.bytes, writer.used);
    }
    Py_XDECREF(writer.problem);
    Py_XDECREF(writer.steps);
    return writer.bytes;
}

PyObject *
glovebox_dumps(PyObject *value)
{
    return glovebox_dumps_within(value, GLOVEBOX_MOST_BYTES);
}
