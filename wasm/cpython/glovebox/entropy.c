#include "entropy.h"

#include <unistd.h>

/* All that one host call gives. */
#define SEED_BYTES 256

PyDoc_STRVAR(seed_when_woken_doc,
"seed_when_woken(seed)\n--\n\n"
"Call seed(number) with a number of the host's in each guest that wakes from the image of this one.");

/* Called without any Python code: guests wake sooner, as a page that sees its first one has compiled nothing yet. */
static PyObject *seed;

static PyObject *
seed_when_woken(PyObject *module, PyObject *callable)
{
    (void)module;
    Py_XSETREF(seed, Py_NewRef(callable));
    Py_RETURN_NONE;
}

int
glovebox_seed(void)
{
    unsigned char bytes[SEED_BYTES];

    if (seed == NULL) {
        return 0;
    }
    if (getentropy(bytes, sizeof bytes) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    PyObject *number = PyLong_FromUnsignedNativeBytes(bytes, sizeof bytes, Py_ASNATIVEBYTES_LITTLE_ENDIAN);
    PyObject *result = number == NULL ? NULL : PyObject_CallOneArg(seed, number);
    Py_XDECREF(number);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static PyMethodDef functions[] = {
    {"seed_when_woken", seed_when_woken, METH_O, seed_when_woken_doc},
    {NULL, NULL, 0, NULL},
};

int
glovebox_add_entropy(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
