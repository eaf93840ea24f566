/* The codec as _glovebox has it for Python. */
#include "value.h"
#include "value_format.h"

PyDoc_STRVAR(dumps_doc,
"dumps(value, most_bytes=67108864, /)\n--\n\n"
"The value as bytes, as many as that at most. TypeError or ValueError for what can't be carried.");

static PyObject *
dumps(PyObject *module, PyObject *arguments)
{
    (void)module;
    PyObject *value;
    Py_ssize_t most_bytes = GLOVEBOX_MOST_BYTES;
    if (!PyArg_ParseTuple(arguments, "O|n:dumps", &value, &most_bytes)) {
        return NULL;
    }
    return glovebox_dumps_within(value, most_bytes);
}

PyDoc_STRVAR(loads_doc,
"loads(bytes, /)\n--\n\n"
"The value that dumps, or the host, has made these bytes of. ValueError if it was neither.");

static PyObject *
loads(PyObject *module, PyObject *argument)
{
    (void)module;
    Py_buffer view;
    if (PyObject_GetBuffer(argument, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *value = glovebox_loads(view.buf, view.len);
    PyBuffer_Release(&view);
    return value;
}

static PyMethodDef methods[] = {
    {"dumps", dumps, METH_VARARGS, dumps_doc},
    {"loads", loads, METH_O, loads_doc},
    {NULL, NULL, 0, NULL},
};

int
glovebox_add_values(PyObject *module)
{
    return PyModule_AddFunctions(module, methods);
}

int
glovebox_prepare_values(void)
{
    PyObject *module = PyImport_ImportModule("glovebox._values");
    if (module != NULL) {
        glovebox_record_type = PyObject_GetAttrString(module, "Record");
        Py_DECREF(module);
    }
    return glovebox_record_type == NULL ? -1 : 0;
}
