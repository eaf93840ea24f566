/* The built-in module _glovebox: what our Python asks of our C. */
#include "module.h"

#include <errno.h>

#include "capability.h"
#include "entropy.h"
#include "handle.h"
#include "limit.h"
#include "origin.h"
#include "value.h"
#include "wait.h"

PyDoc_STRVAR(wait_doc,
"wait(seconds)\n--\n\n"
"Wait in the host. Unlike time.sleep it also returns, early, after a signal handler has run.");

static PyObject *
wait_seconds(PyObject *module, PyObject *argument)
{
    (void)module;
    PyTime_t nanoseconds;
    double seconds = PyFloat_AsDouble(argument);
    if (seconds == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    if (!(seconds >= 0.0)) {
        PyErr_SetString(PyExc_ValueError, "wait length must be non-negative");
        return NULL;
    }
    nanoseconds = seconds >= 9e9 ? PyTime_MAX : (PyTime_t)(seconds * 1e9);

    int error = glovebox_wait((uint64_t)nanoseconds);
    if (error == EINTR) {
        errno = EINTR;
        if (PyErr_CheckSignals() < 0) {
            return NULL;
        }
    }
    else if (error != 0) {
        errno = error;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"wait", wait_seconds, METH_O, wait_doc},
    {NULL, NULL, 0, NULL},
};

static int
fill_module(PyObject *module)
{
    if (glovebox_add_limits(module) < 0 || glovebox_add_handles(module) < 0 ||
        glovebox_add_values(module) < 0 || glovebox_add_capabilities(module) < 0 ||
        glovebox_add_origin(module) < 0 || glovebox_add_entropy(module) < 0) {
        return -1;
    }
    PyObject *handler = PyCFunction_New(&glovebox_raise_limit_method, module);
    int status = PyModule_AddObjectRef(module, glovebox_raise_limit_method.ml_name, handler);
    Py_XDECREF(handler);
    return status;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill_module},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_glovebox",
    .m_doc = PyDoc_STR("The interpreter's side of the glovebox."),
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__glovebox(void)
{
    return PyModuleDef_Init(&definition);
}
