/* The origin policy: code is labelled with the module that it came from, and a restricted extent says which
 * modules' code may run. What the interpreter calls of it stands in pycore_origin.h, see
 * 0006-origin-policy.patch.
 *
 * A label is a small number. It stands for a module's name, or for a set of them: code that is made at run time
 * has every maker that it had. Nothing of it is an object that a program could get hold of. */
#ifndef GLOVEBOX_ORIGIN_H
#define GLOVEBOX_ORIGIN_H

#define Py_BUILD_CORE 1
#include <Python.h>

#include "pycore_origin.h"

/* So many labels at most; where no more are left, code is labelled UNKNOWN, which no extent allows. */
#define LABELS 4096

enum {
    /* The language's own functions and types: always allowed. */
    LABEL_LANGUAGE,
    LABEL_UNKNOWN,
    /* `__main__`: whatever is made while no module's code is running. */
    LABEL_MAIN,
    LABELS_GIVEN,
};

/* The label of a module's name; `length` bytes of UTF-8. */
int origin_label_of_name(const char *name, size_t length);

/* The names that a label stands for: `count` labels of single names. */
typedef struct {
    int count;
    const unsigned short *labels;
} origin_parts;
origin_parts origin_parts_of(int label);
const char *origin_name_of(int label);

/* The label of a module's code out of the file `path`, or -1 where the file can't be that module's. */
int origin_label_of_file(const char *name, const char *path);

/* Labels code and all the code in it. */
void origin_label_code(PyObject *code, int label);

/* Of a C function or a method, and of what a type has from C; the latter is one of possibly several. */
int origin_label_of_callable(PyObject *callable);
int origin_label_of_type(PyTypeObject *type);
/* The nearest base, or the type itself, that is written in C. */
PyTypeObject *origin_native_base(PyTypeObject *type);

/* What one `restrict` says. Never freed: there is one of each content. */
typedef struct origin_policy origin_policy;
/* `deny` and `allow` are sequences of str; `allow` may be None. NULL with an exception. */
origin_policy *origin_policy_of(PyObject *deny, PyObject *allow);

/* Tables as _Py_origin_allowed is one. NULL is the one that allows everything; each set of policies has one
 * table, which lasts. -1 with an exception. */
int origin_narrow(const unsigned char **allowed, origin_policy *policy);
int origin_join(const unsigned char **allowed, const unsigned char *other);
/* Whether what the table stands for allows the label. If not, `*culprit` is the single name's. */
int origin_allows(const unsigned char *allowed, int label, int *culprit);
int origin_policy_allows(const origin_policy *policy, int label);

/* Raises PolicyError for `frame`, or for a C function of that name where there is none. */
void origin_refuse(int culprit, _PyInterpreterFrame *frame, const char *function);

/* Whether the frame has entered an extent that does not allow the label. */
int origin_frame_refuses(_PyInterpreterFrame *frame, int label);
/* The innermost frame that runs Python code, or NULL. */
_PyInterpreterFrame *origin_innermost_frame(void);

/* Adds `restrict` and `PolicyError`. 0, or -1 with an exception. */
int glovebox_add_origin(PyObject *module);
int origin_add_extents(PyObject *module);

/* At the beginning of a turn: nothing is restricted. */
void glovebox_origin_begin(void);

#endif
