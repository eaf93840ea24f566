/* The labels: names of modules, sets of them, and who makes code. */
#include "origin.h"

#include <string.h>

#include "pycore_pystate.h"
#include "stdlib_module_names.h"

/* More makers than this and nobody knows any more whose the code is. */
#define MOST_PARTS 16
#define BUCKETS (2 * LABELS)

#define LIBRARY "/usr/lib/python3.13"

typedef struct {
    /* NULL for a set. */
    const char *name;
    /* Where files of this top-level module lie: the first that was loaded decides. */
    const char *root;
    const unsigned short *parts;
    unsigned char count;
    /* Makes code out of what others bring: its code's makers are those as well. */
    unsigned char is_library;
    /* Brings no code of its own into what it makes: only those others are. */
    unsigned char is_carrier;
} label_entry;

static label_entry entries[LABELS] = {
    [LABEL_LANGUAGE] = {.name = "builtins", .is_library = 1, .is_carrier = 1},
    [LABEL_UNKNOWN] = {.name = "?"},
    [LABEL_MAIN] = {.name = "__main__"},
};
static int entry_count = LABELS_GIVEN;
static unsigned short buckets[BUCKETS];

/* Theirs is the code that other modules, or the program itself, are loaded and run with. */
static const char *const carriers[] = {
    "_frozen_importlib", "_frozen_importlib_external", "code", "codeop", "glovebox", "importlib", "runpy",
    "zipimport",
};

static size_t
top_length(const char *name, size_t length)
{
    const char *dot = memchr(name, '.', length);
    return dot == NULL ? length : (size_t)(dot - name);
}

static int
is_one_of(const char *const *names, size_t count, const char *name, size_t length)
{
    for (size_t index = 0; index < count; index++) {
        if (strncmp(names[index], name, length) == 0 && names[index][length] == '\0') {
            return 1;
        }
    }
    return 0;
}

static int
is_carrier(const char *name, size_t length)
{
    return is_one_of(carriers, Py_ARRAY_LENGTH(carriers), name, top_length(name, length));
}

static int
is_library(const char *name, size_t length)
{
    const char *const *names = (const char *const *)_Py_stdlib_module_names;
    return is_carrier(name, length) ||
           is_one_of(names, Py_ARRAY_LENGTH(_Py_stdlib_module_names), name, top_length(name, length));
}

static unsigned
hash_bytes(const void *bytes, size_t length)
{
    unsigned hash = 2166136261u;
    for (size_t index = 0; index < length; index++) {
        hash = (hash ^ ((const unsigned char *)bytes)[index]) * 16777619u;
    }
    return hash;
}

static char *
copy_bytes(const void *bytes, size_t length)
{
    char *copy = PyMem_RawMalloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, bytes, length);
        copy[length] = '\0';
    }
    return copy;
}

static int
is_entry(const label_entry *entry, const char *name, const unsigned short *parts, size_t size)
{
    if (name != NULL) {
        return entry->name != NULL && strncmp(entry->name, name, size) == 0 && entry->name[size] == '\0';
    }
    return entry->name == NULL && entry->count * sizeof(*parts) == size && memcmp(entry->parts, parts, size) == 0;
}

/* The label with this name, or else with these parts; `size` in bytes. */
static int
intern(const char *name, const unsigned short *parts, size_t size)
{
    unsigned place = hash_bytes(name != NULL ? (const void *)name : parts, size) % BUCKETS;
    for (; buckets[place] != 0; place = (place + 1) % BUCKETS) {
        if (is_entry(&entries[buckets[place]], name, parts, size)) {
            return buckets[place];
        }
    }
    char *copy = entry_count == LABELS ? NULL : copy_bytes(name != NULL ? (const void *)name : parts, size);
    if (copy == NULL) {
        return LABEL_UNKNOWN;
    }
    label_entry *entry = &entries[entry_count];
    if (name != NULL) {
        entry->name = copy;
        entry->is_library = is_library(name, size);
        entry->is_carrier = is_carrier(name, size);
    }
    else {
        entry->parts = (const unsigned short *)copy;
        entry->count = size / sizeof(*parts);
        entry->is_library = entry->is_carrier = 1;
        for (int index = 0; index < entry->count; index++) {
            entry->is_library &= entries[parts[index]].is_library;
            entry->is_carrier &= entries[parts[index]].is_carrier;
        }
    }
    buckets[place] = entry_count;
    return entry_count++;
}

int
origin_label_of_name(const char *name, size_t length)
{
    for (int label = 0; label < LABELS_GIVEN; label++) {
        if (is_entry(&entries[label], name, NULL, length)) {
            return label;
        }
    }
    return intern(name, NULL, length);
}

const char *
origin_name_of(int label)
{
    return entries[label].name;
}

origin_parts
origin_parts_of(int label)
{
    static unsigned short itself[LABELS];

    if (entries[label].name == NULL) {
        return (origin_parts){entries[label].count, entries[label].parts};
    }
    itself[label] = label;
    return (origin_parts){1, &itself[label]};
}

