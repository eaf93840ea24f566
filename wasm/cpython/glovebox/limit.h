/* A run's limits, as the program meets them: an exception in time to clean up. */
#ifndef GLOVEBOX_LIMIT_H
#define GLOVEBOX_LIMIT_H

#include <Python.h>

/* TimeLimitExceeded, once the module has been imported. Borrowed. */
extern PyObject *glovebox_time_limit_exceeded;

extern PyMethodDef glovebox_raise_limit_method;

/* Makes the exception and gives the module its name. 0, or -1 with an exception set. */
int glovebox_add_limits(PyObject *module);

/* Has the host's signals for limits raise it. 0, or -1 with an exception set. */
int glovebox_handle_limits(PyObject *module);

#endif
