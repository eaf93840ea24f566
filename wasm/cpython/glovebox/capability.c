#include "capability.h"

#include <errno.h>

#include "handle.h"
#include "host.h"
#include "value.h"

/* What one host call moves. */
#define MESSAGE_BYTES (1 << 20)

/* Most answers are short. */
#define SHORT_BYTES 4096

/* Counts messages: what a signal handler asks takes the place of what was asked before. */
static uint32_t messages;

PyDoc_STRVAR(ask_doc,
"ask(kind, subject, member, argument)\n--\n\n"
"What the page answers: [True, value], or [False, code, message].");

static PyObject *
encode(PyObject *const *arguments, Py_ssize_t count)
{
    PyObject *request = PyList_New(0);
    PyObject *message = NULL;

    for (Py_ssize_t index = 0; request != NULL && index < count; index++) {
        if (PyList_Append(request, arguments[index]) < 0) {
            Py_CLEAR(request);
        }
    }
    PyObject *released = request == NULL ? NULL : glovebox_take_released();
    if (released != NULL && PyList_Append(request, released) == 0) {
        message = glovebox_dumps(request);
    }
    Py_XDECREF(released);
    Py_XDECREF(request);
    if (message != NULL && PyBytes_GET_SIZE(message) > MESSAGE_BYTES) {
        PyErr_Format(PyExc_ValueError, "the arguments have %zd bytes, %d may travel",
                     PyBytes_GET_SIZE(message), MESSAGE_BYTES);
        Py_CLEAR(message);
    }
    return message;
}

/* Waits until the whole answer is there. A signal handler may run meanwhile, and end the wait by raising. */
static PyObject *
await_answer(int32_t error, uint8_t *buffer, uint32_t room, uint32_t *size)
{
    uint8_t *large = NULL;
    PyObject *answer = NULL;
    uint32_t message = ++messages;

    while (error == EINTR || (error == 0 && *size == 0)) {
        if (error == EINTR) {
            errno = EINTR;
            if (PyErr_CheckSignals() < 0) {
                goto done;
            }
            if (messages != message) {
                PyErr_SetString(PyExc_RuntimeError, "a signal handler asked for something else meanwhile");
                goto done;
            }
        }
        else if (large == NULL) {
            room = MESSAGE_BYTES;
            buffer = large = PyMem_RawMalloc(room);
            if (large == NULL) {
                PyErr_NoMemory();
                goto done;
            }
        }
        else {
            error = EIO;
            break;
        }
        error = host_capability_rest(buffer, room, size);
    }
    if (error != 0 || *size > room) {
        errno = error == 0 ? EIO : error;
        PyErr_SetFromErrno(PyExc_OSError);
    }
    else {
        answer = glovebox_loads(buffer, *size);
    }
done:
    PyMem_RawFree(large);
    return answer;
}

static PyObject *
ask(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    (void)module;
    uint8_t buffer[SHORT_BYTES];
    uint32_t size = 0;

    if (count != 4) {
        PyErr_Format(PyExc_TypeError, "ask() takes 4 arguments, %zd given", count);
        return NULL;
    }
    PyObject *message = encode(arguments, count);
    if (message == NULL) {
        return NULL;
    }
    int32_t error = host_capability_call((const uint8_t *)PyBytes_AS_STRING(message),
                                         (uint32_t)PyBytes_GET_SIZE(message), buffer,
                                         sizeof(buffer), &size);
    Py_DECREF(message);
    return await_answer(error, buffer, sizeof(buffer), &size);
}

static PyMethodDef functions[] = {
    {"ask", (PyCFunction)(void (*)(void))ask, METH_FASTCALL, ask_doc},
    {NULL, NULL, 0, NULL},
};

int
glovebox_add_capabilities(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