int
_Py_OriginJoin(int label, int other)
{
    unsigned short parts[MOST_PARTS];
    int count = 0;

    if (label == other || other == LABEL_LANGUAGE) {
        return label;
    }
    if (label == LABEL_LANGUAGE) {
        return other;
    }
    if (label == LABEL_UNKNOWN || other == LABEL_UNKNOWN) {
        return LABEL_UNKNOWN;
    }
    origin_parts a = origin_parts_of(label), b = origin_parts_of(other);
    int i = 0, j = 0;
    while (i < a.count || j < b.count) {
        if (count == MOST_PARTS) {
            return LABEL_UNKNOWN;
        }
        int from_a = j == b.count || (i < a.count && a.labels[i] <= b.labels[j]);
        int part = from_a ? a.labels[i] : b.labels[j];
        i += i < a.count && a.labels[i] == part;
        j += j < b.count && b.labels[j] == part;
        parts[count++] = part;
    }
    return count == 1 ? parts[0] : intern(NULL, parts, count * sizeof(*parts));
}

_PyInterpreterFrame *
origin_innermost_frame(void)
{
    PyThreadState *thread = _PyThreadState_GET();
    _PyInterpreterFrame *frame = thread == NULL ? NULL : thread->current_frame;
    while (frame != NULL && frame->owner == FRAME_OWNED_BY_CSTACK) {
        frame = frame->previous;
    }
    return frame;
}

static int
label_of_frame(_PyInterpreterFrame *frame)
{
    int label = ((PyCodeObject *)frame->f_executable)->co_origin;
    if (PyFunction_Check(frame->f_funcobj)) {
        label = _Py_OriginJoin(label, ((PyFunctionObject *)frame->f_funcobj)->func_origin);
    }
    return label;
}

/* The innermost module; and where that is one of the standard library, which makes code out of what others bring
 * it, the innermost other one as well. */
int
_Py_OriginMaker(void)
{
    int maker = LABEL_LANGUAGE;

    for (_PyInterpreterFrame *frame = origin_innermost_frame(); frame != NULL; frame = frame->previous) {
        if (frame->owner == FRAME_OWNED_BY_CSTACK) {
            continue;
        }
        int label = label_of_frame(frame);
        if (!entries[label].is_library) {
            return _Py_OriginJoin(maker, label);
        }
        if (!entries[label].is_carrier && maker == LABEL_LANGUAGE) {
            maker = label;
        }
    }
    return _Py_OriginJoin(maker, LABEL_MAIN);
}

/* Executing a module's code is how it comes to life. Done by anybody but the loader or ourselves, it is that
 * somebody's act: with names of its choice, and perhaps with code that it took from elsewhere. */
int
_Py_OriginExecutor(void)
{
    static int loader;

    if (loader == 0) {
        loader = origin_label_of_name("_frozen_importlib", strlen("_frozen_importlib"));
    }
    _PyInterpreterFrame *frame = origin_innermost_frame();
    return frame == NULL || label_of_frame(frame) == loader ? LABEL_LANGUAGE : _Py_OriginMaker();
}

int
origin_label_of_file(const char *name, const char *path)
{
    size_t length = strlen(name), top = top_length(name, length), size = strlen(path);
    char tail[512];

    if (path[0] != '/' || strstr(path, "/./") || strstr(path, "/../") || strstr(path, "//") ||
        length + sizeof("//__init__.py") > sizeof(tail)) {
        return -1;
    }
    int given = snprintf(tail, sizeof(tail), "/%s", name);
    for (char *dot = tail; (dot = strchr(dot, '.')) != NULL;) {
        *dot = '/';
    }
    static const char *const ends[] = {".py", "/__init__.py"};
    size_t root = 0;
    for (size_t index = 0; index < Py_ARRAY_LENGTH(ends); index++) {
        strcpy(tail + given, ends[index]);
        size_t tail_size = strlen(tail);
        if (size >= tail_size && strcmp(path + size - tail_size, tail) == 0) {
            root = size - tail_size;
            break;
        }
        if (index + 1 == Py_ARRAY_LENGTH(ends)) {
            return -1;
        }
    }
    if (is_library(name, length)) {
        int is_there = root == strlen(LIBRARY) && memcmp(path, LIBRARY, root) == 0;
        return is_there ? origin_label_of_name(name, length) : -1;
    }
    int first = origin_label_of_name(name, top);
    if (first < LABELS_GIVEN) {
        return first == LABEL_UNKNOWN ? first : -1;
    }
    label_entry *entry = &entries[first];
    if (entry->root == NULL) {
        entry->root = copy_bytes(path, root);
    }
    if (entry->root == NULL || strncmp(entry->root, path, root) != 0 || entry->root[root] != '\0') {
        return -1;
    }
    return origin_label_of_name(name, length);
}

void
origin_label_code(PyObject *object, int label)
{
    PyCodeObject *code = (PyCodeObject *)object;
    code->co_origin = label;
    for (Py_ssize_t index = 0; index < PyTuple_GET_SIZE(code->co_consts); index++) {
        PyObject *constant = PyTuple_GET_ITEM(code->co_consts, index);
        if (PyCode_Check(constant)) {
            origin_label_code(constant, label);
        }
    }
}

void
_Py_OriginLabelFrozen(PyObject *code, PyObject *name)
{
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(name, &length);
    if (text == NULL) {
        PyErr_Clear();
        return;
    }
    origin_label_code(code, origin_label_of_name(text, length));
}
