/* Loading a module's code so that there is no doubt where it came from: from the file to the label without any
 * Python in between that a program could have put something else in the place of. Whoever may call it gets nothing
 * by it but a file's own code under that file's own name. */
#include "origin.h"

#include <fcntl.h>
#include <marshal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pycore_fileutils.h"
#include "pycore_import.h"

#define CACHE_TAG ".cpython-313.pyc"
#define HEADER_BYTES 16
#define UNCHECKED_HASH 1

static uint32_t
word_at(const char *bytes, int index)
{
    uint32_t word;
    memcpy(&word, bytes + index * sizeof(word), sizeof(word));
    return word;
}

/* The whole file, or NULL: then without an exception if it can't be opened. */
static PyObject *
read_file(const char *path)
{
    struct _Py_stat_struct status;
    int file = _Py_open_noraise(path, O_RDONLY);
    if (file < 0) {
        return NULL;
    }
    PyObject *content = NULL;
    if (_Py_fstat_noraise(file, &status) == 0 && S_ISREG(status.st_mode)) {
        content = PyBytes_FromStringAndSize(NULL, status.st_size);
        Py_ssize_t used = 0;
        while (content != NULL && used < status.st_size) {
            Py_ssize_t count = _Py_read(file, PyBytes_AS_STRING(content) + used, status.st_size - used);
            if (count <= 0) {
                Py_CLEAR(content);
                break;
            }
            used += count;
        }
    }
    close(file);
    return content;
}

/* Bytecode, if it is there and good; or NULL without an exception. */
static PyObject *
load_bytecode(PyObject *path, const char *source_path)
{
    char name[1024];
    const char *base = strrchr(source_path, '/') + 1;
    int length = snprintf(name, sizeof(name), "%.*s__pycache__/%.*s%s", (int)(base - source_path), source_path,
                          (int)(strlen(base) - strlen(".py")), base, CACHE_TAG);
    PyObject *content = length < (int)sizeof(name) ? read_file(name) : NULL, *code = NULL;

    if (content != NULL && PyBytes_GET_SIZE(content) > HEADER_BYTES) {
        const char *header = PyBytes_AS_STRING(content);
        struct stat status;
        int is_good = word_at(header, 0) == (uint32_t)PyImport_GetMagicNumber();
        if (is_good && word_at(header, 1) == 0) {
            is_good = stat(source_path, &status) == 0 && word_at(header, 2) == (uint32_t)status.st_mtime &&
                      word_at(header, 3) == (uint32_t)status.st_size;
        }
        else {
            is_good = is_good && word_at(header, 1) == UNCHECKED_HASH;
        }
        if (is_good) {
            code = PyMarshal_ReadObjectFromString(header + HEADER_BYTES, PyBytes_GET_SIZE(content) - HEADER_BYTES);
        }
        if (code != NULL &&
            !(PyCode_Check(code) && PyUnicode_Compare(((PyCodeObject *)code)->co_filename, path) == 0)) {
            Py_CLEAR(code);
        }
    }
    Py_XDECREF(content);
    PyErr_Clear();
    return code;
}

static PyObject *
load_source(PyObject *path, const char *source_path)
{
    PyObject *content = read_file(source_path), *code = NULL;
    if (content == NULL) {
        return NULL;
    }
    if (strlen(PyBytes_AS_STRING(content)) == (size_t)PyBytes_GET_SIZE(content) &&
        PySys_Audit("compile", "OO", content, path) == 0) {
        PyCompilerFlags flags = {.cf_flags = 0, .cf_feature_version = PY_MINOR_VERSION};
        code = Py_CompileStringObject(PyBytes_AS_STRING(content), path, Py_file_input, &flags, -1);
    }
    Py_DECREF(content);
    return code;
}

/* (name, path) -> code, or None where the ordinary way has to be gone. */
PyObject *
_Py_OriginLoad(PyObject *module, PyObject *arguments)
{
    (void)module;
    PyObject *name, *path;
    if (!PyArg_ParseTuple(arguments, "OO", &name, &path)) {
        return NULL;
    }
    const char *name_text = PyUnicode_CheckExact(name) ? PyUnicode_AsUTF8(name) : NULL;
    const char *path_text = name_text != NULL && PyUnicode_CheckExact(path) ? PyUnicode_AsUTF8(path) : NULL;
    int label = path_text == NULL ? -1 : origin_label_of_file(name_text, path_text);
    if (label < 0) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    PyObject *code = load_bytecode(path, path_text);
    if (code == NULL) {
        code = load_source(path, path_text);
    }
    if (code == NULL) {
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    }
    origin_label_code(code, label);
    return code;
}
