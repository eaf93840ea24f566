/* Numbers of its own for each guest that wakes from one image. */
#ifndef GLOVEBOX_ENTROPY_H
#define GLOVEBOX_ENTROPY_H

#include <Python.h>

/* Gives the module its function. 0, or -1 with an exception set. */
int glovebox_add_entropy(PyObject *module);

/* Seeds what the image was prepared with. 0, or -1 with an exception set. */
int glovebox_seed(void);

#endif
