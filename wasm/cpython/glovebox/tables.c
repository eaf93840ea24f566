/* Brings the tables of a module from the library when it is first imported. The linker puts these in the place of the
 * modules' own beginnings. */
#include "tables.h"

#include <Python.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define TEXT_OF(macro) TEXT(macro)
#define TEXT(text) #text
#define FOLDER "/usr/lib/python" TEXT_OF(PY_MAJOR_VERSION) "." TEXT_OF(PY_MINOR_VERSION) "/lib-dynload/"

#define INDEX(name) INDEX_##name,
enum { GLOVEBOX_TABLES(INDEX) COUNT };

/* Not among what the module makes zero when it starts: the build's notes are there before. */
__attribute__((section(".data.glovebox_tables"))) struct table glovebox_tables[COUNT];

/* Fewer bytes than that: the file is too short. Negative: see errno. */
static ptrdiff_t read_whole(const char *path, unsigned char *buffer, size_t length) {
    int fd = open(path, O_RDONLY);
    if (fd < 0) return -1;
    size_t filled = 0;
    ptrdiff_t size;
    do {
        size = read(fd, buffer + filled, length - filled);
        if (size > 0) filled += (size_t)size;
    } while (size > 0 && filled < length);
    int error = errno;
    close(fd);
    errno = error;
    return size < 0 ? -1 : (ptrdiff_t)filled;
}

static int fetch(struct table *table, const char *name) {
    if (table->length == 0) return 1;
    char path[sizeof(FOLDER) + 64];
    snprintf(path, sizeof(path), FOLDER "%s.tables", name);
    ptrdiff_t length = read_whole(path, table->start, table->length);
    if (length == (ptrdiff_t)table->length) {
        table->length = 0;
        return 1;
    }
    const char *reason = length < 0 ? strerror(errno) : "it is too short";
    PyErr_Format(PyExc_ImportError, "%s needs %s, which can't be read: %s", name, path, reason);
    return 0;
}

#define BEGINNING(name) \
    PyObject *__real_PyInit_##name(void); \
    PyObject *__wrap_PyInit_##name(void); \
    PyObject *__wrap_PyInit_##name(void) { \
        return fetch(&glovebox_tables[INDEX_##name], #name) ? __real_PyInit_##name() : NULL; \
    }
GLOVEBOX_TABLES(BEGINNING)
