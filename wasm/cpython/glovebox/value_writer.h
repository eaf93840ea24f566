/* What a message is written with: bytes that grow, and the way to what can't be carried. */
#ifndef GLOVEBOX_VALUE_WRITER_H
#define GLOVEBOX_VALUE_WRITER_H

#include <Python.h>
#include <stdint.h>

typedef struct {
    /* Longer than what is written; NULL once there is no memory. */
    PyObject *bytes;
    Py_ssize_t used;
    Py_ssize_t most_bytes;
    Py_ssize_t values;
    int depth;
    /* What can't be carried, and the type of the exception that says so (borrowed). Where this is NULL, a failure
     * is an exception that is set already. */
    PyObject *problem;
    PyObject *problem_type;
    /* The way to it, from the inside out. */
    PyObject *steps;
} Writer;

/* All of these return 0, or -1: for what has been refused, or with an exception set. */

/* Room for so many bytes more. */
int glovebox_reserve(Writer *writer, Py_ssize_t more);

/* The next ones, for which there is room. */
uint8_t *glovebox_next_bytes(Writer *writer, Py_ssize_t count);

int glovebox_write_tag(Writer *writer, uint8_t tag);

/* A tag with `size` bytes behind it, which are as they lie in memory: little-endian. */
int glovebox_write_scalar(Writer *writer, uint8_t tag, const void *bytes, Py_ssize_t size);

/* A tag with a size of 32 bits behind it. */
int glovebox_write_size(Writer *writer, uint8_t tag, Py_ssize_t size);
int glovebox_write_blob(Writer *writer, uint8_t tag, const void *bytes, Py_ssize_t size);
int glovebox_write_text(Writer *writer, PyObject *text);
int glovebox_write_int(Writer *writer, PyObject *value);

/* Has the value refused by an exception of that type. Always -1, as are those that follow. */
int glovebox_refuse(Writer *writer, PyObject *type, const char *format, ...);

/* Each notes a step of the way to what was refused, from the inside out. */
int glovebox_failed_at_index(Writer *writer, Py_ssize_t index);
int glovebox_failed_inside(Writer *writer, const char *what);
int glovebox_failed_at_field(Writer *writer, PyObject *name);
int glovebox_failed_at_key(Writer *writer, PyObject *key);

/* Raises what was refused, told from the root on. */
void glovebox_raise_refusal(Writer *writer, PyObject *root);

#endif
