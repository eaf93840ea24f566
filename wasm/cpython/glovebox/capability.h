/* What the guest asks of the page's capabilities. */
#ifndef GLOVEBOX_CAPABILITY_H
#define GLOVEBOX_CAPABILITY_H

#include <Python.h>

/* Gives the module ask. 0, or -1 with an exception set. */
int glovebox_add_capabilities(PyObject *module);

#endif
