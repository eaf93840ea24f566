#include "limit.h"

#include <signal.h>

PyObject *glovebox_time_limit_exceeded;

PyDoc_STRVAR(time_limit_exceeded_doc,
"A limit of this run was reached. Not an Exception, so that only code that\n"
"means to catch everything catches it; soon after, the interpreter is ended.");

PyDoc_STRVAR(raise_limit_doc,
"raise_limit(signal, frame)\n--\n\n"
"Raise TimeLimitExceeded: the handler of the signals that stand for limits.");

static PyObject *
raise_limit(PyObject *module, PyObject *arguments)
{
    (void)module;
    int number;
    PyObject *frame;
    if (!PyArg_ParseTuple(arguments, "iO:raise_limit", &number, &frame)) {
        return NULL;
    }
    PyErr_SetString(glovebox_time_limit_exceeded,
                    number == SIGXFSZ ? "this run has printed all that it may"
                                      : "this run has used up its time");
    return NULL;
}

PyMethodDef glovebox_raise_limit_method = {
    "raise_limit", raise_limit, METH_VARARGS, raise_limit_doc,
};

int
glovebox_add_limits(PyObject *module)
{
    glovebox_time_limit_exceeded = PyErr_NewExceptionWithDoc(
        "glovebox.TimeLimitExceeded", time_limit_exceeded_doc, PyExc_BaseException, NULL);
    if (glovebox_time_limit_exceeded == NULL) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "TimeLimitExceeded", glovebox_time_limit_exceeded);
}

int
glovebox_handle_limits(PyObject *module)
{
    static const int signals[] = {SIGXCPU, SIGXFSZ};
    PyObject *handler = PyObject_GetAttrString(module, glovebox_raise_limit_method.ml_name);
    PyObject *signal_module = handler == NULL ? NULL : PyImport_ImportModule("_signal");
    int status = signal_module == NULL ? -1 : 0;

    for (size_t index = 0; status == 0 && index < Py_ARRAY_LENGTH(signals); index++) {
        PyObject *before = PyObject_CallMethod(signal_module, "signal", "iO", signals[index], handler);
        status = before == NULL ? -1 : 0;
        Py_XDECREF(before);
    }
    Py_XDECREF(signal_module);
    Py_XDECREF(handler);
    return status;
}
