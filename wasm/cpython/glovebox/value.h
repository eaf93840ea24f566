/* Values between guest and host: marshal's format, version 2, with three tags of our own. What is carried and
 * how it is written stands in docs/values.md. */
#ifndef GLOVEBOX_VALUE_H
#define GLOVEBOX_VALUE_H

#include <Python.h>
#include <stdint.h>

#define GLOVEBOX_MOST_BYTES ((Py_ssize_t)64 << 20)

/* The value as bytes. What can't be carried is a TypeError (a type) or a ValueError (a limit, a cycle) that says
 * where it is; what the program's own code raises meanwhile is let through. */
PyObject *glovebox_dumps(PyObject *value);
PyObject *glovebox_dumps_within(PyObject *value, Py_ssize_t most_bytes);

/* A new value. ValueError for bytes that are no value, TypeError for one that Python can't hash where it has to. */
PyObject *glovebox_loads(const uint8_t *bytes, Py_ssize_t size);

/* Gives the module dumps and loads. 0, or -1 with an exception set. */
int glovebox_add_values(PyObject *module);

/* Remembers glovebox.Record before any program can put something in its place. 0, or -1 with an exception set. */
int glovebox_prepare_values(void);

#endif
